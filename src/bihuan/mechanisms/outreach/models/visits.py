"""Teams, plans, visits, what was found on them, and photos, whose position is kept apart."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from ..states import VisitState

VISIT_KINDS = ("visit", "inspection", "registered")
"""走访问需, 察访, 干部访企登记."""
COUNTED = (VisitState.PLANNED.value, VisitState.DONE.value)
"""States in which a visit is a load on the enterprise."""


class Team(Chained):
    """A team (察访队). kind: one of the rulebook's; members, experts: persons; experts come from outside."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    members = ArrayField(models.UUIDField(), default=list)
    experts = ArrayField(models.UUIDField(), default=list)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "outreach_team"
        constraints = [models.UniqueConstraint(name="outreach_team_once", fields=["region", "name"])]

    def __str__(self) -> str:
        return self.name


class VisitPlan(Chained):
    """A plan, perhaps a campaign's list: enterprises, teams, days. skipped: [{enterprise, earliest}]."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    purpose = models.CharField(max_length=400)
    since = models.DateField()
    until = models.DateField()
    campaign = models.ForeignKey("outreach.Campaign", on_delete=models.PROTECT, null=True, related_name="+")
    skipped: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "outreach_plan"
        constraints = [models.CheckConstraint(name="outreach_plan_days", condition=Q(until__gte=models.F("since")))]
        indexes = [models.Index(name="outreach_plan_register", fields=["region", "-id"])]

    def __str__(self) -> str:
        return self.name


class Visit(Chained):
    """One visit to an enterprise, registered before the day.

    department  the body that comes; officials: the persons who come. announced: whether the enterprise is told
    beforehand (四不两直: not). registered_by: who entered it
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=VisitState.PLANNED.value)
    plan = models.ForeignKey(VisitPlan, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    officials = ArrayField(models.UUIDField(), default=list)
    on = models.DateField()
    purpose = models.CharField(max_length=400)
    announced = models.BooleanField(default=True)
    registered_by = models.UUIDField(null=True)
    registered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rated = models.BooleanField(default=False)

    class Meta:
        db_table = "outreach_visit"
        constraints = [
            models.CheckConstraint(name="outreach_visit_kind_known", condition=Q(kind__in=VISIT_KINDS)),
            models.CheckConstraint(
                name="outreach_visit_state_known", condition=Q(state__in=[state.value for state in VisitState])
            ),
            models.CheckConstraint(name="outreach_visit_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="outreach_visit_done_once",
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at=None),
            ),
        ]
        indexes = [
            models.Index(name="outreach_visit_register", fields=["region", "-on", "-id"]),
            models.Index(name="outreach_visit_load", fields=["enterprise", "on"], condition=Q(state__in=COUNTED)),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class Report(models.Model):
    """What one of the visitors wrote down, on the spot or later. digest: the same form sent twice is one report.

    taken_at    when it was written, by the device's clock; clock_off: that clock was ahead, so it is when it came in
    case        the matter that the enterprise stated, if it stated one
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    by = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()
    clock_off = models.BooleanField(default=False)
    text = models.TextField()
    finding = models.TextField(blank=True, default="")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "outreach_report"
        constraints = [models.UniqueConstraint(name="outreach_report_once", fields=["visit", "digest"])]


class Photo(models.Model):
    """A photo of a report, drawn anew from its pixels: nothing else that was in the file is kept in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    region = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()

    class Meta:
        db_table = "outreach_photo"
        constraints = [models.UniqueConstraint(name="outreach_photo_once", fields=["report", "sha256"])]


class PhotoPlace(models.Model):
    """Where a photo was taken, as its file said (EXIF): apart from it, for supervisors of the region only."""

    photo = models.OneToOneField(Photo, on_delete=models.PROTECT, primary_key=True, related_name="+")
    region = models.TextField()
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        db_table = "outreach_photo_place"
