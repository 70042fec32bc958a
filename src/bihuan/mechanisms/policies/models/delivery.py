"""Delivery: rounds in which a clause is given to many, what each enterprise gets, who pays which part, payments."""

from typing import Any

from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import GrantState, RoundState
from .library import Clause

HELD = ("approved", "due", "paid", "confirmed", "disputed")
"""States in which a grant counts as got, for caps of a year and for benefits that do not add up."""


class Round(Chained):
    """One delivery of a clause to many enterprises. period: for what, usually a year; nobody gets it twice.

    budget: level → yuan, empty without. intent_until: who does not want it says so until then; review_due_at: until
    when the department decides; notice_until: public notice; pay_due_at: until when every level pays
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="rounds")
    department_id = models.UUIDField()
    period = models.CharField(max_length=20)
    year = models.IntegerField()
    state = models.CharField(max_length=8, default=RoundState.OFFERED.value)
    terms_version = models.IntegerField()
    budget: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    offered = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    drawn_by = models.UUIDField(null=True)
    drawn_at = models.DateTimeField()
    intent_until = models.DateTimeField()
    review_due_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    notice_until = models.DateTimeField(null=True)
    pay_due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "policies_round"
        constraints = [
            models.CheckConstraint(name="round_state_known", condition=Q(state__in=[one.value for one in RoundState])),
            models.UniqueConstraint(
                name="round_one_open",
                fields=["clause", "period"],
                condition=Q(state__in=["offered", "review"]),
            ),
        ]
        indexes = [
            models.Index(name="round_register", fields=["region", "state", "-id"]),
            models.Index(name="round_intents", fields=["intent_until"], condition=Q(state="offered")),
            models.Index(name="round_notices", fields=["notice_until"], condition=Q(state="notice")),
        ]

    def __str__(self) -> str:
        return f"{self.clause.name} {self.period}"


class Grant(Chained):
    """What one enterprise gets in a round. amount: yuan; steps: how it came about; grounds: verdicts of the day.

    told_at, told: when it was told and how many persons that reached; known_at: when it first opened or answered it
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="grants")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+")
    department_id = models.UUIDField()
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=20)
    year = models.IntegerField()
    stack = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=9, default=GrantState.OFFERED.value)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    steps: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    grounds: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    told = models.IntegerField(default=0)
    known_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    text = models.CharField(max_length=400, blank=True, default="")
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "policies_grant"
        constraints = [
            models.CheckConstraint(name="grant_state_known", condition=Q(state__in=[one.value for one in GrantState])),
            models.CheckConstraint(name="grant_amount", condition=Q(amount__gte=0)),
            models.UniqueConstraint(name="grant_once", fields=["clause", "enterprise", "period"]),
        ]
        indexes = [
            models.Index(name="grant_round", fields=["round", "state", "id"]),
            models.Index(name="grant_firm", fields=["enterprise", "-id"]),
            models.Index(name="grant_untold", fields=["id"], condition=Q(told_at=None, state="offered")),
        ]


class Share(models.Model):
    """What one level of government owes of a grant. receipt: of the bank; case: what became of it when it was late."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="shares")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    due_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    payment = models.OneToOneField("Payment", on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "policies_share"
        constraints = [models.UniqueConstraint(name="share_level_once", fields=["grant", "level"])]
        indexes = [
            models.Index(name="share_round", fields=["round", "level"]),
            models.Index(name="share_late", fields=["due_at"], condition=Q(paid_at=None, case=None)),
        ]


class Batch(Chained):
    """One batch of payments of a level, taken in once. reference: its number at the treasury; digest: of its rows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="batches")
    department_id = models.UUIDField()
    level = models.CharField(max_length=10)
    reference = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    total = models.DecimalField(max_digits=16, decimal_places=2)
    refused: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "policies_batch"
        constraints = [models.UniqueConstraint(name="batch_once", fields=["region", "reference"])]
        indexes = [models.Index(name="batch_round", fields=["round", "-id"])]


class Payment(models.Model):
    """One row of a batch: money that the bank says arrived. A receipt of the bank pays once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="payments")
    region = models.TextField()
    receipt = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    paid_on = models.DateField()

    class Meta:
        db_table = "policies_payment"
        constraints = [models.UniqueConstraint(name="payment_once", fields=["region", "receipt"])]
