"""A district with people of oversight, who write letters to its departments."""

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
from bihuan.mechanisms.instruments import selectors, services
from bihuan.mechanisms.instruments.models import Instrument
from bihuan.mechanisms.instruments.states import ADDRESSEE, APPROVER, KINDS, STEPS

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Desk(factories.District):
    """The district, with what tests of instruments ask again and again."""

    def rule(self, text: str) -> None:
        """Put sections of a rulebook in force."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name="trial", text=body, actor_id=OPERATOR, now=NOW - HOUR)

    def drafter(self, kind: str):
        """Whoever drafts this kind."""
        return self.staff(KINDS[kind].issuers[0])

    def approver(self, kind: str):
        """Somebody else, who reviews and approves it."""
        role = (KINDS[kind].approvers or KINDS[kind].issuers)[0]
        return self.staff(role, f"second-{role}")

    def draft(self, kind: str, *, actor=None, department: str = "housing", now=NOW, **given) -> Instrument:
        """Draft an instrument."""
        body = {"department": department, "title": "消防验收反复退回问题", "text": "请限期整改。"}
        body |= {"source": "案件台账", "problems": "三次退回", "causes": "标准不一", "suggestions": "一次告知"}
        who = actor or self.drafter(kind)
        return services.draft(kind=kind, region=DISTRICT, body=body | given, actor=who, now=now)

    def who(self, thing: Instrument, step: str):
        """Whoever takes a step of the course."""
        if STEPS[step][1] == ADDRESSEE:
            return self.liaison()
        return self.approver(thing.kind) if STEPS[step][1] == APPROVER else self.drafter(thing.kind)

    def take(
        self, thing: Instrument, action: str, *, actor=None, now=NOW + HOUR, text: str = "已核", **body
    ) -> Instrument:
        """Take an action by whoever usually does it."""
        who = actor or self.who(thing, action)
        return services.take(instrument_id=thing.id, action=action, actor=who, now=now, body={"text": text} | body)

    def until(self, thing: Instrument, state: str, now=NOW + HOUR) -> Instrument:
        """Take the steps of its course until it stands in a state."""
        for step in KINDS[thing.kind].course:
            if thing.state == state:
                break
            thing = self.take(thing, step, now=now)
        assert thing.state == state
        return thing

    def seen(self, thing: Instrument, actor, now=NOW + HOUR) -> selectors.Seen:
        """Return it as somebody sees it."""
        return selectors.find(instrument_id=thing.id, actor=actor, now=now)

    def sweep(self, until: dt.datetime, since: dt.datetime = NOW) -> None:
        """Let time pass, day by day."""
        at = since
        while at < until:
            at = min(at + DAY, until)
            cases.sweep(now=at)

    def facts(self, thing: Instrument) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("instruments.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return Notice.objects.filter(person_id=actor.person_id, key=f"instruments.{key}", digest=None).count()


@pytest.fixture
def desk(db):
    with clock.at(NOW):
        made = Desk()
        for role in ("supervision_office", "leader", "coordinator", "catch_all", "discipline", "justice_supervisor"):
            made.staff(role)
        for name in ("housing", "tax"):
            made.liaison(name)
            made.liaison(name, role="department_head")
        yield made
