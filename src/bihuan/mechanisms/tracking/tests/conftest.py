"""A district whose rulebook is that of Qiantang, and a matter on its way into the store."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.notifications.models import Notice
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.tracking import services
from bihuan.mechanisms.tracking.models import Track


class Store(factories.District):
    """The district, with what tests of tracking ask again and again."""

    def tracked(self, *steps: str) -> tuple[object, Track]:
        """Return a matter that was put into the store after `steps`, and its track."""
        case = self.case(*(steps or ("accept", "dispatch", "sign", "submit_plan")))
        now = NOW + dt.timedelta(hours=2)
        made = services.open_track(number=case.number, actor=self.staff("coordinator"), now=now, reason="涉及多部门")
        return case, self.track(made.id)

    def track(self, track_id) -> Track:
        """Return a track as stored."""
        with database.writing():
            return Track.objects.get(pk=track_id)

    def of(self, case) -> Track | None:
        """Return the newest track of a case."""
        with database.writing():
            return Track.objects.filter(case_id=case.id).order_by("-id").first()

    def take(self, track, action, *, actor=None, now=NOW + dt.timedelta(hours=3), **body) -> Track:
        """Take an action on a track."""
        who = actor or self.staff("coordinator")
        return services.take(track_id=track.id, action=action, actor=who, now=now, body=body)

    def told(self, actor, key) -> int:
        """Return how many notices of a kind somebody has."""
        with database.writing():
            shown = Notice.objects.filter(person_id=actor.person_id, key=key, digest=None)
            return sum(shown.values_list("count", flat=True))

    def facts(self, track) -> list[str]:
        """Return the kinds of facts of a track, in order, without their prefix."""
        with database.writing():
            return [fact.kind.removeprefix("tracking.") for fact in ledger.history(track.id)]


@pytest.fixture
def store(db):
    with clock.at(NOW):
        district = Store()
        rulebooks.apply(region=DISTRICT, name="qiantang", actor_id=OPERATOR, now=NOW - dt.timedelta(days=1))
        district.person("leader", "leader")
        district.liaison()
        district.liaison(role="department_head")
        district.staff("coordinator")
        district.staff("catch_all")
        yield district
