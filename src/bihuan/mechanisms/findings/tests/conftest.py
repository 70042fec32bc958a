"""A district with people of supervision, what they find, and a vault that takes clues in."""

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
from bihuan.mechanisms.findings import selectors, services
from bihuan.mechanisms.findings.models import Finding
from bihuan.mechanisms.findings.states import FINDINGS, UNIT

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TEXT = "窗口同一份材料要交三次"


class Patrol(factories.District):
    """The district, with what tests of findings ask again and again."""

    def rule(self, text: str) -> None:
        """Put sections of a rulebook in force."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name="trial", text=body, actor_id=OPERATOR, now=NOW - HOUR)

    @property
    def office(self):
        """Somebody of discipline inspection, who supervises."""
        return self.staff("discipline")

    def plan(self, *, now=NOW, **given) -> Finding:
        """Put an item on the list."""
        body = {"title": "惠企资金兑现", "on": (now + 3 * DAY).date().isoformat(), "text": "看台账、访企业"} | given
        return services.plan(region=DISTRICT, body=body, actor=self.office, now=now)

    def enter(self, *, now=NOW, actor=None, **given) -> Finding:
        """Enter a problem."""
        body = {"title": "重复要材料", "text": TEXT, "department": "housing"} | given
        return services.enter(region=DISTRICT, body=body, actor=actor or self.office, now=now)

    def take(self, thing: Finding, action: str, *, actor=None, now=NOW + HOUR, text: str = "已核", **body):
        """Take an action by whoever usually does it."""
        usual = self.liaison() if FINDINGS.named(action).roles == {UNIT} else self.office
        return services.take(
            finding_id=thing.id, action=action, actor=actor or usual, now=now, body={"text": text} | body
        )

    def until(self, thing: Finding, *steps: str, now=NOW + HOUR) -> Finding:
        """Take steps one after the other."""
        for step in steps:
            thing = self.take(thing, step, now=now)
        return thing

    def stored(self, thing: Finding) -> Finding:
        """Return it as stored."""
        with database.writing():
            return Finding.objects.select_related("department", "case").get(pk=thing.pk)

    def seen(self, thing: Finding, actor, now=NOW + HOUR) -> selectors.Seen:
        """Return it as somebody sees it."""
        return selectors.find(finding_id=thing.id, actor=actor, now=now)

    def sweep(self, until: dt.datetime, since: dt.datetime = NOW) -> None:
        """Let time pass, day by day."""
        at = since
        while at < until:
            at = min(at + DAY, until)
            cases.sweep(now=at)

    def facts(self, thing: Finding) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("findings.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return Notice.objects.filter(person_id=actor.person_id, key=f"findings.{key}", digest=None).count()


@pytest.fixture
def patrol(db):
    with clock.at(NOW):
        made = Patrol()
        for role in ("supervision_office", "leader", "coordinator", "discipline", "seat", "catch_all"):
            made.staff(role)
        for name in ("housing", "tax"):
            made.liaison(name)
            made.liaison(name, role="department_head")
        yield made
