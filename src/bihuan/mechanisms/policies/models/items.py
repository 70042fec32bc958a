"""Service items with their reforms, papers that were demanded, and promises instead of papers."""

from typing import Any

from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import ItemState, PromiseState


class Item(Chained):
    """A service item. kind: of the rulebook's list; legal_days, days: working days by law, and promised.

    steps: a list of names; papers: as `rules.papers` reads them
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=9, default=ItemState.DRAFT.value)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    guide = models.TextField(blank=True, default="")
    basis = models.CharField(max_length=300, blank=True, default="")
    legal_days = models.IntegerField(null=True)
    days = models.IntegerField()
    steps: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    papers: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    reforms_count = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "policies_item"
        constraints = [
            models.CheckConstraint(
                name="service_item_state_known", condition=Q(state__in=[one.value for one in ItemState])
            ),
            models.CheckConstraint(name="service_item_days", condition=Q(days__gte=0)),
            models.UniqueConstraint(name="service_item_code_once", fields=["region", "code"]),
        ]
        indexes = [models.Index(name="service_item_register", fields=["region", "kind", "-id"])]

    def __str__(self) -> str:
        return self.name


class Reform(models.Model):
    """One reform of an item: steps, papers and days before and after, and the matters that caused it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reforms")
    region = models.TextField()
    number = models.IntegerField()
    text = models.TextField()
    before: "models.JSONField[Any, Any]" = models.JSONField()
    after: "models.JSONField[Any, Any]" = models.JSONField()
    cases: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "cases.Case", related_name="+", db_table="policies_reform_case"
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "policies_reform"
        constraints = [models.UniqueConstraint(name="service_reform_once", fields=["item", "number"])]


class Demand(Chained):
    """A paper that an enterprise was asked for. shared: it could have been got from another department (source)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="demands")
    department_id = models.UUIDField()
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.CharField(max_length=120)
    listed = models.BooleanField()
    shared = models.BooleanField()
    source = models.CharField(max_length=60, blank=True, default="")
    on = models.DateField()
    noted_at = models.DateTimeField()
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "policies_demand"
        indexes = [models.Index(name="service_demand_item", fields=["item", "-id"])]


class Promise(Chained):
    """A paper that comes later (容缺, `tolerated`) or is replaced by a word (告知承诺, `promised`), with its day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="promises")
    department_id = models.UUIDField()
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9)
    paper = models.CharField(max_length=120)
    state = models.CharField(max_length=6, default=PromiseState.OPEN.value)
    due_at = models.DateTimeField()
    late_since = models.DateTimeField(null=True)
    text = models.CharField(max_length=400, blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "policies_promise"
        constraints = [
            models.CheckConstraint(
                name="service_promise_state_known", condition=Q(state__in=[one.value for one in PromiseState])
            ),
            models.CheckConstraint(name="service_promise_kind_known", condition=Q(kind__in=["tolerated", "promised"])),
            models.UniqueConstraint(
                name="service_promise_one_open", fields=["item", "enterprise", "paper"], condition=Q(state="open")
            ),
        ]
        indexes = [
            models.Index(name="service_promise_item", fields=["item", "state", "-id"]),
            models.Index(name="service_promise_late", fields=["due_at"], condition=Q(state="open", late_since=None)),
        ]
