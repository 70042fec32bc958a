"""A district that appoints people and enterprises."""

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
from bihuan.mechanisms.mandates import selectors, services
from bihuan.mechanisms.mandates.models import Mandate, Window

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Bureau(factories.District):
    """The district, with what tests of mandates ask again and again."""

    def rules(self, name: str, text: str | None = None) -> None:
        """Put another place's rulebook into force."""
        rulebooks.apply(region=DISTRICT, name=name, text=text, actor_id=OPERATOR, now=NOW - HOUR)

    def appoint(self, *holders: str, kind: str = "special_supervisor", actor=None, now=NOW, **given) -> list[Mandate]:
        """Appoint people or enterprises to a post."""
        body = {"kind": kind, "holders": "\n".join(holders)} | given
        who = actor or self.staff("coordinator")
        return services.appoint(region=DISTRICT, body=body, actor=who, now=now)

    def supervisor(self, name: str = "special", **given) -> Mandate:
        """Appoint one special supervisor."""
        self.person(name, "special_supervisor")
        return self.appoint(name, **given)[0]

    def windows(self, *names: str, department: str = "housing", now=NOW) -> list[Window]:
        """Enter windows."""
        body = {"department": department, "names": "\n".join(names)}
        return services.open_windows(region=DISTRICT, body=body, actor=self.staff("coordinator"), now=now)

    def take(self, mandate, action, *, actor=None, now=NOW + HOUR, **body) -> Mandate:
        """Take an action on a mandate."""
        given = {"actor": actor or self.staff("coordinator"), "now": now, "body": {"text": "属实"} | body}
        return services.take(mandate_id=mandate.id, action=action, **given)

    def seen(self, mandate, actor=None, now=NOW + HOUR) -> selectors.Seen:
        """Return it as somebody sees it."""
        return selectors.find(mandate_id=mandate.id, actor=actor or self.staff("coordinator"), now=now)

    def sweep(self, since: dt.datetime, until: dt.datetime, step: dt.timedelta = DAY) -> None:
        """Let time pass."""
        at = since
        while at < until:
            at = min(at + step, until)
            cases.sweep(now=at)

    def facts(self, thing) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("mandates.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return Notice.objects.filter(person_id=actor.person_id, key=f"mandates.{key}", digest=None).count()


@pytest.fixture
def bureau(db):
    with clock.at(NOW):
        made = Bureau()
        for role in ("supervision_office", "leader", "coordinator", "discipline", "seat"):
            made.staff(role)
        for name in ("housing", "tax"):
            made.liaison(name)
        yield made
