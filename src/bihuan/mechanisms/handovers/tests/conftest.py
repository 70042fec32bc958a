"""A district with people who give, people of both sides, and matters handed to both."""

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
from bihuan.mechanisms.handovers import selectors, services
from bihuan.mechanisms.handovers.models import Account, Handover

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Twin(factories.District):
    """The district, with what tests of double hand-overs ask again and again."""

    def rule(self, text: str) -> None:
        """Put sections of a rulebook in force."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name="trial", text=body, actor_id=OPERATOR, now=NOW - HOUR)

    def give(self, *, supervisor: str = "tax", actor=None, number: str = "", text="请一周内办结") -> Handover:
        """Hand a matter that housing leads to housing and its supervisor."""
        number = number or self.case("accept", "dispatch", "sign").number
        body = {"text": text, "supervisor": supervisor}
        return services.give(number=number, body=body, actor=actor or self.staff("coordinator"), now=NOW + HOUR)

    def account(self, handover: Handover, side: str) -> Account:
        """Return one side as stored."""
        with database.writing():
            return Account.objects.select_related("handover", "department").get(handover=handover, side=side)

    def holder(self, account: Account):
        """Whoever speaks for a side."""
        return self.liaison(account.department.code) if account.department_id else self.staff("discipline")

    def take(self, handover, side, action, *, actor=None, now=NOW + 2 * HOUR, text="已办") -> Account:
        """Take an action on one side by whoever usually does it."""
        account = self.account(handover, side)
        usual = self.holder(account) if action in ("sign", "report") else self.staff("coordinator")
        given = {"actor": actor or usual, "now": now, "body": {"text": text}}
        return services.take(account_id=account.id, action=action, **given)

    def seen(self, handover, actor) -> selectors.Seen:
        """Return it as somebody sees it."""
        return selectors.find(handover_id=handover.id, actor=actor, now=NOW + 3 * HOUR)

    def sweep(self, until: dt.datetime) -> None:
        """Let time pass, day by day."""
        at = NOW
        while at < until:
            at = min(at + DAY, until)
            cases.sweep(now=at)

    def facts(self, account: Account) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("handovers.") for fact in ledger.history(account.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return Notice.objects.filter(person_id=actor.person_id, key=f"handovers.{key}", digest=None).count()


@pytest.fixture
def twin(db):
    with clock.at(NOW):
        made = Twin()
        for role in ("supervision_office", "leader", "coordinator", "discipline", "seat"):
            made.staff(role)
        for name in ("housing", "tax", "water"):
            made.liaison(name)
        yield made
