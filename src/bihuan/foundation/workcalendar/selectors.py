"""Reading the working calendar. Kept in memory per process; a change elsewhere is seen within five seconds."""

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.postgres.aggregates import BoolAnd
from django.db.models import Count, Max

from bihuan.foundation.kernel.workdays import AfterHours, Day, OfficeHours, WorkCalendar

from . import official, rules
from .models import CalendarDay, CalendarVersion, DayKind, RegionHours

# Tests roll back, which no version number tells, so there every call asks.
_STALE_AFTER = 0.0 if settings.MODE == "test" else 5.0

History = tuple[tuple[dt.date, OfficeHours], ...]


@dataclass(frozen=True)
class _Snapshot:
    """All calendar data of one version, and the calendars built from it so far (one per distinct office hours)."""

    version: int
    days: tuple[Day, ...]
    known_years: frozenset[int]
    hours: dict[str, list[tuple[dt.date, OfficeHours]]]
    by_region: dict[str, WorkCalendar] = field(default_factory=dict)
    by_history: dict[History, WorkCalendar] = field(default_factory=dict)


_lock = threading.Lock()
_snapshot: _Snapshot | None = None
_checked = 0.0


def version() -> int:
    """Return the number of the calendar data in force (0 before anything was loaded)."""
    return CalendarVersion.objects.aggregate(number=Max("number"))["number"] or 0


def calendar_for(region: str) -> WorkCalendar:
    """Return the working calendar of `region` (GB/T 2260 code of 6 or 9 digits).

    Its hours are those of the nearest region above that has any, else the default 08:30-12:00, 13:30-17:30. At most
    five seconds old; one query then, none otherwise, a few more after a change.
    """
    snapshot = _current()
    calendar = snapshot.by_region.get(region)
    if calendar is None:
        history = rules.hours_history(region, snapshot.hours)
        calendar = snapshot.by_history.get(history)
        if calendar is None:
            calendar = WorkCalendar(
                days=snapshot.days, known_years=snapshot.known_years, hours=history, version=snapshot.version
            )
            snapshot.by_history[history] = calendar
        snapshot.by_region[region] = calendar
    return calendar


def calendar_if(region: str, *, days: Iterable[rules.OfficialDay], year: int) -> WorkCalendar:
    """Return the calendar `region` would have if `days` were the confirmed days of `year`: for a preview."""
    new = tuple(Day(day.date, day.works, day.name) for day in days)
    taken = {day.date for day in new}
    snapshot = _current()
    kept = (day for day in snapshot.days if day.date not in taken)
    return WorkCalendar(
        days=(*kept, *new),
        known_years=snapshot.known_years | {year},
        hours=rules.hours_history(region, snapshot.hours),
        version=snapshot.version,
    )


def calendar_with(region: str, *, hours: OfficeHours) -> WorkCalendar:
    """Return the calendar `region` would have if its office hours had always been `hours`: for rehearsing."""
    snapshot = _current()
    own = {**snapshot.hours, region: [(dt.date.min, hours)]}
    return WorkCalendar(
        days=snapshot.days,
        known_years=snapshot.known_years,
        hours=rules.hours_history(region, own),
        version=snapshot.version,
    )


def known_years() -> frozenset[int]:
    """Return the years whose notice is in and confirmed."""
    return _current().known_years


def years() -> list[tuple[int, int, bool]]:
    """Return (year, number of days set, whether confirmed) of every year with a notice, the latest first."""
    counted = CalendarDay.objects.values_list("year").annotate(days=Count("date"), sure=BoolAnd("confirmed"))
    return list(counted.order_by("-year"))


def journal(*, before: int | None = None, limit: int = 20) -> list[CalendarVersion]:
    """Return changes of the calendar, the latest first; `before` is the number of the last one of the page before."""
    found = CalendarVersion.objects.order_by("-number")
    return list((found if before is None else found.filter(number__lt=before))[:limit])


def days_of(year: int) -> list[CalendarDay]:
    """Return the days the notice for `year` sets, in order of date."""
    return list(CalendarDay.objects.filter(year=year).order_by("date"))


def hours_of(region: str) -> list[RegionHours]:
    """Return the rows of office hours `region` itself has, newest first."""
    return list(RegionHours.objects.filter(region=region).order_by("-valid_from"))


def forget() -> None:
    """Drop what is kept in memory, so that the next call reads the database."""
    global _snapshot
    _snapshot = None


def _current() -> _Snapshot:
    global _snapshot, _checked
    snapshot = _snapshot
    if snapshot is not None and time.monotonic() - _checked < _STALE_AFTER:
        return snapshot
    with _lock:
        number = version()
        if _snapshot is None or _snapshot.version != number:
            _snapshot = _load(number)
        _checked = time.monotonic()
        return _snapshot


def _load(number: int) -> _Snapshot:
    rows = list(CalendarDay.objects.values_list("date", "kind", "name", "year", "confirmed"))
    days = tuple(Day(date, kind == DayKind.WORK, name) for date, kind, name, _, _ in rows)
    years = rules.known_years((year, confirmed) for *_, year, confirmed in rows)
    if not rows:
        # Before `bihuan migrate` has filled the table the packaged notices hold all the same.
        packaged = official.packaged_days()
        days = tuple(Day(day.date, day.works, day.name) for day in packaged)
        years = frozenset(day.year for day in packaged)
    hours: dict[str, list[tuple[dt.date, OfficeHours]]] = defaultdict(list)
    for row in RegionHours.objects.all():
        parsed = OfficeHours.parse(row.hours, timezone=row.timezone, after_hours=AfterHours(row.after_hours))
        hours[row.region].append((row.valid_from, parsed))
    return _Snapshot(number, days, years, dict(hours))
