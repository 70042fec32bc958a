"""Tables of double hand-overs: one row for the hand-over, and one account for each side."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN, SIDES, AccountState

OPEN_STATES = sorted(state.value for state in OPEN)


class Handover(models.Model):
    """One matter handed to both sides, with its number and title, since the supervisor may not see the matter itself.

    units: the departments of both, who see this; ended_at: neither is open.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.TextField()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    demand = models.TextField()
    units = ArrayField(models.UUIDField())
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "handovers_handover"
        constraints = [
            models.CheckConstraint(name="handover_region_given", condition=~Q(region="")),
            models.UniqueConstraint(
                name="handover_one_open_a_case", fields=["case"], condition=Q(ended_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(name="handover_register", fields=["region", "-id"]),
            GinIndex(name="handover_units", fields=["units"]),
        ]

    def __str__(self) -> str:
        return self.title


class Account(Chained):
    """One side of a hand-over, with time limits and a trace of its own.

    department  who holds it; None: discipline inspection of the place. outcome: how it was settled
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="accounts")
    side = models.CharField(max_length=12)
    units = ArrayField(models.UUIDField())
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default=AccountState.HANDED.value)
    report = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    sent_back = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "handovers_account"
        constraints = [
            models.CheckConstraint(name="handover_side_known", condition=Q(side__in=SIDES)),
            models.CheckConstraint(
                name="handover_state_known", condition=Q(state__in=[state.value for state in AccountState])
            ),
            models.CheckConstraint(
                name="handover_department_has_one", condition=~Q(side="department") | Q(department__isnull=False)
            ),
            models.CheckConstraint(
                name="handover_account_ends_once",
                condition=Q(state__in=OPEN_STATES, ended_at=None) | ~Q(state__in=OPEN_STATES) & ~Q(ended_at=None),
            ),
            models.UniqueConstraint(name="handover_side_once", fields=["handover", "side"]),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.state}"
