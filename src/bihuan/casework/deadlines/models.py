"""Tables of clocks and timers."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.foundation.kernel.ids import uuid7


class ClockState(models.TextChoices):
    """Whether time passes for a clock."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Clock(models.Model):
    """One cycle of one clock of a subject: its facts, and what the replay of them shows.

    subject, kind, part  what is timed: for example a case, `co_reply`, the department's code
    cycle                1, 2, … each reopening or rework runs a new clock
    facts                the list the replay reads, oldest first (`rules.write_fact`)
    light_ids, light_at  the lights in order and the instant of each (null: not to be reached as things stand)
    alarms               False for what came from elsewhere (imports): it shows lights and fires nothing
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=9)
    subject = models.UUIDField()
    kind = models.CharField(max_length=32)
    part = models.CharField(max_length=64, blank=True, default="")
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=ClockState, default=ClockState.RUNNING)
    started_at = models.DateTimeField()
    allotment = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    original_due_at = models.DateTimeField()
    light_ids = ArrayField(models.CharField(max_length=32), default=list)
    light_at = ArrayField(models.DateTimeField(null=True), default=list)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    void = models.BooleanField(default=False)
    provisional = models.BooleanField()
    alarms = models.BooleanField(default=True)
    calendar_version = models.BigIntegerField()
    rulebook_version = models.CharField(max_length=64, blank=True, default="")
    holder_department = models.UUIDField(null=True)
    holder_role = models.CharField(max_length=32, blank=True, default="")
    facts: Any = models.JSONField()

    class Meta:
        """What the database itself guarantees, and how clocks are found."""

        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "part", "cycle"], name="deadlines_clock_cycle"),
            models.UniqueConstraint(
                fields=["subject", "kind", "part"], condition=~Q(state="stopped"), name="deadlines_clock_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=ClockState.values), name="deadlines_clock_state"),
            models.CheckConstraint(condition=Q(region__regex=r"^\d{6}(\d{3})?$"), name="deadlines_clock_region"),
            models.CheckConstraint(condition=Q(cycle__gte=1), name="deadlines_clock_cycle_from_1"),
            models.CheckConstraint(
                condition=Q(state="stopped", stopped_at__isnull=False)
                | (~Q(state="stopped") & Q(stopped_at__isnull=True)),
                name="deadlines_clock_stopped_at",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_at__isnull=False) | (~Q(state="paused") & Q(paused_at__isnull=True)),
                name="deadlines_clock_paused_at",
            ),
            models.CheckConstraint(
                condition=Q(light_at__len=F("light_ids__len")), name="deadlines_clock_an_instant_for_each_light"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state="stopped"), name="deadlines_clock_open_due"),
            models.Index(
                fields=["id"], condition=Q(provisional=True) & ~Q(state="stopped"), name="deadlines_clock_provisional"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.cycle} of {self.subject}"


class Timer(models.Model):
    """An instant at which a light of a clock comes on. The clock row is the truth; a timer that differs never fires.

    position is the light's place in the clock's lights. failures and retry_at belong to a consequence that raised.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="timers", db_index=False)
    threshold = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField()
    fire_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        """One firing of a light at an instant; only unfired timers are looked through."""

        constraints = [
            models.UniqueConstraint(fields=["clock", "threshold", "fire_at"], name="deadlines_timer_once"),
        ]
        indexes = [
            models.Index(
                fields=["fire_at", "position"], condition=Q(fired_at__isnull=True), name="deadlines_timer_unfired"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.threshold} at {self.fire_at}"
