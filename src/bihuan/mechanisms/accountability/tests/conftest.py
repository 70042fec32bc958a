"""A district with a centre, an accountability office and units, and the way of an inquiry through it."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.accountability import services
from bihuan.mechanisms.accountability.models import Inquiry, Sign

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
TEXT = "企业三次催问，科室没有回话"
SPLIT = {"kind": "slow", "section": "建管科", "post": "handler", "treatment": "reminder_talk"}


class Bench(factories.District):
    """The district, with what tests of simulated accountability ask again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.centre, self.office = self.staff("coordinator"), self.staff("discipline")

    def rule(self, name: str) -> None:
        """Put a packaged rulebook in force."""
        rulebooks.apply(region=DISTRICT, name=name, text=None, actor_id=OPERATOR, now=NOW - HOUR)

    def applied(self, *, actor=None, now=NOW + HOUR, case=None, **body) -> Inquiry:
        """Return an inquiry that the centre applied for, into a case that housing handles."""
        case = case or self.case("accept", "dispatch", "sign")
        return services.apply(number=case.number, actor=actor or self.centre, now=now, body={"text": TEXT} | body)

    def take(self, inquiry, action: str, *, actor=None, now=NOW + 2 * HOUR, **body) -> Inquiry:
        """Take an action by whoever usually does."""
        usual = {"state_side": self.liaison(), "rectify": self.liaison(), "visit": self.centre}
        body = {"text": TEXT} | (SPLIT if action == "split" else {}) | body
        who = actor or usual.get(action, self.office)
        return services.take(inquiry_id=inquiry.id, action=action, actor=who, now=now, body=body)

    def until(self, state: str, *, now=NOW + 2 * HOUR, **given) -> Inquiry:
        """Return an inquiry brought to `investigating`, `found`, `rectified` or `written_off`."""
        inquiry = self.applied(**given)
        steps = [
            ("investigating", "take_on", {}),
            ("", "split", {}),
            ("found", "find", {"outcome": "warned"}),
            ("rectified", "rectify", {}),
            ("", "visit", {"done": True}),
            ("written_off", "write_off", {}),
        ]
        for reached, action, body in steps:
            inquiry = self.take(inquiry, action, now=now, **body)
            if reached == state:
                break
        return inquiry

    def again(self, thing):
        """Return a row as it now is stored."""
        with database.writing():
            return type(thing).objects.get(pk=thing.id)

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a thing, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("accountability.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            found = Notice.objects.filter(person_id=actor.person_id, key=f"accountability.{key}")
            return sum(found.values_list("count", flat=True))

    def signs(self, kind: str = "") -> list[Sign]:
        """Return the early signs, of one kind or all."""
        with database.writing():
            return list(Sign.objects.filter(kind__startswith=kind).select_related("case", "department").order_by("id"))


@pytest.fixture
def bench(db):
    with clock.at(NOW):
        district = Bench()
        for role in ("catch_all", "supervision_office", "leader", "seat"):
            district.staff(role)
        for code in ("housing", "water"):
            district.liaison(code)
        yield district
