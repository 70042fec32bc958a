"""The table of instruments. What was issued stays as its letter says it; see `foundation.documents`."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import FINAL, KINDS, STATES

OBJECTIONS = ("", "raised", "upheld", "rejected")
LOOKS = ("", "drawn", "holds", "relapsed")


class Instrument(Chained):
    """One instrument of oversight, from the draft to what the look-back found.

    kind        a row of `states.KINDS`; issuer: the role that answers for it
    source      what asked for it, elsewhere, if anything did
    offices     "role:region" of its readers; shown: the department sees it too; public: published inside
    parts       its paragraphs, by the names of the kind; minutes: of an interview
    hands       persons who acted for the issuer: none of them decides on an objection
    objection   OBJECTIONS; objection_until: how long the department may object
    look        LOOKS: drawn to be looked at again, and what was found; relapses: how often it came back
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=16, default="drafted")
    issuer = models.CharField(max_length=24)
    offices = ArrayField(models.CharField(max_length=40))
    addressee = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    shown = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.UUIDField(null=True)
    letter = models.ForeignKey("documents.Letter", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    minutes = models.TextField(blank=True, default="")
    hands = ArrayField(models.UUIDField(), default=list)
    drafted_by = models.UUIDField()
    drafted_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True, default="")
    reply_due_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    returned = models.SmallIntegerField(default=0)
    outcome = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    objection = models.CharField(max_length=8, blank=True, default="")
    objection_text = models.TextField(blank=True, default="")
    objection_until = models.DateTimeField(null=True)
    review_text = models.TextField(blank=True, default="")
    look = models.CharField(max_length=8, blank=True, default="")
    relapses = models.SmallIntegerField(default=0)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "instruments_instrument"
        constraints = [
            models.CheckConstraint(name="instrument_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="instrument_kind_known", condition=Q(kind__in=list(KINDS))),
            models.CheckConstraint(name="instrument_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="instrument_objection_known", condition=Q(objection__in=OBJECTIONS) & Q(look__in=LOOKS)
            ),
            models.CheckConstraint(
                name="instrument_ends_once",
                condition=Q(state__in=FINAL, ended_at__isnull=False) | ~Q(state__in=FINAL) & Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="instrument_issued_has_letter",
                condition=Q(issued_at=None, letter=None) | Q(issued_at__isnull=False, letter__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="instrument_register", fields=["region", "state", "-id"]),
            models.Index(name="instrument_addressee", fields=["addressee", "-id"]),
            models.Index(name="instrument_case", fields=["case", "-id"]),
            GinIndex(name="instrument_offices", fields=["offices"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def late(self) -> bool:
        """Tell whether the reply came after its time."""
        return bool(self.replied_at and self.reply_due_at and self.replied_at > self.reply_due_at)
