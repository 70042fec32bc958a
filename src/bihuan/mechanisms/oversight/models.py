"""Tables of oversight. Each row carries the region of its case; it is visible to whoever may see the case."""

from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN, EntryState, OrderState

OPEN_STATES = sorted(state.value for state in OPEN)
LISTS = ("warning", "conference")
"""Candidates of the conference were kept here before the conference kept them itself; their rows stay readable."""


class Order(Chained):
    """A supervision order (督办单) on one case, from the draft to the write-off.

    number    `DB-` with the number of its case, and which order of that case it is
    cause     the clock, or the enterprise's word, that lit the light
    owner     the role that answers for it; due_at: when the step that is expected now is due
    demand    what is demanded; report: the department's answer; outcome: what it came to
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16, default=OrderState.DRAFTED.value)
    light = models.CharField(max_length=32)
    light_name = models.CharField(max_length=80)
    cause = models.CharField(max_length=32)
    owner = models.CharField(max_length=24)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    demand = models.TextField(blank=True, default="")
    report = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    drafted_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    sent_back = models.SmallIntegerField(default=0)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "oversight_order"
        constraints = [
            models.CheckConstraint(
                name="order_state_known", condition=Q(state__in=[state.value for state in OrderState])
            ),
            models.CheckConstraint(name="order_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="order_ends_once",
                condition=Q(state__in=OPEN_STATES, ended_at=None) | ~Q(state__in=OPEN_STATES) & ~Q(ended_at=None),
            ),
            models.UniqueConstraint(name="order_one_open_a_case", fields=["case"], condition=Q(state__in=OPEN_STATES)),
        ]
        indexes = [models.Index(name="order_register", fields=["region", "state", "-drafted_at", "-id"])]

    def __str__(self) -> str:
        return self.number


class Entry(Chained):
    """A matter on a list: `warning` (督办预警清单)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default=EntryState.LISTED.value)
    light = models.CharField(max_length=32)
    light_name = models.CharField(max_length=80)
    cause = models.CharField(max_length=32)
    listed_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True, default="")
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "oversight_entry"
        constraints = [
            models.CheckConstraint(
                name="entry_state_known", condition=Q(state__in=[state.value for state in EntryState])
            ),
            models.CheckConstraint(name="entry_kind_known", condition=Q(kind__in=LISTS)),
            models.CheckConstraint(name="entry_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="entry_cleared_once",
                condition=Q(state="cleared", cleared_at__isnull=False) | ~Q(state="cleared") & Q(cleared_at=None),
            ),
            models.UniqueConstraint(
                name="entry_once_on_a_list", fields=["case", "kind"], condition=~Q(state="cleared")
            ),
        ]
        indexes = [models.Index(name="entry_register", fields=["region", "kind", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"
