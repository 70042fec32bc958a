"""A county and the city above it in one installation, with people at both levels."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts import services as account_services
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory import selectors as places
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.mechanisms.escalation import services
from bihuan.mechanisms.escalation.models import Arrival, Escalation, Message

CITY = "999900"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Levels(factories.District):
    """The district of the tests, and the city above it: bureau `works`, board `general`."""

    def __init__(self) -> None:
        super().__init__()
        directory.make_department("works", region=CITY)
        directory.make_board("general", lead="works", region=CITY)
        self._city: dict[str, Actor] = {}

    def city(self, role: str, region: str = CITY) -> Actor:
        """Return somebody of the city (or another level above), made on first use."""
        name = f"{role}-{region}"
        if name not in self._city:
            person = account_services.create_person(
                username=name, display_name=role, actor_id=OPERATOR, now=NOW, must_change_password=False
            )
            office = {"department_id": places.department(CITY, "works").id} if role == "liaison" else {}
            account_services.appoint(
                person_id=person.id, role=role, region=region, actor_id=OPERATOR, now=NOW, since=NOW - DAY, **office
            )
            with clock.at(NOW):
                self._city[name] = Actor(reader=accounts.reader_of(person.id))
        return self._city[name]

    def sent(self, *, now=NOW + HOUR, actor=None, deliver=True, **given) -> tuple[Case, Escalation]:
        """Return a case that was sent up, and what is above."""
        case = self.case("accept", "dispatch", "sign", **given)
        body = {"to": CITY, "reason": "涉及市级事权，区里协调不了"}
        one = services.send_up(number=case.number, actor=actor or self.staff("coordinator"), now=now, body=body)
        if deliver:
            services.deliver_due(now=now)
        return case, self.stored(one)

    def stored(self, one):
        """Return a row as stored."""
        with database.writing():
            return type(one).objects.get(pk=one.pk)

    def arrival(self, one: Escalation) -> Arrival:
        """Return the same matter seen from above."""
        with database.writing():
            return Arrival.objects.select_related("case").get(thread=one.id)

    def above(self, one: Escalation, action: str, *, now, who="coordinator", deliver=True, **body) -> Case:
        """Take an action on the case above and let the word go down."""
        number = self.arrival(one).case.number
        case = cases.take(number=number, action=action, actor=self.city(who), now=now, body=body)
        if deliver:
            services.deliver_due(now=now)
        return case

    def answered(self, one: Escalation, *, now, text="市住建局已协调，下周进场") -> None:
        """Bring the case above to its end."""
        self.above(one, "accept", now=now, tier="ordinary", board="general")
        self.above(one, "dispatch", now=now, lead="works")
        self.above(one, "sign", now=now, who="liaison")
        self.above(one, "reply", now=now, who="liaison", text=text, kind="resolved")
        self.above(one, "verify_close", now=now)

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a thing, in order, without their prefix."""
        with database.writing():
            return [fact.kind.partition(".")[2] for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            shown = Notice.objects.filter(person_id=actor.person_id, key=key, digest=None)
            return sum(shown.values_list("count", flat=True))

    def waiting(self) -> int:
        """Return how many messages are on their way."""
        with database.writing():
            return Message.objects.filter(delivered_at=None).count()


@pytest.fixture
def levels(db):
    with clock.at(NOW):
        made = Levels()
        for role in ("coordinator", "leader", "catch_all", "supervision_office"):
            made.staff(role)
        made.liaison()
        made.city("coordinator")
        yield made
