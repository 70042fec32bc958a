"""Tables of tracking. Both carry the region of their case; they are visible to whoever may see the case."""

from typing import Any

from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN, TrackState

OPEN_STATES = sorted(state.value for state in OPEN)


class Track(Chained):
    """One following of one case, from the proposal to the end.

    points            sign → points when it was proposed; score is their sum
    plan_version      the plan whose steps are followed (0: none yet); revising: the enterprise wants a better one
    progress_due_at   when the next update is due; late_since: since when one is missing
    bulletin_from     begin of the period of the next bulletin, which is due at bulletin_at
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default=TrackState.CANDIDATE.value)
    score = models.SmallIntegerField(default=0)
    points: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    reason = models.TextField(blank=True, default="")
    plan_version = models.SmallIntegerField(default=0)
    revising = models.BooleanField(default=False)
    progress_due_at = models.DateTimeField(null=True)
    progress_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    missed = models.SmallIntegerField(default=0)
    bulletins = models.SmallIntegerField(default=0)
    bulletin_from = models.DateTimeField(null=True)
    bulletin_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "tracking_track"
        constraints = [
            models.CheckConstraint(
                name="track_state_known", condition=Q(state__in=[state.value for state in TrackState])
            ),
            models.CheckConstraint(name="track_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="track_ends_once",
                condition=Q(state__in=OPEN_STATES, ended_at=None) | ~Q(state__in=OPEN_STATES) & ~Q(ended_at=None),
            ),
            models.UniqueConstraint(name="track_one_open_a_case", fields=["case"], condition=Q(state__in=OPEN_STATES)),
        ]
        indexes = [
            models.Index(name="track_store", fields=["region", "state", "-found_at", "-id"]),
            models.Index(name="track_bulletin_due", fields=["bulletin_at"], condition=Q(bulletin_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class Bulletin(models.Model):
    """A bulletin (通报) of a tracked matter, written by the product from the facts of its period; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=12)
    number = models.SmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    text = models.TextField()

    class Meta:
        db_table = "tracking_bulletin"
        constraints = [
            models.UniqueConstraint(name="bulletin_once", fields=["track", "number"]),
            models.CheckConstraint(name="bulletin_region_given", condition=~Q(region="")),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.track_id}"
