"""A district where the same is raised again and again."""

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
from bihuan.mechanisms.frequent import services
from bihuan.mechanisms.frequent.models import Frequent

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NIGHT = NOW + 18 * HOUR


class Chorus(factories.District):
    """The district, with what tests of frequent matters ask again and again."""

    def rule(self, text: str) -> None:
        """Put sections of a rulebook in force."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name="trial", text=body, actor_id=OPERATOR, now=NOW - HOUR)

    def again(self, times: int = 3):
        """Raise the same kind of thing several times, by two enterprises in turn."""
        firms = (self.firm, self.other_firm)
        owners = (self.owner, self.stranger)
        return [
            self.case("accept", "dispatch", enterprise=firms[n % 2].uscc, actor=owners[n % 2]) for n in range(times)
        ]

    def listed(self, times: int = 3) -> Frequent:
        """Return what is put on the list after something was raised several times."""
        self.again(times)
        (made,) = services.find(region=DISTRICT, now=NIGHT)
        return made

    def take(self, thing, action, *, actor=None, now=NIGHT + HOUR, text="已当场答复", **body) -> Frequent:
        """Take an action by whoever usually does it."""
        usual = self.liaison(role="department_head") if action == "answer" else self.staff("leader")
        given = {"actor": actor or usual, "now": now, "body": {"text": text} | body}
        return services.take(frequent_id=thing.id, action=action, **given)

    def sweep(self, until: dt.datetime) -> None:
        """Let time pass, day by day."""
        at = NIGHT
        while at < until:
            at = min(at + DAY, until)
            cases.sweep(now=at)

    def facts(self, thing: Frequent) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("frequent.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return Notice.objects.filter(person_id=actor.person_id, key=f"frequent.{key}", digest=None).count()


@pytest.fixture
def chorus(db):
    with clock.at(NOW):
        made = Chorus()
        for role in ("supervision_office", "leader", "coordinator", "discipline", "seat"):
            made.staff(role)
        for name in ("housing", "tax"):
            made.liaison(name)
            made.liaison(name, role="department_head")
        made.rule("frequent: {least: 3}")
        yield made
