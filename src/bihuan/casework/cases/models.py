"""Tables of the case. Every table carries the region of its case, which never changes (SCALE)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN, CaseState, ClosedKind, Word

STATES = [state.value for state in CaseState]
OPEN_STATES = sorted(state.value for state in OPEN)


class Case(Chained):
    """One matter raised by an enterprise (or anonymously), from the first word to the archive.

    Texts that prove what was said are also in the ledger; contact data are not (see Contact).
    `due_at`, `original_due_at`, `light_at` and `light_ids` mirror the clock that rules now, so that the light at any
    instant is `light_ids[width_bucket(instant, light_at)]` and can never be stale.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=64, unique=True)
    follow_up_digest = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    description = models.TextField()
    channel = models.CharField(max_length=40)
    town = models.CharField(max_length=9, blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    category = models.CharField(max_length=64, blank=True, default="")
    board = models.CharField(max_length=64, blank=True, default="")
    tier = models.CharField(max_length=16, blank=True, default="")
    urgent = models.BooleanField(default=False)
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    anonymous = models.BooleanField(default=False)
    raised_by = models.UUIDField(null=True)
    state = models.CharField(max_length=24, default=CaseState.SUBMITTED.value)
    lead_department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    co_department_ids = ArrayField(models.UUIDField(), default=list)
    bound = models.BooleanField(default=False)
    objected_ids = ArrayField(models.UUIDField(), default=list)
    closed_kind = models.CharField(max_length=16, blank=True, default="")
    decline_reason = models.CharField(max_length=40, blank=True, default="")
    reply_kind = models.CharField(max_length=16, blank=True, default="")
    reply_text = models.TextField(blank=True, default="")
    word = models.CharField(max_length=16, default=Word.PENDING.value)
    achieved = models.BooleanField(null=True)
    achieved_by = models.CharField(max_length=24, blank=True, default="")
    false_closure = models.BooleanField(default=False)
    rating_plan = models.SmallIntegerField(null=True)
    rating_process = models.SmallIntegerField(null=True)
    rating_result = models.SmallIntegerField(null=True)
    rating_changes = models.SmallIntegerField(default=0)
    callback = models.JSONField(null=True)
    extension = models.JSONField(null=True)
    extensions = models.SmallIntegerField(default=0)
    suspension = models.JSONField(null=True)
    hand_offs = models.SmallIntegerField(default=0)
    returns = models.SmallIntegerField(default=0)
    reworks = models.SmallIntegerField(default=0)
    reopenings = models.SmallIntegerField(default=0)
    verifier_ids = ArrayField(models.UUIDField(), default=list)
    verifying_by = models.UUIDField(null=True)
    escalated_to = models.CharField(max_length=64, blank=True, default="")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    raised_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    first_contact_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    achieved_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    original_due_at = models.DateTimeField()
    light_at = ArrayField(models.DateTimeField(), default=list)
    light_ids = ArrayField(models.CharField(max_length=24), default=list)
    counts_from = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    allotment = models.CharField(max_length=16, blank=True, default="")
    provisional = models.BooleanField(default=False)
    rulebook_version = models.UUIDField()
    source = models.CharField(max_length=40, blank=True, default="")
    source_id = models.CharField(max_length=120, blank=True, default="")
    search = SearchVectorField(null=True)

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="case_closed_kind_known", condition=Q(closed_kind__in=["", *(kind.value for kind in ClosedKind)])
            ),
            models.CheckConstraint(
                name="case_anonymous_has_no_enterprise", condition=Q(anonymous=False) | Q(enterprise__isnull=True)
            ),
            models.CheckConstraint(
                name="case_achieved_needs_resolved",
                condition=Q(achieved__isnull=True) | Q(achieved=False) | Q(closed_kind__in=["", "resolved"]),
            ),
            models.CheckConstraint(
                name="case_closed_has_kind",
                condition=~Q(state="closed") | ~Q(closed_kind="") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(name="case_region_given", condition=~Q(region="")),
            models.UniqueConstraint(
                name="case_source_once", fields=["region", "source", "source_id"], condition=~Q(source_id="")
            ),
        ]
        indexes = [
            models.Index(name="case_queue", fields=["region", "due_at", "id"], condition=Q(state__in=OPEN_STATES)),
            models.Index(name="case_register", fields=["region", "-raised_at", "-id"]),
            models.Index(
                name="case_lead_queue", fields=["lead_department", "due_at", "id"], condition=Q(state__in=OPEN_STATES)
            ),
            models.Index(name="case_lead_register", fields=["lead_department", "-raised_at", "-id"]),
            models.Index(name="case_enterprise", fields=["enterprise", "-raised_at", "-id"]),
            models.Index(name="case_raiser", fields=["raised_by", "-raised_at"], condition=Q(raised_by__isnull=False)),
            GinIndex(name="case_co_departments", fields=["co_department_ids"]),
            GinIndex(name="case_search", fields=["search"]),
            models.Index(name="case_merged", fields=["merged_into"], condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class Numbering(models.Model):
    """The last number given in a region and month; its row lock makes numbers gapless."""

    pk = models.CompositePrimaryKey("region", "period")
    region = models.CharField(max_length=12)
    period = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "cases_numbering"


class Contact(models.Model):
    """How to reach the raiser. Kept apart from the case and out of the ledger, so that it can be erased."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    region = models.CharField(max_length=12)
    name = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")

    class Meta:
        db_table = "cases_contact"


class CoDepartment(models.Model):
    """A co-department (协办) of a case, with its own deadline and answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="co_departments")
    region = models.CharField(max_length=12)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    round = models.SmallIntegerField(default=1)
    due_at = models.DateTimeField()
    reply_text = models.TextField(blank=True, default="")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_codepartment"
        constraints = [
            models.UniqueConstraint(name="co_department_once_a_round", fields=["case", "department", "round"]),
        ]


class Plan(models.Model):
    """A version of the solution plan: measures `[{what, unit, due}]` and the enterprise's rating of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="plans")
    region = models.CharField(max_length=12)
    version = models.SmallIntegerField()
    measures: "models.JSONField[Any, Any]" = models.JSONField()
    submitted_by = models.UUIDField()
    submitted_at = models.DateTimeField()
    level = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "cases_plan"
        constraints = [models.UniqueConstraint(name="plan_version_once", fields=["case", "version"])]


class Attachment(models.Model):
    """A file of a case. The bytes lie in the data folder under their SHA-256, once for any number of cases."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    region = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    visible_to_enterprise = models.BooleanField(default=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "cases_attachment"
        constraints = [models.UniqueConstraint(name="attachment_once_a_case", fields=["case", "sha256"])]
