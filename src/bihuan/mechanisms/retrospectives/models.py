"""Tables of retrospectives. Each row carries the region of its case."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .rules.dissecting import BRANCHES, OUTPUTS
from .states import BEFORE_APPROVAL, OPEN, RetrospectiveState

OPEN_STATES = sorted(state.value for state in OPEN)
BLOCKING = sorted(state.value for state in BEFORE_APPROVAL)


class Retrospective(Chained):
    """The one look back at one case: the database lets no case have two, and no case with one be deleted.

    grounds       ids of the rulebook's conditions that were met, `hand` where a person asked for it (ground_text)
    unit          the lead department at the closing; None for a case that had none
    leader        who leads the dissection (分管领导)
    presumptions  {reasonable | solvable | at_fault: {kept, why}}
    side_effects  what may go wrong with `solution`: [{text, occurred}], occurred None until it was looked at
    touched       groups whom the solution touches; check_on: the day to look back, None: as the rulebook says
    minutes       working time of the case as a whole (see Link)
    stale_version the newest version of the report when what it tells was last changed; 0: nothing was changed since
    approved_version, approved_sha256   the report that was approved, and the hash that stands in the ledger
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    category = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=16, default=RetrospectiveState.AWAITED.value)
    grounds = ArrayField(models.CharField(max_length=64))
    ground_text = models.TextField(blank=True, default="")
    unit = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    unit_says = models.TextField(blank=True, default="")
    presumptions: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    finding = models.TextField(blank=True, default="")
    solution = models.TextField(blank=True, default="")
    side_effects: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    touched = ArrayField(models.CharField(max_length=200), default=list)
    check_on = models.DateField(null=True)
    check_text = models.TextField(blank=True, default="")
    minutes = models.PositiveIntegerField(default=0)
    stale_version = models.SmallIntegerField(default=0)
    approved_version = models.SmallIntegerField(null=True)
    approved_sha256 = models.CharField(max_length=64, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "retrospectives_retrospective"
        constraints = [
            models.CheckConstraint(
                name="retrospective_state_known", condition=Q(state__in=[state.value for state in RetrospectiveState])
            ),
            models.CheckConstraint(name="retrospective_region_given", condition=~Q(region="")),
            models.CheckConstraint(name="retrospective_has_grounds", condition=~Q(grounds=[])),
            models.CheckConstraint(
                name="retrospective_concluded_has_report",
                condition=~Q(state__in=["concluded", "checked"])
                | Q(approved_version__isnull=False, concluded_at__isnull=False) & ~Q(approved_sha256=""),
            ),
        ]
        indexes = [
            models.Index(name="retrospective_register", fields=["region", "state", "-id"]),
            models.Index(name="retrospective_concluded", fields=["region", "concluded_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Cause(models.Model):
    """A cause on the fishbone. What was struck out stays, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    retrospective = models.ForeignKey(Retrospective, on_delete=models.PROTECT, related_name="causes")
    region = models.TextField()
    branch = models.CharField(max_length=16)
    text = models.CharField(max_length=120)
    found_by = models.UUIDField()
    found_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "retrospectives_cause"
        constraints = [
            models.CheckConstraint(name="cause_branch_known", condition=Q(branch__in=BRANCHES)),
            models.UniqueConstraint(
                name="cause_once", fields=["retrospective", "branch", "text"], condition=Q(struck_at__isnull=True)
            ),
        ]
        indexes = [models.Index(name="cause_used", fields=["region", "branch", "text"])]


class Link(models.Model):
    """Where the case's time went: one step at one owner, computed from the ledger, `place` 1 the weakest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    retrospective = models.ForeignKey(Retrospective, on_delete=models.CASCADE, related_name="links")
    region = models.TextField()
    place = models.SmallIntegerField()
    step = models.CharField(max_length=24)
    role = models.CharField(max_length=32)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField()
    share = models.FloatField()
    times = models.SmallIntegerField()

    class Meta:
        db_table = "retrospectives_link"
        constraints = [models.UniqueConstraint(name="link_place_once", fields=["retrospective", "place"])]


class Guest(models.Model):
    """第三方: somebody from outside who was invited, with an account (`person`) or by name only, and their advice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    retrospective = models.ForeignKey(Retrospective, on_delete=models.PROTECT, related_name="guests")
    region = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    advice = models.TextField(blank=True, default="")
    invited_at = models.DateTimeField()
    advised_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "retrospectives_guest"
        constraints = [
            models.UniqueConstraint(
                name="guest_once", fields=["retrospective", "person"], condition=Q(person__isnull=False)
            )
        ]


class Version(models.Model):
    """One version of the report. The database lets nobody change or delete it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    retrospective = models.ForeignKey(Retrospective, on_delete=models.PROTECT, related_name="versions")
    region = models.TextField()
    number = models.SmallIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "retrospectives_version"
        constraints = [models.UniqueConstraint(name="version_once", fields=["retrospective", "number"])]


class Output(models.Model):
    """What follows from a retrospective: an institution, a model case, a warning case (R5, R6).

    stays: why a word in it that looks like the name of a firm or a person stays (it names nobody).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    retrospective = models.ForeignKey(Retrospective, on_delete=models.PROTECT, related_name="outputs")
    region = models.TextField()
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    text = models.TextField()
    stays = models.CharField(max_length=400, blank=True, default="")
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "retrospectives_output"
        constraints = [models.CheckConstraint(name="output_kind_known", condition=Q(kind__in=OUTPUTS))]
