"""Tables of conduct lists and of examinations by them."""

from typing import Any

from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import KINDS, ExaminationState, SheetState


class Sheet(Chained):
    """One version of a list of conduct.

    audience    for whom it is: a role or post in words, such as 审批窗口; together with region and kind it is one list
    entries     [{id, side, text}]; basis: what it rests on; effective_on: the day from which it is in force
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12)
    audience = models.CharField(max_length=60)
    version = models.IntegerField()
    state = models.CharField(max_length=12, default=SheetState.DRAFTED.value)
    title = models.CharField(max_length=120)
    basis = models.CharField(max_length=400, blank=True, default="")
    entries: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    effective_on = models.DateField()
    drafted_by = models.UUIDField()
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "conduct_sheet"
        constraints = [
            models.CheckConstraint(name="conduct_kind_known", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="conduct_state_known", condition=Q(state__in=[state.value for state in SheetState])
            ),
            models.CheckConstraint(name="conduct_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="conduct_published_once",
                condition=Q(state__in=["drafted", "dropped"], published_at=None)
                | Q(state__in=["published", "withdrawn"], published_at__isnull=False),
            ),
            models.UniqueConstraint(name="conduct_version_once", fields=["region", "kind", "audience", "version"]),
            models.UniqueConstraint(
                name="conduct_one_draft", fields=["region", "kind", "audience"], condition=Q(state="drafted")
            ),
        ]
        indexes = [models.Index(name="conduct_register", fields=["region", "kind", "-id"])]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class Examination(Chained):
    """清廉体检 of one enterprise by a version of an integrity list. results: entry id → `kept`, `broken`, `open`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=ExaminationState.EXAMINED.value)
    results: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    advice = models.TextField()
    comment = models.TextField(blank=True, default="")
    examined_at = models.DateTimeField()

    class Meta:
        db_table = "conduct_examination"
        constraints = [
            models.CheckConstraint(
                name="examination_state_known", condition=Q(state__in=[state.value for state in ExaminationState])
            )
        ]
        indexes = [models.Index(name="examination_register", fields=["region", "-id"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.state}"
