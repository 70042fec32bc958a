"""Tables of simulated accountability. Posts and units stand in them, never the name of a person found at fault."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .rules.signs import KINDS
from .states import OPEN, CheckState, Finding, InquiryState, PointState, ReliefState, SignState

OPEN_STATES = sorted(state.value for state in OPEN)
POINT_KINDS = ("centre", "advice", "enterprise", "association", "other")
"""企服中心、咨询分中心、企业、行业协会、其他."""
RELIEF_KINDS = ("tolerance", "no_effect")
"""容错认定、不影响使用建议书."""


def _one_of(field: str, values: Any) -> Q:
    return Q(**{f"{field}__in": [getattr(one, "value", one) for one in values]})


class Inquiry(Chained):
    """模拟问责: one written application and what came of it (A4). It warns; it establishes nothing about a person.

    unit, unit_ids: whom it concerns first, and every department that carries a responsibility in it
    application, answer, unit_says, finding, rectification, result: what each side wrote, in this order
    visits, failed, returned: good visits since the last report, visits that found nothing done, reports sent back
    found_due, rectified_due: by when the two reports had to be there
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=72, unique=True)
    title = models.CharField(max_length=400)
    state = models.CharField(max_length=16, default=InquiryState.APPLIED.value)
    unit = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    unit_ids = ArrayField(models.UUIDField())
    application = models.TextField()
    answer = models.TextField(blank=True, default="")
    unit_says = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=12, blank=True, default="")
    finding = models.TextField(blank=True, default="")
    rectification = models.TextField(blank=True, default="")
    result = models.TextField(blank=True, default="")
    visits = models.SmallIntegerField(default=0)
    failed = models.SmallIntegerField(default=0)
    returned = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    applied_at = models.DateTimeField()
    taken_on_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)
    found_due = models.DateTimeField(null=True)
    rectified_at = models.DateTimeField(null=True)
    rectified_due = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "accountability_inquiry"
        constraints = [
            models.CheckConstraint(name="inquiry_state_known", condition=_one_of("state", InquiryState)),
            models.CheckConstraint(name="inquiry_outcome_known", condition=_one_of("outcome", ["", *Finding])),
            models.CheckConstraint(name="inquiry_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="inquiry_found_has_report",
                condition=~Q(state__in=["found", "rectified", "cleared", "written_off"])
                | ~Q(outcome="") & ~Q(finding="") & Q(found_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="inquiry_once_open_a_case", fields=["case"], condition=Q(state__in=OPEN_STATES)
            ),
        ]
        indexes = [
            models.Index(name="inquiry_register", fields=["region", "-id"]),
            models.Index(name="inquiry_of_case", fields=["case", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number


class Duty(models.Model):
    """责任清单 (A5): one failing, whose it is (unit, section, post), which treatment would apply, on which provision.

    department: where it happened; bearer: who carries it now, after mergers. kind, post, treatment: ids.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="duties")
    region = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    bearer = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=60)
    post = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    text = models.TextField()
    treatment = models.CharField(max_length=32)
    provision = models.CharField(max_length=200)
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accountability_duty"
        indexes = [models.Index(name="duty_of_inquiry", fields=["inquiry", "at"])]


class Visit(models.Model):
    """回访: whether what was reported is really there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="visit_notes")
    region = models.TextField()
    done = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "accountability_visit"


class Relief(Chained):
    """容错认定或不影响使用建议书 (A7), for a post. The name is written onto the paper by hand and kept nowhere here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="reliefs")
    number = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=ReliefState.PROPOSED.value)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=60)
    post = models.CharField(max_length=32)
    text = models.TextField()
    answer = models.TextField(blank=True, default="")
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accountability_relief"
        constraints = [
            models.CheckConstraint(name="relief_kind_known", condition=_one_of("kind", RELIEF_KINDS)),
            models.CheckConstraint(name="relief_state_known", condition=_one_of("state", ReliefState)),
        ]
        indexes = [models.Index(name="relief_register", fields=["region", "-id"])]


class Sign(Chained):
    """苗头 (A3): one early sign about a unit in a matter. mark: what tells it from another of its kind.

    evidence: [{what, at}] with plain values only: counts, shares, instants, numbers of other matters.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    mark = models.CharField(max_length=64)
    state = models.CharField(max_length=16, default=SignState.OPEN.value)
    evidence: "models.JSONField[Any, Any]" = models.JSONField()
    unit_says = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accountability_sign"
        constraints = [
            models.CheckConstraint(name="sign_kind_known", condition=_one_of("kind", KINDS)),
            models.CheckConstraint(name="sign_state_known", condition=_one_of("state", SignState)),
            models.UniqueConstraint(name="sign_once", fields=["case", "kind", "mark"]),
            models.UniqueConstraint(name="sign_once_open", fields=["case", "kind"], condition=Q(state="open")),
        ]
        indexes = [models.Index(name="sign_register", fields=["region", "-id"])]


class Watch(models.Model):
    """What is remembered of a matter at a department, to notice when nothing comes: one row a case, looked at when due.

    since: the last word of work. lit_at: when a light that must not be ignored came on. look_at: when to look again.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    region = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    lit_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accountability_watch"
        indexes = [models.Index(name="watch_due", fields=["look_at"], condition=Q(look_at__isnull=False))]


class Answered(models.Model):
    """One answer of a department: how much of its time was used, for its next answers to be compared with.

    looked: whether it was compared with those before it already; `look` does so, in the order in which they came.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    region = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    share = models.FloatField()
    at = models.DateTimeField()
    looked = models.BooleanField(default=False)

    class Meta:
        db_table = "accountability_answered"
        constraints = [models.UniqueConstraint(name="answered_once", fields=["case", "at"])]
        indexes = [
            models.Index(name="answered_lately", fields=["department", "-at"]),
            models.Index(name="answered_to_compare", fields=["at"], condition=Q(looked=False)),
        ]


class Point(Chained):
    """观测点 (A1): a centre, an enterprise, an association … that notices. advice: discipline and law too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    town = models.CharField(max_length=9, blank=True, default="")
    advice = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=PointState.ACTIVE.value)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accountability_point"
        constraints = [
            models.CheckConstraint(name="point_kind_known", condition=_one_of("kind", POINT_KINDS)),
            models.CheckConstraint(name="point_state_known", condition=_one_of("state", PointState)),
            models.UniqueConstraint(name="point_name_once", fields=["region", "name"], condition=Q(state="active")),
        ]


class Observer(models.Model):
    """观察员: who observes at a point, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="observers")
    region = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "accountability_observer"
        constraints = [
            models.UniqueConstraint(
                name="observer_once_a_point", fields=["point", "person"], condition=Q(until__isnull=True)
            )
        ]


class Check(Chained):
    """自查自纠 (A2): one round in which boards and towns look at themselves along the problem list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default=CheckState.OPEN.value)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "accountability_check"
        constraints = [models.CheckConstraint(name="check_state_known", condition=_one_of("state", CheckState))]
        indexes = [models.Index(name="check_register", fields=["region", "-id"])]


class Entry(models.Model):
    """What a board (`board`: its code) or town found at itself: [{kind, text, fix}]; nothing is an answer too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_round = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="entries")
    region = models.TextField()
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    board = models.CharField(max_length=32, blank=True, default="")
    name = models.CharField(max_length=100)
    found: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    text = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accountability_entry"
        constraints = [models.UniqueConstraint(name="entry_once_a_body", fields=["check_round", "department", "board"])]
