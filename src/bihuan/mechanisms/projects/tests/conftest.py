"""A district with key projects."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.mechanisms.projects import selectors, services
from bihuan.mechanisms.projects.models import Milestone, Project

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Site(factories.District):
    """The district, with what tests of projects ask again and again."""

    def sign(self, name: str = "青盐湖储能", *, actor=None, **given) -> Project:
        """Put a project among the key projects."""
        body = {
            "name": name,
            "department": "housing",
            "planned": "20000",
            "signed_on": "2026-06-30",
            "investor": "某公司",
        }
        who = actor or self.staff("coordinator")
        return services.sign(region=DISTRICT, body=body | given, actor=who, now=NOW)

    def take(self, project, action, *, actor=None, now=NOW + HOUR, **body) -> Project:
        """Take an action on a project."""
        given = {"actor": actor or self.staff("coordinator"), "now": now, "body": {"text": "属实"} | body}
        return services.take(project_id=project.id, action=action, **given)

    def milestone(self, project, name: str = "取得施工许可", day: str = "2026-11-20") -> Milestone:
        """Add a milestone and return it."""
        self.take(project, "add_milestone", name=name, day=day)
        with database.writing():
            return Milestone.objects.get(project=project, name=name)

    def step(self, milestone, action, *, actor=None, now=NOW + HOUR, **body) -> Milestone:
        """Take an action on a milestone."""
        given = {"actor": actor or self.staff("coordinator"), "now": now, "body": {"text": "属实"} | body}
        return services.take_milestone(milestone_id=milestone.id, action=action, **given)

    def seen(self, project, actor=None, now=NOW + HOUR) -> selectors.Seen:
        """Return it as somebody sees it."""
        return selectors.find(project_id=project.id, actor=actor or self.staff("coordinator"), now=now)

    def sweep(self, until: dt.datetime) -> None:
        """Let time pass, day by day."""
        at = NOW
        while at < until:
            at = min(at + DAY, until)
            cases.sweep(now=at)

    def facts(self, thing) -> list[str]:
        """Return the kinds of its facts, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("projects.") for fact in ledger.history(thing.id)]

    def told(self, actor, key: str) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            return Notice.objects.filter(person_id=actor.person_id, key=f"projects.{key}", digest=None).count()


@pytest.fixture
def site(db):
    with clock.at(NOW):
        made = Site()
        for role in ("supervision_office", "leader", "coordinator", "discipline", "seat"):
            made.staff(role)
        for name in ("housing", "tax"):
            made.liaison(name)
        yield made
