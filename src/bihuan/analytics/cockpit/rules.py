"""Periods and rates, on plain values."""

import datetime as dt
from dataclasses import dataclass

from bihuan.analytics.openness import rules as months


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `since` to `until`, both included; id: its name, or empty for one somebody chose."""

    id: str
    since: dt.date
    until: dt.date


def presets(today: dt.date) -> list[Period]:
    """Return the usual periods up to `today`: this month, the month before, this year, the last twelve months."""
    month = today.replace(day=1)
    before = month - dt.timedelta(days=1)
    return [
        Period(id="month", since=month, until=today),
        Period(id="last_month", since=before.replace(day=1), until=before),
        Period(id="year", since=today.replace(month=1, day=1), until=today),
        Period(id="twelve_months", since=months.first_month(today, months=12), until=today),
    ]


def chosen(*, since: dt.date | None, until: dt.date | None, today: dt.date) -> Period:
    """Return the period between two days; without them the last twelve months. Turned round, they are put in order."""
    usual = presets(today)
    if since is None and until is None:
        return usual[-1]
    first, last = sorted((since or usual[-1].since, until or today))
    known = next((one.id for one in usual if (one.since, one.until) == (first, last)), "")
    return Period(id=known, since=first, until=last)


def rate(part: int, whole: int) -> float | None:
    """Return part of whole, or None where there is nothing to divide by."""
    return part / whole if whole else None


def month_days(month: str, *, within: Period) -> Period:
    """Return the days of a month such as 2026-11 that lie within a period."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + dt.timedelta(days=31)).replace(day=1)
    last = after - dt.timedelta(days=1)
    return Period(id="", since=max(first, within.since), until=min(last, within.until))


def day_after(day: str) -> str:
    """Return the day after an ISO date, as text."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
