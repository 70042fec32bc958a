"""Tables of evaluation. None is ever shown to the side that is rated: see the walls in migrations/0002_walls.py."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .states import OPEN_CALLS, OPEN_MARKS, CallState, DrawState, MarkState, QuestionState

OPEN_MARK_STATES = sorted(state.value for state in OPEN_MARKS)
OPEN_CALL_STATES = sorted(state.value for state in OPEN_CALLS)


class Invitation(Chained):
    """One closing about which the raiser is asked. round counts the closings of a case.

    people     how many persons were told, or 1 when the contact left with the case was written to; 0: nobody could be,
               and only the follow-up code leads to the rating
    used_at    when the matter was rated after it; the link then rates no more
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    round = models.SmallIntegerField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    people = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    by_link = models.BooleanField(default=False)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "evaluation_invitation"
        constraints = [
            models.CheckConstraint(name="invitation_region_given", condition=~Q(region="")),
            models.UniqueConstraint(name="invitation_once_a_round", fields=["case", "round"]),
        ]
        indexes = [
            models.Index(name="invitation_sent", fields=["region", "-sent_at"]),
            models.Index(name="invitation_used", fields=["region", "used_at"], condition=Q(used_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"


class Device(models.Model):
    """From which class of devices a rating came: a salted hash without address, deleted after some days.

    beside_staff: a member of staff was logged in on the same browser.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=12)
    digest = models.CharField(max_length=32)
    beside_staff = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "evaluation_device"
        indexes = [models.Index(name="device_age", fields=["seen_at"])]

    def __str__(self) -> str:
        return self.digest


class Mark(Chained):
    """A bad mark (差评) on one rating, from the opening until it is closed or set aside.

    number        `CP-` with the month; it does not say which case. parts: part → level
    unit_ids      lead and co-departments at the time: they never read this row
    shared        what the lead learns: `matter`, `kind` (reasons and month only), `nothing`; empty until contacted
    appeal        "" none, `pending`, `upheld`, `refused`
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=16, default=MarkState.OPENED.value)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    unit_ids = ArrayField(models.UUIDField(), default=list)
    parts: "models.JSONField[Any, Any]" = models.JSONField()
    reasons = ArrayField(models.CharField(max_length=400), default=list)
    words = models.TextField(blank=True, default="")
    shared = models.CharField(max_length=8, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    revisited_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    corrections = models.SmallIntegerField(default=0)
    improved_at = models.DateTimeField(null=True)
    finding = models.TextField(blank=True, default="")
    demand = models.TextField(blank=True, default="")
    correction = models.TextField(blank=True, default="")
    answer = models.TextField(blank=True, default="")
    revisit = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    appeal = models.CharField(max_length=8, blank=True, default="")
    appeal_text = models.TextField(blank=True, default="")
    appeal_decision = models.TextField(blank=True, default="")
    appealed_by = models.UUIDField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "evaluation_mark"
        constraints = [
            models.CheckConstraint(
                name="mark_state_known", condition=Q(state__in=[state.value for state in MarkState])
            ),
            models.CheckConstraint(name="mark_region_given", condition=~Q(region="")),
            models.CheckConstraint(name="mark_shared_known", condition=Q(shared__in=["", "matter", "kind", "nothing"])),
            models.CheckConstraint(
                name="mark_ends_once",
                condition=Q(state__in=OPEN_MARK_STATES, ended_at=None)
                | ~Q(state__in=OPEN_MARK_STATES) & ~Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="mark_set_aside_by_appeal", condition=~Q(state="set_aside") | Q(appeal="upheld")
            ),
            models.UniqueConstraint(
                name="mark_one_open_a_case", fields=["case"], condition=Q(state__in=OPEN_MARK_STATES)
            ),
        ]
        indexes = [
            models.Index(name="mark_queue", fields=["region", "state", "-id"]),
            models.Index(name="mark_unit", fields=["department", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number


class Draw(Chained):
    """A draw of closings to be called, over one period of one region. seed: sealed until it is revealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=16, default=DrawState.COMMITTED.value)
    since = models.DateTimeField()
    until = models.DateTimeField()
    committed_at = models.DateTimeField()
    commitment = models.CharField(max_length=64)
    sealed = models.TextField()
    seed = models.CharField(max_length=64, blank=True, default="")
    share = models.FloatField()
    strata: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    whole = ArrayField(models.CharField(max_length=8), default=list)
    sample = ArrayField(models.CharField(max_length=16), default=list)
    drawn_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "evaluation_draw"
        constraints = [
            models.CheckConstraint(
                name="draw_state_known", condition=Q(state__in=[state.value for state in DrawState])
            ),
            models.CheckConstraint(name="draw_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="draw_secret_until_drawn",
                condition=Q(state="revealed") & ~Q(seed="") | ~Q(state="revealed") & Q(seed=""),
            ),
            models.UniqueConstraint(name="draw_once_a_period", fields=["region", "since"]),
        ]
        indexes = [models.Index(name="draw_due", fields=["until"], condition=Q(state="committed"))]

    def __str__(self) -> str:
        return f"{self.region} {self.since:%Y-%m-%d}"


class Callback(Chained):
    """One call to the raiser about one closing. false_closing: closed as resolved, and the raiser says it is not.

    unit_said and raiser_said are the two versions as they were then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="+")
    round = models.SmallIntegerField()
    state = models.CharField(max_length=16, default=CallState.WAITING.value)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    unit_ids = ArrayField(models.UUIDField(), default=list)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    caller = models.UUIDField(null=True)
    attempts = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    solved = models.BooleanField(null=True)
    level = models.SmallIntegerField(null=True)
    unit_said = models.TextField(blank=True, default="")
    raiser_said = models.TextField(blank=True, default="")
    false_closing = models.BooleanField(default=False)
    overturned = models.BooleanField(default=False)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "evaluation_callback"
        constraints = [
            models.CheckConstraint(
                name="callback_state_known", condition=Q(state__in=[state.value for state in CallState])
            ),
            models.CheckConstraint(name="callback_region_given", condition=~Q(region="")),
            models.CheckConstraint(name="callback_done_says_it", condition=~Q(state="done") | Q(solved__isnull=False)),
            models.UniqueConstraint(name="callback_once_a_round", fields=["case", "round"]),
        ]
        indexes = [models.Index(name="callback_queue", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.round}"


class Question(Chained):
    """A question to a supervisor: what a detector noticed. kind and key: the same observation is asked about once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=160)
    state = models.CharField(max_length=16, default=QuestionState.OPEN.value)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    evidence: "models.JSONField[Any, Any]" = models.JSONField()
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "evaluation_question"
        constraints = [
            models.CheckConstraint(
                name="question_state_known", condition=Q(state__in=[state.value for state in QuestionState])
            ),
            models.CheckConstraint(name="question_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="question_answered_with_note",
                condition=Q(state="open", answered_at=None) | Q(state="answered") & ~Q(answered_at=None) & ~Q(note=""),
            ),
            models.UniqueConstraint(name="question_asked_once", fields=["region", "kind", "key"]),
        ]
        indexes = [models.Index(name="question_queue", fields=["region", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
