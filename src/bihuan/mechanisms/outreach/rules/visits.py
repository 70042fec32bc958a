"""How much one enterprise is visited, on which days, and when something was written down. Plain values only."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

AHEAD = dt.timedelta(minutes=5)
"""How far a device's clock may be ahead before what it says is not taken over."""
HORIZON = 366


@dataclass(frozen=True, kw_only=True)
class Excess:
    """Why a visit is too much: so many are allowed in so many days, the days there are, and the first day that is free.

    earliest: None where none is free within a year.
    """

    most: int
    days: int
    taken: tuple[dt.date, ...]
    earliest: dt.date | None


def excess(taken: Iterable[dt.date], on: dt.date, *, most: int, days: int) -> Excess | None:
    """Return why one more visit on that day is too much, or None: no stretch of `days` days may hold more than `most`.

    taken: days of all visits there are, done or planned, by whichever body.
    """
    known = sorted(taken)
    if _fits(known, on, most, days):
        return None
    later = (on + dt.timedelta(days=step) for step in range(1, HORIZON))
    near = tuple(day for day in known if abs((day - on).days) < days)
    return Excess(
        most=most, days=days, taken=near, earliest=next((d for d in later if _fits(known, d, most, days)), None)
    )


def _fits(known: Sequence[dt.date], on: dt.date, most: int, days: int) -> bool:
    near = sorted([*(day for day in known if abs((day - on).days) < days), on])
    # Only stretches that hold the new day can have become too full.
    return all(
        sum(0 <= (day - first).days < days for day in near) <= most for first in near if 0 <= (on - first).days < days
    )


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A plan laid out: (enterprise, day, team) in order; those visited enough with their first free day."""

    visits: tuple[tuple[str, dt.date, str], ...]
    skipped: tuple[tuple[str, dt.date | None], ...]


def lay_out(
    *,
    firms: Iterable[str],
    days: Sequence[dt.date],
    teams: Sequence[str],
    taken: Mapping[str, Collection[dt.date]],
    most: int,
    days_of_cap: int,
) -> Laid:
    """Spread enterprises over days and teams, evenly and in order; one that is visited enough already is left out.

    Each gets the first day, from its turn on, on which one more visit is not too much.
    """
    visits: list[tuple[str, dt.date, str]] = []
    skipped: list[tuple[str, dt.date | None]] = []
    for firm in dict.fromkeys(firms):
        turn = len(visits)
        known = list(taken.get(firm, ()))
        ordered = [days[(turn // max(1, len(teams)) + step) % len(days)] for step in range(len(days))] if days else []
        day = next((one for one in ordered if excess(known, one, most=most, days=days_of_cap) is None), None)
        if day is None:
            last = days[-1] if days else dt.date.max - dt.timedelta(days=HORIZON)
            found = excess(known, last, most=most, days=days_of_cap)
            skipped.append((firm, found.earliest if found else None))
        else:
            visits.append((firm, day, teams[turn % len(teams)] if teams else ""))
    return Laid(visits=tuple(visits), skipped=tuple(skipped))


def fixed_days(since: dt.date, until: dt.date, *, monthly: int | None, weekly: int | None) -> list[dt.date]:
    """Return the days of a custom such as “on the 8th” or “every Wednesday” (1 Monday … 7) between two days."""
    span = (since + dt.timedelta(days=step) for step in range((until - since).days + 1))
    return [day for day in span if day.day == monthly or day.isoweekday() == weekly]


def written_at(said: dt.datetime | None, received: dt.datetime, *, registered: dt.datetime) -> tuple[dt.datetime, bool]:
    """Return when something was written down, and whether the device's clock cannot be believed.

    A clock that is ahead, or before the visit was registered, is wrong; what was written is kept all the same.
    """
    if said is None:
        return received, False
    wrong = said > received + AHEAD or said < registered - AHEAD
    return (received, True) if wrong else (min(said, received), False)


def degrees(parts: Sequence[float], ref: str) -> float | None:
    """Return degrees, minutes and seconds as EXIF says them in decimal degrees; None for what is no position."""
    try:
        whole, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = whole + minutes / 60 + seconds / 3600
    limit = {"N": 90, "S": 90, "E": 180, "W": 180}.get(ref)
    if limit is None or not 0 <= value <= limit:
        return None
    return round(-value if ref in "SW" else value, 6)
