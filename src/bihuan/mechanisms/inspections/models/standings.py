"""Records of enterprises, how they came in, and the classes they lead to."""

from typing import Any

from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import StandingState

SEVERITIES = ("minor", "ordinary", "serious")
"""轻微, 一般, 严重."""


class Batch(Chained):
    """Records as they came in at once: one that was typed, or a file. problems: [{row, field, problem}]."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    kept = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    problems: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    entered_by = models.UUIDField(null=True)
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "inspections_batch"
        indexes = [models.Index(name="inspection_batch_list", fields=["region", "-id"])]

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """One entry of an enterprise's record. key: the same entry sent twice is one; source: `typed`, `file`, `check`.

    repaired_on: the day from which it counts no more, because credit was repaired.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.TextField()
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="+")
    check_made = models.ForeignKey("inspections.Check", on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=64)
    source = models.CharField(max_length=8)
    on = models.DateField()
    category = models.CharField(max_length=32)
    severity = models.CharField(max_length=12)
    text = models.CharField(max_length=400)
    repaired_on = models.DateField(null=True)

    class Meta:
        db_table = "inspections_record"
        constraints = [
            models.CheckConstraint(name="inspection_record_severity", condition=Q(severity__in=SEVERITIES)),
            models.UniqueConstraint(name="inspection_record_once", fields=["enterprise", "key"]),
        ]
        indexes = [models.Index(name="inspection_record_of", fields=["enterprise", "-on", "id"])]

    def __str__(self) -> str:
        return self.text


class Standing(Chained):
    """The class of an enterprise for a year. revision: 1 for the yearly one, more for changes within the year.

    grade       as computed, or as decided on an objection; points, lines: [{on, category, severity, text, points}]
    until       until when the enterprise may object; reason: why it was rated within the year
    objection, answer: what the enterprise said, and what was decided
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    revision = models.SmallIntegerField(default=1)
    state = models.CharField(max_length=12, default=StandingState.RATED.value)
    grade = models.CharField(max_length=1)
    before = models.CharField(max_length=1, blank=True, default="")
    points = models.IntegerField()
    lines: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    since = models.DateField()
    reason = models.CharField(max_length=400, blank=True, default="")
    objection = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    until = models.DateTimeField()
    rated_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "inspections_standing"
        constraints = [
            models.CheckConstraint(
                name="inspection_standing_state", condition=Q(state__in=[state.value for state in StandingState])
            ),
            models.UniqueConstraint(
                name="inspection_standing_once", fields=["enterprise", "region", "year", "revision"]
            ),
        ]
        indexes = [
            models.Index(name="inspection_standing_newest", fields=["enterprise", "-rated_at"]),
            models.Index(name="inspection_standing_list", fields=["region", "year", "grade", "-id"]),
            models.Index(name="inspection_standing_due", fields=["until"], condition=Q(state="rated")),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.grade}"
