"""A district with people who look back, and the way of a closed case through its retrospective."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.retrospectives import selectors, services
from bihuan.mechanisms.retrospectives.models import Retrospective

HOUR = dt.timedelta(hours=1)
LATER = NOW + dt.timedelta(days=1)
CLOSING = ("accept", "dispatch", "sign", "submit_plan", "reply", "verify_close")
KEPT = {"reasonable": "kept", "solvable": "kept", "at_fault": "kept"}
REHEARSED = {"side_effects": ["同类企业要求一并办理", "窗口排队变长"], "touched": ["园区其他企业"]}


class Bench(factories.District):
    """The district, with what tests of retrospectives ask again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.office = self.staff("supervision_office")
        self.leader = self.staff("leader")
        self.centre = self.staff("coordinator")
        self.guest = self.staff("special_supervisor", "professor")

    def rule(self, name: str = "", text: str | None = None) -> None:
        """Put a packaged rulebook in force, or a text."""
        rulebooks.apply(region=DISTRICT, name=name or None, text=text, actor_id=OPERATOR, now=NOW - HOUR)

    def closed(self, *, tier: str = "complex", category: str = "approval", now=NOW, **given):
        """Return a case that went once round the loop."""
        number = self.raised(now=now, **given).number
        for minute, action in enumerate(CLOSING, start=1):
            body = {"tier": tier, "category": category} if action == "accept" else {}
            self.act(number, action, now=now + minute * HOUR / 4, **body)
        return self.fresh(number)

    def of(self, case) -> Retrospective | None:
        """Return the retrospective of a case as stored."""
        with database.writing():
            return Retrospective.objects.filter(case_id=case.id).first()

    def again(self, one) -> Retrospective:
        """Return a retrospective as it now is stored."""
        with database.writing():
            return Retrospective.objects.get(pk=one.id)

    def take(self, one, action: str, *, actor=None, now=LATER, **body) -> Retrospective:
        """Take an action on a retrospective."""
        body = {"text": "三个部门各看一遍图纸"} | body
        return services.take(retrospective_id=one.id, action=action, actor=actor or self.office, now=now, body=body)

    def until(self, one, state: str) -> Retrospective:
        """Bring a retrospective from `opened` on to one of the later states."""
        steps = (
            ("led", "assign", {"leader": "leader"}),
            ("", "find_cause", {"branch": "process", "cause": "多部门重复审图"}),
            ("", "presume", KEPT),
            ("dissected", "dissect", {}),
            ("rehearsed", "rehearse", REHEARSED),
            ("drafted", "draft", {}),
            ("submitted", "submit", {}),
            ("concluded", "approve", {"actor": self.leader}),
        )
        for reached, action, body in steps:
            one = self.take(one, action, **body)
            if reached == state:
                break
        assert one.state == state
        return one

    def opened(self, **given) -> Retrospective:
        """Return the retrospective of a fresh complex case."""
        found = self.of(self.closed(**given))
        assert found is not None
        return found

    def dissection(self, one, actor=None):
        """Return the page of a retrospective as somebody sees it."""
        return selectors.dissection(retrospective_id=one.id, actor=actor or self.office, now=LATER)

    def facts(self, one) -> list[str]:
        """Return the kinds of facts of a retrospective, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("retrospectives.") for fact in ledger.history(one.id)]

    def contents(self, one, kind: str) -> list[dict]:
        """Return the data of all facts of one kind."""
        with database.writing():
            facts = ledger.history(one.id)
            return [ledger.content(fact)["data"] for fact in facts if fact.kind == f"retrospectives.{kind}"]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return sum(Notice.objects.filter(person_id=actor.person_id, key=key).values_list("count", flat=True))


@pytest.fixture
def bench(db):
    with clock.at(NOW):
        district = Bench()
        for role in ("catch_all", "discipline", "seat"):
            district.staff(role)
        district.liaison()
        yield district
