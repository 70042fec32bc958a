"""A district with people who hear, units that are rated, and matters that were closed."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.evaluation import services
from bihuan.mechanisms.evaluation.models import Callback, Invitation, Mark
from bihuan.mechanisms.evaluation.services import Visit

LATER = NOW + dt.timedelta(hours=2)
STEPS = ("accept", "dispatch", "sign", "reply", "verify_close")
PHONE = Visit(address="203.0.113.7", looks="a telephone")


class Ear(factories.District):
    """The district, with what tests of evaluation ask again and again."""

    def rule(self, text: str) -> None:
        """Put a rulebook in force that says something of one's own."""
        body = f'name: {{zh: 试验区, en: Trial}}\nregion: "{DISTRICT}"\n{text}\n'
        rulebooks.apply(region=DISTRICT, name="trial", text=body, actor_id=OPERATOR, now=NOW - dt.timedelta(hours=1))

    def closed(self, **given):
        """Return a matter that was closed as resolved."""
        return self.case(*STEPS, **given)

    def link(self, case) -> str:
        """Return the token of the newest link that the raiser of a case was sent."""
        with database.writing():
            notice = (
                Notice.objects.filter(key="evaluation.invited", subject=case.number).order_by("-created_at").first()
            )
            return notice.data["token"]

    def invitation(self, case) -> Invitation | None:
        """Return the newest invitation of a case as stored."""
        with database.writing():
            return Invitation.objects.filter(case_id=case.id).order_by("-round").first()

    def mark(self, case) -> Mark | None:
        """Return the newest bad mark of a case as stored."""
        with database.writing():
            return Mark.objects.filter(case_id=case.id).order_by("-id").first()

    def call(self, case) -> Callback | None:
        """Return the newest callback of a case as stored."""
        with database.writing():
            return Callback.objects.filter(case_id=case.id).order_by("-round").first()

    def bad(self, *, actor=None, **given):
        """Return a closed matter that was rated badly, and its bad mark."""
        case = self.closed(**given)
        body = {"process": 4, "result": 1, "reasons": ["slow"], "note": "等了一个月"}
        self.act(case.number, "rate", now=LATER, actor=actor, **body)
        return case, self.mark(case)

    def take(self, mark, action: str, *, actor=None, now=LATER + dt.timedelta(hours=1), **body) -> Mark:
        """Take an action on a bad mark, usually as the coordinator."""
        body = {"text": "已核对台账"} | body
        actor = actor or self.staff("coordinator")
        return services.take_mark(mark_id=mark.id, action=action, actor=actor, now=now, body=body)

    def told(self, actor, key: str) -> list[str]:
        """Return the data of the notices of a kind that somebody has, as texts."""
        with database.writing():
            found = Notice.objects.filter(person_id=actor.person_id, key=f"evaluation.{key}")
            return [str(data) for data in found.values_list("data", flat=True)]

    def facts(self, thing) -> list[str]:
        """Return the kinds of facts of a thing, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("evaluation.") for fact in ledger.history(thing.id)]


@pytest.fixture
def ear(db):
    with clock.at(NOW):
        district = Ear()
        for role in ("supervision_office", "catch_all", "leader", "coordinator"):
            district.staff(role)
        district.liaison()
        district.liaison(role="department_head")
        _spoken_for = district.owner
        yield district
