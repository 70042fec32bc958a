"""Tables of key projects, their milestones, and what blocks them."""

from django.db import models
from django.db.models import F, Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import MilestoneState, ProjectState


class Project(Chained):
    """A key project. planned, paid: in ten thousand yuan; department: who is responsible; blocked: open blocks."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default=ProjectState.SIGNED.value)
    investor = models.CharField(max_length=120, blank=True, default="")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    planned = models.DecimalField(max_digits=14, decimal_places=2)
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    blocked = models.IntegerField(default=0)
    signed_on = models.DateField()
    started_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "projects_project"
        constraints = [
            models.CheckConstraint(
                name="project_state_known", condition=Q(state__in=[state.value for state in ProjectState])
            ),
            models.CheckConstraint(name="project_region_given", condition=~Q(region="")),
            models.CheckConstraint(name="project_amounts", condition=Q(planned__gte=0, paid__gte=0, blocked__gte=0)),
            models.CheckConstraint(
                name="project_starts_after_signing",
                condition=Q(started_on=None) | Q(started_on__gte=F("signed_on")),
            ),
            models.UniqueConstraint(name="project_name_once", fields=["region", "name"]),
        ]
        indexes = [models.Index(name="project_register", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return self.name


class Milestone(Chained):
    """One milestone of a project, with its day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    department_id = models.UUIDField()
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default=MilestoneState.PLANNED.value)
    day = models.DateField()
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "projects_milestone"
        constraints = [
            models.CheckConstraint(
                name="milestone_state_known", condition=Q(state__in=[state.value for state in MilestoneState])
            ),
            models.UniqueConstraint(name="milestone_once", fields=["project", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class Block(models.Model):
    """堵点: the matter that stands in the way of a project, by its number; open until that matter closes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="blocks")
    region = models.TextField()
    department_id = models.UUIDField()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    text = models.TextField()
    open = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        db_table = "projects_block"
        constraints = [models.UniqueConstraint(name="block_once", fields=["project", "case"])]
        indexes = [models.Index(name="block_case", fields=["case"])]
