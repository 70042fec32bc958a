"""Tables of windows, of mandates, of who stood at which window, and of what holders were asked for and reported."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.foundation.kernel.ids import uuid7
from bihuan.foundation.ledger.models import Chained

from .rules import OUTCOMES
from .states import MandateState, TaskState, WindowState


class Window(Chained):
    """A window for what could not be got done (“办不成事”窗口). department: whose hall or counter it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=8, default=WindowState.OPEN.value)
    department = models.ForeignKey("directory.Department", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mandates_window"
        constraints = [
            models.CheckConstraint(
                name="mandate_window_state_known", condition=Q(state__in=[state.value for state in WindowState])
            ),
            models.CheckConstraint(name="mandate_window_region_given", condition=~Q(region="")),
            models.UniqueConstraint(
                name="mandate_window_once", fields=["region", "name"], condition=Q(state=WindowState.OPEN.value)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Mandate(Chained):
    """Somebody in a post, with a term.

    kind: of the rulebook (its version: rulebook_version); person or enterprise: who holds it. since, until: first and
    last day; until None: no end set. channels: whose matters count as found in this post, as the rulebook then said.
    begins_at, ended_at: the same as instants, for counting; ended_by: the action that ended it. reminded: whether the
    end was announced. follows: the mandate that was handed over to this one. here_since: at this window.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=8, default=MandateState.SERVING.value)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    enterprise = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="mandates")
    department_id = models.UUIDField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    here_since = models.DateField(null=True)
    renewals = models.SmallIntegerField(default=0)
    channels = ArrayField(models.CharField(max_length=40), default=list)
    reminded = models.BooleanField(default=False)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    ended_by = models.CharField(max_length=12, blank=True, default="")
    begins_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    rulebook_version = models.UUIDField()

    class Meta:
        db_table = "mandates_mandate"
        constraints = [
            models.CheckConstraint(
                name="mandate_state_known", condition=Q(state__in=[state.value for state in MandateState])
            ),
            models.CheckConstraint(name="mandate_region_given", condition=~Q(region="")),
            models.CheckConstraint(
                name="mandate_one_holder",
                condition=Q(person__isnull=False, enterprise=None) | Q(person=None, enterprise__isnull=False),
            ),
            models.CheckConstraint(name="mandate_period", condition=Q(until=None) | Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="mandate_ended_says_how",
                condition=Q(state=MandateState.SERVING.value, ended_by="", ended_at=None)
                | ~Q(state=MandateState.SERVING.value) & ~Q(ended_by="") & Q(ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="mandate_once",
                fields=["region", "kind", "person", "enterprise"],
                condition=Q(state=MandateState.SERVING.value),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(name="mandate_register", fields=["region", "state", "-id"]),
            models.Index(name="mandate_person", fields=["person"], condition=Q(person__isnull=False)),
            models.Index(name="mandate_enterprise", fields=["enterprise"], condition=Q(enterprise__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Stay(models.Model):
    """When a holder stood at which window: for what was found there, and for rotation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="stays")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="stays")
    begins_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mandates_stay"
        constraints = [
            models.UniqueConstraint(name="mandate_one_stay", fields=["mandate"], condition=Q(ended_at__isnull=True))
        ]
        indexes = [models.Index(name="mandate_stay_window", fields=["window"])]


class Task(models.Model):
    """What a holder was asked for (text, by `day`) and reported; text empty: a report that nobody asked for.

    outcome: nothing, advice, matter; case: the number of that matter; visited: the enterprise where it was seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(max_length=8, default=TaskState.ASKED.value)
    text = models.TextField(blank=True, default="")
    day = models.DateField(null=True)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    case = models.CharField(max_length=64, blank=True, default="")
    visited = models.ForeignKey("directory.Enterprise", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mandates_task"
        constraints = [
            models.CheckConstraint(
                name="mandate_task_state_known", condition=Q(state__in=[state.value for state in TaskState])
            ),
            models.CheckConstraint(
                name="mandate_report_comes_to_something",
                condition=~Q(state=TaskState.REPORTED.value) | Q(outcome__in=OUTCOMES) & ~Q(answer=""),
            ),
            models.CheckConstraint(name="mandate_matter_named", condition=~Q(outcome="matter") | ~Q(case="")),
        ]
        indexes = [models.Index(name="mandate_tasks", fields=["mandate", "-id"])]
