"""Tables of the working calendar."""

from django.db import models
from django.db.models import Q


class DayKind(models.TextChoices):
    """What a notice makes of a day."""

    REST = "rest"
    WORK = "work"


class Origin(models.TextChoices):
    """Where a day comes from: the product's own file, or one an administrator imported."""

    PACKAGED = "packaged"
    IMPORTED = "imported"


class CalendarDay(models.Model):
    """One day on which an official notice overrules the week.

    year is the year the notice is for, which for days around New Year may differ from the date's own. A year is known
    once it has days and all of them are confirmed.
    """

    date = models.DateField(primary_key=True)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=4, choices=DayKind)
    name = models.CharField(max_length=60, blank=True)
    source_doc = models.CharField(max_length=200)
    confirmed = models.BooleanField()
    origin = models.CharField(max_length=8, choices=Origin)

    class Meta:
        """What the database itself guarantees."""

        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="workcalendar_day_kind"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="workcalendar_day_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class RegionHours(models.Model):
    """Office hours of a region from `valid_from` on, until its next row. Regions without rows inherit from above.

    hours is written like `08:30-12:00, 13:30-17:30`; region is a GB/T 2260 code, `000000` the whole country.
    """

    region = models.CharField(max_length=9)
    valid_from = models.DateField()
    hours = models.CharField(max_length=120)
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    after_hours = models.CharField(max_length=8, default="same_day")
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        """What the database itself guarantees."""

        constraints = [
            models.UniqueConstraint(fields=["region", "valid_from"], name="workcalendar_hours_once_a_day"),
            models.CheckConstraint(condition=Q(region__regex=r"^\d{6}(\d{3})?$"), name="workcalendar_hours_region"),
            models.CheckConstraint(
                condition=Q(after_hours__in=["same_day", "next_day"]), name="workcalendar_hours_after_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.hours}"


class CalendarVersion(models.Model):
    """The journal of changes; the largest number is the version in force. Rows are only ever added.

    what: `packaged` (official days of a release), `imported` (an administrator's file) or `hours`; detail says which
    document, years, dates or hours.
    """

    number = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    what = models.CharField(max_length=8)
    detail = models.JSONField()

    class Meta:
        """What the database itself guarantees."""

        constraints = [
            models.CheckConstraint(condition=Q(what__in=["packaged", "imported", "hours"]), name="workcalendar_what")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
