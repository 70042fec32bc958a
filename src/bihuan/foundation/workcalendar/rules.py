"""Decisions about official days and office hours on plain values."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bihuan.foundation.kernel.workdays import OfficeHours

NATION = "000000"
"""The region code of rules that hold for the whole country."""

_REST = {"rest", "off", "holiday", "休", "放假", "true"}
_WORK = {"work", "make_up", "班", "上班", "补班", "false"}
_PLAIN = {"plain", "remove", "平"}
_MOST_DAYS = 80


class OfficialDay(NamedTuple):
    """A day set by a notice for `year`: worked or a rest day, called `name`, by the paper `document`."""

    date: dt.date
    year: int
    works: bool
    name: str
    document: str


@dataclass(frozen=True)
class Row:
    """A row of an administrator's file: its line (counted from 1) and its fields as written."""

    line: int
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line; line 0 means the file as a whole."""

    line: int
    message: str


@dataclass(frozen=True)
class Checked:
    """The days a file sets, the dates it gives back to the week (only in amendments), and what is wrong with it."""

    days: tuple[OfficialDay, ...]
    removed: tuple[dt.date, ...]
    problems: tuple[Problem, ...]


def days_of_notices(notices: Iterable[Mapping[str, Any]]) -> tuple[OfficialDay, ...]:
    """Return the days that `notices` set, in order of date. Of two notices for a date the one issued later wins."""
    found: dict[dt.date, OfficialDay] = {}
    for notice in sorted(notices, key=lambda one: one["issued"]):
        for holiday in notice["holidays"]:
            dates = [(date, True) for date in holiday.get("work", ())]
            count = (holiday["last"] - holiday["first"]).days + 1
            dates += [(holiday["first"] + dt.timedelta(days=n), False) for n in range(count)]
            for date, works in dates:
                found[date] = OfficialDay(date, notice["year"], works, holiday["name"], notice["document"])
    return tuple(found[date] for date in sorted(found))


def check_rows(rows: Sequence[Row], *, year: int, document: str, amend: bool) -> Checked:
    """Check the rows of a file with the days of `year`; problems name the line and say what to write instead.

    A whole file must hold the rest days every notice has (1 January, 1 May, 1 October); an amendment holds only what
    changes and may give dates back to the week (kind `plain`).
    """
    days: dict[dt.date, OfficialDay] = {}
    removed: list[dt.date] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            date, kind, name = _read_row(row, year=year, amend=amend)
            if date in days or date in removed:
                raise ValueError(_("%(date)s stands in the file twice") % {"date": date})
        except ValueError as error:
            problems.append(Problem(row.line, str(error)))
            continue
        if kind == "plain":
            removed.append(date)
        else:
            days[date] = OfficialDay(date, year, kind == "work", name, document)
    if not rows or len(rows) > _MOST_DAYS:
        problems.append(Problem(0, _("A file holds between 1 and %(most)d days") % {"most": _MOST_DAYS}))
    if not amend and not problems:
        problems += _missing(days, year)
    return Checked(tuple(days[date] for date in sorted(days)), tuple(removed), tuple(problems))


def _missing(days: Mapping[dt.date, OfficialDay], year: int) -> list[Problem]:
    fixed = [dt.date(year, 1, 1), dt.date(year, 5, 1), dt.date(year, 10, 1)]
    absent = [date for date in fixed if date not in days or days[date].works]
    message = _("%(date)s is missing as a rest day; the file must hold the whole year's notice")
    return [Problem(0, message % {"date": date}) for date in absent]


def _read_row(row: Row, *, year: int, amend: bool) -> tuple[dt.date, str, str]:
    fields = {str(key).strip().lower(): value for key, value in row.fields.items()}
    written = fields.get("date", fields.get("日期", ""))
    try:
        date = written if isinstance(written, dt.date) else dt.date.fromisoformat(str(written).strip())
    except ValueError:
        message = _("%(value)r is no date; write it like 2027-01-01")
        raise ValueError(message % {"value": str(written)[:40]}) from None
    if isinstance(date, dt.datetime):
        date = date.date()
    if not dt.date(year - 1, 12, 25) <= date <= dt.date(year, 12, 31):
        raise ValueError(_("%(date)s does not belong to the notice for %(year)d") % {"date": date, "year": year})
    kind = _kind(fields.get("kind", fields.get("类型", fields.get("isoffday", ""))), amend=amend)
    if kind == "work" and date.weekday() < 5:
        raise ValueError(_("%(date)s is no Saturday or Sunday, so it cannot be a make-up day") % {"date": date})
    name = " ".join(str(fields.get("name", fields.get("名称", "")) or "").split())[:60]
    return date, kind, name


def _kind(value: Any, *, amend: bool) -> str:
    written = str(value).strip().lower()
    if written in _REST:
        return "rest"
    if written in _WORK:
        return "work"
    if written in _PLAIN and amend:
        return "plain"
    allowed = "rest, work, plain" if amend else "rest, work"
    raise ValueError(
        _("%(value)r is no kind of day; write one of: %(allowed)s") % {"value": written[:40], "allowed": allowed}
    )


def known_years(days: Iterable[tuple[int, bool]]) -> frozenset[int]:
    """Return the years known for certain, from (year, confirmed) of every day: those whose days are all confirmed."""
    seen = list(days)
    return frozenset(year for year, _confirmed in seen) - {year for year, confirmed in seen if not confirmed}


def lineage(region: str) -> tuple[str, ...]:
    """Return the codes a region inherits from, the whole country first, itself last (GB/T 2260 digits)."""
    steps = [NATION, region[:2] + "0000", region[:4] + "00", region[:6], region]
    return tuple(dict.fromkeys(steps))


def hours_history(
    region: str, own: Mapping[str, Sequence[tuple[dt.date, OfficeHours]]]
) -> tuple[tuple[dt.date, OfficeHours], ...]:
    """Return the office hours of `region` over time: each level's rows hold from their first date on, over those above.

    Where a level reads its hours in another time zone, nothing is inherited from above and its first row also holds
    before its date. Without any row the default hours hold.
    """
    history: list[tuple[dt.date, OfficeHours]] = [(dt.date.min, OfficeHours())]
    for code in lineage(region):
        rows = sorted(own.get(code, ()), key=lambda row: row[0])
        if not rows:
            continue
        same_zone = rows[0][1].timezone == history[0][1].timezone
        history = [row for row in history if same_zone and row[0] < rows[0][0]] + rows
    return tuple(history)
