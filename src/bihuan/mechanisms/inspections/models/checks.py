"""Checks of enterprises, the part of each body in them, what was found, and how they were rated."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import COUNTED, KINDS, CheckState

COUNTING = sorted(state.value for state in COUNTED)


class Check(Chained):
    """One visit of one or several bodies to one enterprise, as it went through the gate.

    year, serial        of the number: the year it was registered in
    department, bodies  who leads it; all that come. items, categories, subjects: of all parts, for the gate
    reasons     what the gate said: why it was refused, or what a clue or an emergency passed
    reason      why a clue or an emergency could not wait; filed: how a check outside the region was filed
    grade       the class of the enterprise when it was decided; sheltered: on the whitelist
    scanned     whether the door's code was scanned on arrival; unscanned: why not
    rated       whether the enterprise has rated it; how stands in no row that leads here
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    year = models.SmallIntegerField()
    serial = models.IntegerField()
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default=CheckState.REGISTERED.value)
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    bodies = ArrayField(models.UUIDField(), default=list)
    items = ArrayField(models.UUIDField(), default=list)
    categories = ArrayField(models.CharField(max_length=32), default=list)
    subjects = ArrayField(models.CharField(max_length=60), default=list)
    on = models.DateField()
    grade = models.CharField(max_length=1, blank=True, default="")
    sheltered = models.BooleanField(default=False)
    reasons: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    reason = models.CharField(max_length=400, blank=True, default="")
    filed = models.CharField(max_length=200, blank=True, default="")
    scanned = models.BooleanField(default=False)
    unscanned = models.CharField(max_length=400, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    verdict = models.CharField(max_length=12, blank=True, default="")
    review = models.TextField(blank=True, default="")
    rated = models.BooleanField(default=False)
    registered_by = models.UUIDField(null=True)
    registered_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "inspections_check"
        constraints = [
            models.CheckConstraint(name="inspection_check_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="inspection_check_state", condition=Q(state__in=[state.value for state in CheckState])
            ),
            models.UniqueConstraint(name="inspection_serial_once", fields=["region", "year", "serial"]),
            models.CheckConstraint(name="inspection_check_region", condition=~Q(region="")),
            models.CheckConstraint(
                name="inspection_free_says_why",
                condition=~Q(kind__in=["clue", "urgent"]) | ~Q(reason="") | Q(state="refused"),
            ),
            models.CheckConstraint(
                name="inspection_verdict", condition=Q(verdict__in=["", "justified", "unjustified"])
            ),
        ]
        indexes = [
            models.Index(name="inspection_check_register", fields=["region", "state", "-id"]),
            models.Index(name="inspection_check_load", fields=["enterprise", "on"], condition=Q(state__in=COUNTING)),
            models.Index(
                name="inspection_check_lapse", fields=["on"], condition=Q(state__in=["registered", "approved"])
            ),
            models.Index(name="inspection_check_year", fields=["region", "on"]),
            models.Index(name="inspection_check_of_firm", fields=["enterprise", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number


class Part(models.Model):
    """What one body does in a check. approved_by: the head of the body; a part that is not approved does not come."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="parts")
    region = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.UUIDField(), default=list)
    officers = ArrayField(models.UUIDField(), default=list)
    registered_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inspections_part"
        constraints = [models.UniqueConstraint(name="inspection_part_once", fields=["visit", "department"])]
        indexes = [models.Index(name="inspection_part_of", fields=["department", "visit"])]


class Finding(models.Model):
    """What was found for one item. outcome: `fine`, `advice`, `corrected`, `ordered` or `penalty`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="findings")
    region = models.TextField()
    item = models.ForeignKey("inspections.Item", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)
    severity = models.CharField(max_length=12, blank=True, default="")
    text = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        db_table = "inspections_finding"
        constraints = [models.UniqueConstraint(name="inspection_finding_once", fields=["visit", "item"])]


class Mark(models.Model):
    """One rating of one body that came. Nothing leads from it to the check or the enterprise: month and body are all.

    The database lets nobody change it, and the product alone reads it. id: pure chance, so that its order says nothing.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    region = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    level = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        db_table = "inspections_mark"
        constraints = [models.CheckConstraint(name="inspection_mark_level", condition=Q(level__gte=1, level__lte=5))]
        indexes = [models.Index(name="inspection_mark_of", fields=["region", "month"])]
