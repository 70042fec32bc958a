"""The only writers of the working calendar. Every change makes a new version and publishes CalendarChanged."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.foundation.kernel import errors, events
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.workdays import AfterHours, OfficeHours

from . import official, reading, rules, selectors
from .events import CalendarChanged
from .models import CalendarDay, CalendarVersion, DayKind, Origin, RegionHours


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The official days of `year` as they were handed in: a csv, json or yaml file; `document` is where they come from.

    The file replaces all days of that year; with `amend` it only changes the days it names. With `confirmed` False the
    days are used but the year stays provisional.
    """

    content: bytes
    filename: str
    year: int
    document: str
    confirmed: bool = True
    amend: bool = False


@dataclass(frozen=True)
class DayChange:
    """What a day was and becomes: `rest`, `work`, or empty (as the week has it); `name` of the holiday."""

    date: dt.date
    before: str
    after: str
    name: str


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: days set, dates given back to the week, years confirmed, the new version.

    `changes` has every day that is not what it was; `changed` also counts days of which only the paper is another.
    """

    days: int
    removed: int
    changed: int
    confirmed_years: tuple[int, ...]
    version: int
    changes: tuple[DayChange, ...] = ()


def load_official_days(*, now: dt.datetime) -> int:
    """Copy the packaged notices into the table and return how many days changed; a second run changes nothing.

    Days an administrator imported stay as they are. Publishes CalendarChanged if anything changed.
    """
    with writing():
        _lock()
        present = {day.date: day for day in CalendarDay.objects.all()}
        wanted = {
            day.date: _row(day, confirmed=True, origin=Origin.PACKAGED)
            for day in official.packaged_days()
            if day.date not in present or present[day.date].origin == Origin.PACKAGED
        }
        gone = [d for d, day in present.items() if day.origin == Origin.PACKAGED and d not in wanted]
        changed = _store(wanted.values(), gone, present)
        if changed:
            years = sorted({day.year for day in wanted.values()})
            detail = {"documents": sorted({day.source_doc for day in wanted.values()}), "days": len(changed)}
            _publish("packaged", detail, now=now, actor_id=None, dates=changed, confirmed_years=tuple(years))
        return len(changed)


def import_days(*, notice: Notice, actor_id: uuid.UUID, now: dt.datetime, dry_run: bool = False) -> Imported:
    """Take the official days of a year. All or nothing; `dry_run` only counts. The caller checks permission.

    Raises Invalid: `calendar_file_unreadable`, `calendar_file_invalid` (with `errors`: line and message of each) or
    `calendar_document_missing`, `calendar_year`, `calendar_year_unknown`. Publishes CalendarChanged.
    """
    if not 2000 <= notice.year <= 2058:
        raise errors.Invalid(_("Choose a year between 2000 and 2058"), code="calendar_year", field="year")
    if not (document := " ".join(notice.document.split())[:200]):
        raise errors.Invalid(
            _("Name the notice the days come from"), code="calendar_document_missing", field="document"
        )
    rows = reading.read_rows(notice.content, filename=notice.filename)
    checked = rules.check_rows(rows, year=notice.year, document=document, amend=notice.amend)
    if checked.problems:
        found = [{"line": problem.line, "message": problem.message} for problem in checked.problems]
        message = ngettext(
            "Nothing was imported: %(count)d line needs correction",
            "Nothing was imported: %(count)d lines need correction",
            len(found),
        ) % {"count": len(found)}
        raise errors.Invalid(message, code="calendar_file_invalid", field="file", errors=found)
    with writing():
        load_official_days(now=now)
        with transaction.atomic():
            result = _import(checked, replace(notice, document=document), actor_id, now)
            transaction.set_rollback(dry_run)
    selectors.forget()
    return result


def _import(checked: rules.Checked, notice: Notice, actor_id: uuid.UUID, now: dt.datetime) -> Imported:
    year, amend, confirmed = notice.year, notice.amend, notice.confirmed
    present = {day.date: day for day in CalendarDay.objects.all()}
    known = rules.known_years((day.year, day.confirmed) for day in present.values())
    if amend and year not in known:
        message = _("The year %(year)d is not known yet; import its whole notice first") % {"year": year}
        raise errors.Invalid(message, code="calendar_year_unknown", field="year")
    wanted = {day.date: _row(day, confirmed=confirmed or amend, origin=Origin.IMPORTED) for day in checked.days}
    gone = list(checked.removed) if amend else [d for d, day in present.items() if day.year == year and d not in wanted]
    changed = _store(wanted.values(), gone, present)
    years = (year,) if confirmed and year not in known else ()
    detail = {
        "document": notice.document,
        "year": year,
        "days": len(checked.days),
        "confirmed": confirmed,
        "amend": amend,
    }
    number = selectors.version()
    if changed:
        number = _publish("imported", detail, now=now, actor_id=actor_id, dates=changed, confirmed_years=years)
    became = _changes(wanted, gone, present)
    return Imported(len(checked.days), len(checked.removed), len(changed), years, number, became)


def _changes(
    wanted: dict[dt.date, CalendarDay], gone: Iterable[dt.date], present: dict[dt.date, CalendarDay]
) -> tuple[DayChange, ...]:
    found = []
    for date in sorted({*wanted, *(one for one in gone if one in present)}):
        old, new = present.get(date), wanted.get(date)
        before, after = (str(old.kind) if old else ""), (str(new.kind) if new else "")
        if before != after:
            found.append(DayChange(date, before, after, (new or old).name))  # type: ignore[union-attr]
    return tuple(found)


def set_office_hours(
    *,
    region: str,
    hours: str,
    valid_from: dt.date,
    actor_id: uuid.UUID | None,
    now: dt.datetime,
    breaks: str = "",
    timezone: str = "Asia/Shanghai",
    after_hours: str = AfterHours.SAME_DAY,
) -> RegionHours | None:
    """Set the office hours of `region` from `valid_from` on, written `08:30-12:00, 13:30-17:30` or a span and breaks.

    Returns the row, or None when those hours hold already from that day on. Once a region has hours, new ones begin
    today or later, so that no deadline of the past moves. The caller checks permission.
    Raises Invalid `office_hours_invalid`, `office_hours_timezone` or `office_hours_in_the_past`.
    Publishes CalendarChanged.
    """
    try:
        parsed = OfficeHours.parse(hours, breaks=breaks, timezone=timezone, after_hours=AfterHours(after_hours))
    except ValueError as error:
        message = _("Write office hours like 08:30-12:00, 13:30-17:30, in order and apart, in a known time zone")
        raise errors.Invalid(message, code="office_hours_invalid", field="hours") from error
    with writing():
        _lock()
        own = {row.valid_from: row for row in selectors.hours_of(region)}
        held = next((row for since, row in own.items() if since <= valid_from), None)
        same = (str(parsed), parsed.timezone, str(parsed.after_hours))
        if held is not None and (held.hours, held.timezone, held.after_hours) == same:
            return None
        if any(row.timezone != parsed.timezone for row in own.values()):
            message = _("The office hours of a region are all read in the same time zone")
            raise errors.Invalid(message, code="office_hours_timezone", field="timezone")
        if own and valid_from < now.astimezone(parsed.zone).date():
            message = _("New office hours begin today or later; deadlines already counted stay as they are")
            raise errors.Invalid(message, code="office_hours_in_the_past", field="valid_from")
        values = dict(zip(("hours", "timezone", "after_hours"), same, strict=True), set_by=actor_id, set_at=now)
        row, _created = RegionHours.objects.update_or_create(region=region, valid_from=valid_from, defaults=values)
        following = [since for since in own if since > valid_from]
        last = min(following) if following else dt.date(2059, 12, 31)
        detail = {"region": region, "valid_from": valid_from.isoformat(), "hours": str(parsed)}
        dates = [valid_from, last]
        _publish(
            "hours",
            detail,
            now=now,
            actor_id=actor_id,
            dates=dates,
            regions=() if region == rules.NATION else (region,),
        )
    return row


def _lock() -> None:
    """One writer at a time, so that version numbers grow in the order of the commits."""
    with connection.cursor() as cursor:
        cursor.execute("lock table workcalendar_calendarversion in share row exclusive mode")


def _row(day: rules.OfficialDay, *, confirmed: bool, origin: str) -> CalendarDay:
    kind = DayKind.WORK if day.works else DayKind.REST
    return CalendarDay(
        date=day.date,
        year=day.year,
        kind=kind,
        name=day.name,
        source_doc=day.document,
        confirmed=confirmed,
        origin=origin,
    )


def _store(wanted: Iterable[CalendarDay], gone: list[dt.date], present: dict[dt.date, CalendarDay]) -> list[dt.date]:
    fields = ["year", "kind", "name", "source_doc", "confirmed", "origin"]

    def values(day: CalendarDay) -> list[Any]:
        return [getattr(day, name) for name in fields]

    changed = [day for day in wanted if day.date not in present or values(present[day.date]) != values(day)]
    if changed:
        CalendarDay.objects.bulk_create(changed, update_conflicts=True, unique_fields=["date"], update_fields=fields)
    removed = [date for date in gone if date in present]
    if removed:
        CalendarDay.objects.filter(date__in=removed).delete()
    return sorted({day.date for day in changed} | set(removed))


def _publish(
    what: str,
    detail: dict[str, Any],
    *,
    now: dt.datetime,
    actor_id: uuid.UUID | None,
    dates: list[dt.date],
    confirmed_years: tuple[int, ...] = (),
    regions: tuple[str, ...] = (),
) -> int:
    made = CalendarVersion.objects.create(made_at=now, actor_id=actor_id, what=what, detail=detail)
    selectors.forget()
    for year in confirmed_years:
        # A confirmed year settles every one of its days, and with them the last week of the year before.
        dates = [*dates, dt.date(year - 1, 12, 25), dt.date(year, 12, 31)]
    event = CalendarChanged(
        version=made.number,
        first_day=min(dates),
        last_day=max(dates),
        regions=regions,
        confirmed_years=confirmed_years,
        what=what,
        detail=detail,
        actor_id=actor_id,
        now=now,
    )
    events.publish(event)
    return made.number
