"""A district with people of oversight, and matters whose time runs out."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.oversight import services
from bihuan.mechanisms.oversight.models import Entry, Order

LATE = NOW + dt.timedelta(days=9)


class Watch(factories.District):
    """The district, with what tests of oversight ask again and again."""

    def rule(self, name: str = "", text: str = "") -> None:
        """Put a rulebook in force: a packaged one, or sections of one's own."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n' if text else None
        rulebooks.apply(
            region=DISTRICT, name=name or "trial", text=body, actor_id=OPERATOR, now=NOW - dt.timedelta(hours=1)
        )

    def overdue(self, *steps: str, until: dt.datetime = LATE):
        """Return a matter whose time ran out, and its order."""
        case = self.case(*(steps or ("accept", "dispatch", "sign")))
        self.pass_time(until)
        return case, self.order(case)

    def pass_time(self, until: dt.datetime, since: dt.datetime = NOW) -> None:
        """Sweep each day up to an instant, and once more at the end."""
        at = since
        while at < until:
            at = min(at + dt.timedelta(days=1), until)
            cases.sweep(now=at)
        cases.sweep(now=until)

    def order(self, case) -> Order | None:
        """Return the newest order of a case as stored."""
        with database.writing():
            return Order.objects.filter(case_id=case.id).order_by("-id").first()

    def entries(self, case, kind: str) -> list[str]:
        """Return the states of a case's entries on a list, oldest first."""
        with database.writing():
            return list(Entry.objects.filter(case_id=case.id, kind=kind).order_by("id").values_list("state", flat=True))

    def take(self, order, action: str, *, actor, now=LATE + dt.timedelta(hours=1), text: str = "请三日内办结") -> Order:
        """Take an action on an order."""
        return services.take(order_id=order.id, action=action, actor=actor, now=now, body={"text": text})

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has, folded ones counted each."""
        with database.writing():
            shown = Notice.objects.filter(person_id=actor.person_id, key=key, digest=None)
            return sum(shown.values_list("count", flat=True))

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of an order or entry, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("oversight.") for fact in ledger.history(thing.id)]


@pytest.fixture
def watch(db):
    with clock.at(NOW):
        district = Watch()
        for role in ("supervision_office", "catch_all", "leader", "coordinator"):
            district.staff(role)
        district.liaison()
        district.liaison(role="department_head")
        yield district
