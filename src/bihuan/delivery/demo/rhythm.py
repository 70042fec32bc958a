"""When things happen: working time for offices, waking hours for enterprises, ups and downs of months and topics."""

import datetime as dt
import random
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bihuan.foundation.kernel.workdays import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
NOON, CLOSE = dt.time(12, 1), dt.time(17, 31)
"""Ends of windows: just after the morning's and the day's office hours."""
_HOUR = 3_600_000_000
_BY_HOUR = (0, 0, 0, 0, 0, 1, 2, 5, 14, 22, 24, 15, 7, 12, 22, 21, 16, 10, 7, 7, 6, 4, 3, 1)
"""How many matters come in at each hour of the day."""


def office(calendar: WorkCalendar, start: dt.datetime, hours: float) -> dt.datetime:
    """Return the instant `hours` office hours after `start`, in whole seconds."""
    return calendar.instant(calendar.position(start) + round(hours * _HOUR)).replace(microsecond=0)


def hours_between(calendar: WorkCalendar, start: dt.datetime, end: dt.datetime) -> float:
    """Return the office hours from `start` to `end`."""
    return (calendar.position(end) - calendar.position(start)) / _HOUR


def awake(start: dt.datetime, hours: float) -> dt.datetime:
    """Return about `hours` natural hours after `start`, moved out of the night (22:00 to 7:00)."""
    then = (start + dt.timedelta(hours=hours)).astimezone(ZONE)
    if then.hour >= 22:
        then = then.replace(hour=7) + dt.timedelta(days=1)
    elif then.hour < 7:
        then = then.replace(hour=7)
    return max(then, start + dt.timedelta(minutes=3)).replace(microsecond=0)


def arrivals(
    *, count: int, first: dt.date, now: dt.datetime, calendar: WorkCalendar, dice: random.Random
) -> list[dt.datetime]:
    """Return `count` instants from the day `first` until `now`, ascending: more on working days, slowly growing."""
    last = now.astimezone(ZONE).date()
    days = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    weights = [
        (1.0 if calendar.is_workday(date) else 0.22) * (0.82 + 0.36 * place / len(days)) * dice.uniform(0.8, 1.25)
        for place, date in enumerate(days)
    ]
    found: list[dt.datetime] = []
    while len(found) < count:
        date = dice.choices(days, weights)[0]
        hour = dice.choices(range(24), _BY_HOUR)[0]
        time = dt.time(hour, dice.randrange(60), dice.randrange(60))
        instant = dt.datetime.combine(date, time, ZONE)
        # The last half hour belongs to matters that stand somewhere on purpose.
        if instant < now - dt.timedelta(minutes=30):
            found.append(instant)
    return sorted(found)


def lean(*, months: frozenset[int], trend: str, at: dt.datetime, share: float) -> float:
    """Return by how much a topic is likelier at an instant; `share` (0 to 1) is how far the period has gone."""
    season = 1.0 if not months else 2.4 if at.astimezone(ZONE).month in months else 0.25
    slope = {"rising": 0.5 + 1.4 * share, "falling": 1.9 - 1.4 * share}.get(trend, 1.0)
    return season * slope


def pick(dice: random.Random, options: Sequence[tuple[str, float]]) -> str:
    """Return one of (name, weight)."""
    return dice.choices([name for name, _weight in options], [weight for _name, weight in options])[0]
