"""A district in October, with two departments whose matters went differently."""

import datetime as dt

import pytest

from bihuan.analytics.scoreboard import selectors, services
from bihuan.analytics.scoreboard.rules import periods
from bihuan.analytics.scoreboard.rules.counting import Index, Level
from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.kernel import clock

OCTOBER = periods.read("2026-10")
THEN = dt.datetime(2026, 10, 12, 9, 0, tzinfo=factories.NOW.tzinfo)
AFTER = dt.datetime(2026, 11, 2, 10, 0, tzinfo=factories.NOW.tzinfo)
DONE = ("accept", "dispatch", "sign", "report_progress", "reply", "verify_start", "verify_close", "confirm")


class House(factories.District):
    """The district, with what tests of figures ask again and again."""

    def done(self, department="housing", *, now=THEN, rating=None, until=None):
        """Return a matter that `department` saw through, rated if asked for."""
        number = self.raised(now=now).number
        for minute, action in enumerate(DONE[:until], start=1):
            body = {"lead": department} if action == "dispatch" else {}
            who = self.liaison(department) if action in ("sign", "report_progress", "reply") else None
            self.act(number, action, now=now + dt.timedelta(minutes=minute), actor=who, **body)
        if rating:
            self.act(number, "rate", now=now + dt.timedelta(minutes=20), process=rating, result=rating)
        return self.fresh(number)

    def board(self, actor=None, *, month=OCTOBER, level=Level.DEPARTMENT, now=AFTER):
        """Return the scoreboard as somebody sees it."""
        who = actor or self.staff("coordinator")
        return selectors.board(region=DISTRICT, month=month, level=level, actor=who, now=now)

    def figure(self, unit, index, **more):
        """Return one figure of the scoreboard."""
        return self.board(**more).line(unit).figures[Index(index)]

    def edition(self, *, audience="public", until="publish"):
        """Return the edition of October, brought as far as `until`."""
        centre, leader = self.staff("coordinator"), self.staff("leader")
        made = services.draft(region=DISTRICT, month=OCTOBER, actor=centre, now=AFTER)
        steps = [("send_for_check", centre, {}), ("publish", leader, {"audience": audience}), ("freeze", leader, {})]
        for place, (action, actor, body) in enumerate(steps):
            if made.state == until:
                break
            now = AFTER + dt.timedelta(days=7 * place, minutes=1)
            made = services.take(edition_id=made.id, action=action, actor=actor, now=now, body=body)
            if action == until:
                break
        return made


@pytest.fixture(scope="module")
def inhabited(shared):
    """The house with its people, made once for all tests of a module."""
    with clock.at(THEN):
        made = House()
        for department in ("housing", "water", "tax"):
            made.liaison(department)
        for role in ("seat", "coordinator", "leader", "supervision_office", "system_admin"):
            made.staff(role)
        assert made.owner
        assert made.stranger
    return made


@pytest.fixture(scope="module")
def lived_in(inhabited):
    """Twelve matters of one department, six rated badly; two of another."""
    with clock.at(THEN):
        for place in range(12):
            inhabited.done("housing", rating=1 if place % 2 else None)
        for _ in range(2):
            inhabited.done("water", rating=5)
    return inhabited


@pytest.fixture
def house(db, inhabited):
    """The house; what a test does in it is gone after the test."""
    with clock.at(AFTER):
        yield inhabited.twin()


@pytest.fixture
def month(db, lived_in):
    """The house after October."""
    with clock.at(AFTER):
        yield lived_in.twin()
