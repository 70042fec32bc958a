"""The working calendar of a place: deadlines, elapsed working time and shares of it, one at a time or a million."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import explanations
from .durations import Duration, Unit
from .explanations import Explanation
from .hours import DAY, AfterHours, OfficeHours
from .table import COUNT, FIRST, LAST, Day, DayTable, OutOfCalendar, date_of, index_of, unannounced_year
from .zones import MICROSECOND, WallClock

_HOUR = 3_600_000_000
_ROUND_THE_CLOCK = {Unit.HOUR: dt.timedelta(hours=1), Unit.MINUTE: dt.timedelta(minutes=1)}


class Deadline(NamedTuple):
    """An instant (aware, UTC) and whether a missing official notice may still change it.

    counts_from is the instant from which time counts: the end of the day of receipt where that day is not counted,
    else the start itself.
    """

    at: dt.datetime
    provisional: bool
    counts_from: dt.datetime


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Many deadlines: `at` UTC datetime64[us] and `provisional` bool, each of the length of the starts given."""

    at: NDArray[np.datetime64]
    provisional: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Official days × office hours of one place. Immutable; cheap to ask, about 30 ms to build.

    days         days on which a notice overrules the week (Monday to Friday worked)
    known_years  years whose official notice is in `days`; anything that touches another year is provisional
    history      office hours as (valid from, hours), ascending; the first also holds before its date
    version      number of the calendar data it was built from

    Instants need an offset, may be in any zone and come back in UTC. Working time is read on the wall clock of the
    office. Every method raises OutOfCalendar (a ValueError) beyond 2000–2059 and ValueError for naive instants.
    """

    days: tuple[Day, ...]
    known_years: frozenset[int]
    history: tuple[tuple[dt.date, OfficeHours], ...]
    version: int
    _table: DayTable = field(repr=False)
    _wall: WallClock = field(repr=False)

    def __init__(
        self,
        *,
        days: Iterable[Day] = (),
        known_years: Iterable[int] = (),
        hours: OfficeHours | Sequence[tuple[dt.date, OfficeHours]] | None = None,
        version: int = 0,
    ) -> None:
        given = hours or OfficeHours()
        history = ((FIRST, given),) if isinstance(given, OfficeHours) else tuple(sorted(given, key=lambda row: row[0]))
        if len({row.timezone for _, row in history}) != 1:
            raise ValueError("all office hours of one place are read in the same time zone")
        if len({since for since, _ in history}) != len(history):
            raise ValueError("two sets of office hours begin on the same day")
        own = object.__setattr__
        own(self, "days", tuple(days))
        own(self, "known_years", frozenset(known_years))
        own(self, "history", history)
        own(self, "version", version)
        own(self, "_table", DayTable(self.days, self.known_years, history))
        own(self, "_wall", WallClock(history[0][1].zone))

    # Days

    def is_workday(self, date: dt.date) -> bool:
        """Whether `date` is worked: make-up days are, holidays and ordinary weekends are not."""
        return bool(self._table.works[index_of(date)])

    def next_workday(self, date: dt.date) -> dt.date:
        """Return the first working day after `date`."""
        return date_of(self._nth_workday(index_of(date), 1))

    def workdays_between(self, first: dt.date, last: dt.date) -> int:
        """Return the working days after `first` up to and including `last`; negative if `last` is earlier."""
        return self._table.rank[index_of(last) + 1] - self._table.rank[index_of(first) + 1]

    def local_date(self, instant: dt.datetime) -> dt.date:
        """Return the date the office's wall clock shows at `instant`."""
        return date_of(self._wall.read(instant)[0])

    def opening(self, date: dt.date) -> dt.datetime:
        """Return the instant at which `date` begins (midnight on the wall clock)."""
        return self._wall.instant(index_of(date), 0)

    def closing(self, date: dt.date) -> dt.datetime:
        """Return the close of business of `date` (also of a rest day, by the hours that hold then)."""
        day = index_of(date)
        return self._wall.instant(day, self._table.closes[day])

    def hours_on(self, date: dt.date) -> OfficeHours:
        """Return the office hours that hold on `date`."""
        return self.history[int(self._table.profile[index_of(date)])][1]

    def settled(self, first: dt.date, last: dt.date) -> bool:
        """Whether official notices settle every day from `first` to `last`."""
        return self._table.unsettled[index_of(last) + 1] == self._table.unsettled[index_of(first)]

    def unannounced_year(self, date: dt.date) -> int | None:
        """Return the year whose notice is still needed to be sure of `date`, or None."""
        return unannounced_year(date, self.known_years)

    # Working time as a position on one line

    def position(self, instant: dt.datetime) -> int:
        """Return the working microseconds from the calendar's beginning to `instant`; never decreases."""
        return self._table.position(*self._wall.read(instant))

    def instant(self, position: int) -> dt.datetime:
        """Return the earliest instant at which `position` working microseconds have passed."""
        day, rest = self._table.locate(position)
        return self._wall.instant(day, rest)

    def elapsed(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return the working time from `start` to `end`; negative if `end` is earlier, zero across a holiday."""
        read, position = self._wall.read, self._table.position
        return (position(*read(end)) - position(*read(start))) * MICROSECOND

    def share(self, start: dt.datetime, due: dt.datetime, now: dt.datetime) -> float:
        """Return the share of the working time from `start` to `due` that has passed at `now` (0 before, may exceed 1).

        Where that working time is zero (both inside one holiday) it is 0 before `due` and 1 from then on.
        """
        begin = self.position(start)
        allotted = self.position(due) - begin
        if allotted <= 0:
            return 1.0 if now >= due else 0.0
        return max(0, self.position(now) - begin) / allotted

    # Deadlines

    def add(self, start: dt.datetime, duration: Duration) -> Deadline:
        """Return the deadline `duration` after a receipt at `start` (see Duration for what each unit means)."""
        table = self._table
        day, rest = self._wall.read(start)
        unit = duration.unit
        if unit is Unit.WORKING_DAY:
            receipt = self._receipt_day(day, rest)
            due = self._nth_workday(receipt, duration.amount)
        elif unit is Unit.DAY:
            receipt, due = day, self._roll(day + duration.amount)
        elif unit is Unit.WORKING_HOUR:
            due, moment = table.locate(table.position(day, rest) + duration.amount * _HOUR)
            provisional = table.unsettled[due + 1] != table.unsettled[day]
            return Deadline(self._wall.instant(due, moment), provisional, start.astimezone(dt.UTC))
        else:
            begin = start.astimezone(dt.UTC)
            return Deadline(begin + duration.amount * _ROUND_THE_CLOCK[unit], False, begin)
        provisional = table.unsettled[due + 1] != table.unsettled[day]
        instant = self._wall.instant
        return Deadline(instant(due, table.closes[due]), provisional, instant(receipt + 1, 0))

    def subtract(self, end: dt.datetime, duration: Duration) -> dt.datetime:
        """Return the moment `duration` before `end`, from which `add` leads back to it.

        For wd the close of business of the n-th working day before the day of `end`; for d that of the natural day,
        rolled back off rest days; for wh the latest instant that many office hours earlier.
        """
        day, rest = self._wall.read(end)
        if duration.unit is Unit.WORKING_HOUR:
            target, moment = self._table.locate_last(self._table.position(day, rest) - duration.amount * _HOUR)
            return self._wall.instant(target, moment)
        if not duration.by_date:
            return end.astimezone(dt.UTC) - duration.amount * _ROUND_THE_CLOCK[duration.unit]
        before = day if duration.unit is Unit.WORKING_DAY else day - duration.amount + 1
        count = duration.amount if duration.unit is Unit.WORKING_DAY else 1
        rank = self._table.rank[before] - count if before >= 0 else -1
        if rank < 0:
            raise OutOfCalendar(f"the time reached is outside the calendar ({FIRST} to {LAST})")
        target = self._table.workdays[rank]
        return self._wall.instant(target, self._table.closes[target])

    def roll(self, instant: dt.datetime) -> dt.datetime:
        """Return the close of business of the date of `instant`, or of the first working day after a rest day."""
        due = self._roll(self._wall.read(instant)[0])
        return self._wall.instant(due, self._table.closes[due])

    def explain(self, start: dt.datetime, duration: Duration) -> Explanation:
        """Return why `add(start, duration)` falls where it falls, as values for a template."""
        deadline = self.add(start, duration)
        day, rest = self._wall.read(start)
        due = self._wall.read(deadline.at)[0]
        return explanations.explain(
            table=self._table,
            hours=self.hours_on(date_of(due)),
            known_years=self.known_years,
            start=start,
            due_at=deadline.at,
            duration=duration,
            received=day,
            counted_from=self._receipt_day(day, rest) if duration.unit is Unit.WORKING_DAY else day,
            due=due,
        )

    # Many at once

    def add_many(self, starts: NDArray[np.datetime64], duration: Duration) -> Deadlines:
        """Return `add` for an array of UTC starts (datetime64, any shape)."""
        table = self._table
        if not duration.by_date and not duration.working:
            step = np.timedelta64(duration.amount * _ROUND_THE_CLOCK[duration.unit])
            at: NDArray[np.datetime64] = (starts + step).astype("datetime64[us]")
            return Deadlines(at, np.zeros(starts.shape, dtype=np.bool_))
        wall = self._wall.read_many(starts)
        day, rest = self._split(wall)
        if duration.unit is Unit.WORKING_HOUR:
            walls = self._locate_many(self._positions(day, rest) + duration.amount * _HOUR)
            due = walls // DAY
        else:
            if duration.unit is Unit.WORKING_DAY:
                order = table.rank_array[self._receipt_days(day, rest) + 1] + duration.amount - 1
            else:
                self._check(day + duration.amount)
                order = table.rank_array[day + duration.amount]
            if order.size and order.max() >= len(table.workday_array):
                raise OutOfCalendar(f"a time reached is outside the calendar ({FIRST} to {LAST})")
            due = table.workday_array[order]
            walls = due * DAY + table.close_array[due]
        provisional = table.unsettled_array[due + 1] != table.unsettled_array[day]
        return Deadlines(self._wall.instants(walls), provisional)

    def elapsed_many(self, starts: NDArray[np.datetime64], ends: NDArray[np.datetime64]) -> NDArray[np.timedelta64]:
        """Return `elapsed` for two arrays of UTC instants, as timedelta64[us]."""
        first = self._positions(*self._split(self._wall.read_many(starts)))
        last = self._positions(*self._split(self._wall.read_many(ends)))
        return (last - first).astype("timedelta64[us]")

    # Inside

    def _receipt_day(self, day: int, rest: int) -> int:
        table = self._table
        if self.history[int(table.profile[day])][1].after_hours is AfterHours.SAME_DAY:
            return day
        return day if table.works[day] and rest <= table.closes[day] else self._nth_workday(day, 1)

    def _nth_workday(self, day: int, count: int) -> int:
        try:
            return self._table.workdays[self._table.rank[day + 1] + count - 1]
        except IndexError:
            raise OutOfCalendar(f"the time reached is outside the calendar ({FIRST} to {LAST})") from None

    def _roll(self, day: int) -> int:
        try:
            return self._table.workdays[self._table.rank[day]]
        except IndexError:
            raise OutOfCalendar(f"the time reached is outside the calendar ({FIRST} to {LAST})") from None

    @staticmethod
    def _check(day: NDArray[np.int64]) -> None:
        if day.size and (day.min() < 0 or day.max() >= COUNT):
            raise OutOfCalendar(f"an instant is outside the calendar ({FIRST} to {LAST})")

    def _split(self, wall: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        day = wall // DAY
        self._check(day)
        return day, wall - day * DAY

    def _receipt_days(self, day: NDArray[np.int64], rest: NDArray[np.int64]) -> NDArray[np.int64]:
        table = self._table
        strict = np.array([hours.after_hours is AfterHours.NEXT_DAY for _, hours in self.history])
        if not strict.any():
            return day
        late = strict[table.profile[day]] & (~table.worked[day] | (rest > table.close_array[day]))
        following = table.workday_array[np.minimum(table.rank_array[day + 1], len(table.workday_array) - 1)]
        return np.where(late, following, day)

    def _positions(self, day: NDArray[np.int64], rest: NDArray[np.int64]) -> NDArray[np.int64]:
        table = self._table
        today: NDArray[np.int64] = np.zeros(day.shape, dtype=np.int64)
        for place, (_, hours) in enumerate(self.history):
            spent: NDArray[np.int64] = np.zeros(day.shape, dtype=np.int64)
            for opens, closes in hours.spans:
                spent += np.clip(rest, opens, closes) - opens
            today = spent if len(self.history) == 1 else np.where(table.profile[day] == place, spent, today)
        return table.opened_array[day] + np.where(table.worked[day], today, 0)

    def _locate_many(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the wall-clock microseconds of the earliest moments at which `positions` have been worked."""
        table = self._table
        day = np.searchsorted(table.opened_array, positions, side="left") - 1
        self._check(day)
        rest = positions - table.opened_array[day]
        moment = np.zeros(day.shape, dtype=np.int64)
        for place, (_, hours) in enumerate(self.history):
            found = rest + hours.spans[0][0]
            worked = 0
            for (opens, closes), (reopens, _) in zip(hours.spans, hours.spans[1:], strict=False):
                worked += closes - opens
                found = found + np.where(rest > worked, reopens - closes, 0)
            moment = found if len(self.history) == 1 else np.where(table.profile[day] == place, found, moment)
        return day * DAY + moment
