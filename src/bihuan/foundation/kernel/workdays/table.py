"""The day table behind a calendar: which days are worked, in which sessions, and running totals of both."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .hours import OfficeHours

FIRST = dt.date(2000, 1, 1)
LAST = dt.date(2059, 12, 31)
COUNT = (LAST - FIRST).days + 1
_FIRST_ORDINAL = FIRST.toordinal()


class OutOfCalendar(ValueError):
    """A date outside the years the day table holds (2000 to 2059)."""


class Day(NamedTuple):
    """A day on which an official notice overrules the week: `works` True for a make-up day, False for a rest day."""

    date: dt.date
    works: bool
    name: str = ""


def index_of(date: dt.date) -> int:
    """Return the day's number in the table. Raises OutOfCalendar outside 2000–2059."""
    number = date.toordinal() - _FIRST_ORDINAL
    if not 0 <= number < COUNT:
        raise OutOfCalendar(f"{date} is outside the calendar ({FIRST} to {LAST})")
    return number


def date_of(number: int) -> dt.date:
    """Return the date of a day number."""
    return dt.date.fromordinal(number + _FIRST_ORDINAL)


def unannounced_year(date: dt.date, known_years: frozenset[int]) -> int | None:
    """Return the year whose official notice is still needed to be sure of `date`, or None when it is settled.

    The last week of a year is settled only by the next year's notice too, which may move days around New Year
    (2018-12-29 and 2018-12-31 were changed that way).
    """
    if date.year not in known_years:
        return date.year
    if date.month == 12 and date.day >= 25 and date.year + 1 not in known_years:
        return date.year + 1
    return None


class DayTable:
    """Per day number n: is it worked, its sessions, and totals of all days before it. Built once, then only read.

    works[n]      1 if worked
    spans[n]      its sessions in microseconds since midnight; () on a rest day
    closes[n]     close of business that holds on that date, in microseconds since midnight, rest day or not
    rank[n]       working days before n          workdays[k]  day number of the k-th working day
    opened[n]     working microseconds before n (one more entry than days)
    unsettled[n]  days before n that no official notice settles yet (one more entry than days)
    """

    def __init__(
        self,
        days: Iterable[Day],
        known_years: frozenset[int],
        history: Sequence[tuple[dt.date, OfficeHours]],
    ) -> None:
        self.named: Mapping[int, Day] = {index_of(day.date): day for day in days}
        worked = (np.arange(COUNT) + FIRST.weekday()) % 7 < 5
        for number, day in self.named.items():
            worked[number] = day.works
        self.worked: NDArray[np.bool_] = worked
        self.profile = self._profiles(history)
        lengths = np.array([hours.length // dt.timedelta(microseconds=1) for _, hours in history], dtype=np.int64)
        self.opened_array = _totals(np.where(worked, lengths[self.profile], 0))
        self.workday_array = np.flatnonzero(worked)
        self.rank_array = _totals(worked)
        self.unsettled_array = _totals(_unsettled(known_years))
        self.works = worked.tobytes()
        self.workdays: list[int] = self.workday_array.tolist()
        self.rank: list[int] = self.rank_array.tolist()
        self.opened: list[int] = self.opened_array.tolist()
        self.unsettled: list[int] = self.unsettled_array.tolist()
        sessions = [hours.spans for _, hours in history]
        self.spans = [sessions[p] if w else () for p, w in zip(self.profile.tolist(), self.works, strict=True)]
        closing = np.array([spans[-1][1] for spans in sessions], dtype=np.int64)
        self.close_array = closing[self.profile]
        self.closes: list[int] = self.close_array.tolist()

    @staticmethod
    def _profiles(history: Sequence[tuple[dt.date, OfficeHours]]) -> NDArray[np.int64]:
        profile = np.zeros(COUNT, dtype=np.int64)
        for place, (valid_from, _) in enumerate(history[1:], start=1):
            profile[max(0, (valid_from - FIRST).days) :] = place
        return profile

    def position(self, day: int, rest: int) -> int:
        """Return the working microseconds from the table's beginning to `rest` microseconds into `day`."""
        total = self.opened[day]
        for opens, closes in self.spans[day]:
            if rest <= opens:
                break
            total += (rest if rest < closes else closes) - opens
        return total

    def locate(self, position: int) -> tuple[int, int]:
        """Return the earliest (day, microseconds into it) by which `position` working microseconds have passed.

        Raises OutOfCalendar where the table holds no such moment.
        """
        day = bisect_left(self.opened, position) - 1
        if not 0 <= day < COUNT:
            raise OutOfCalendar(f"the time reached is outside the calendar ({FIRST} to {LAST})")
        rest = position - self.opened[day]
        for opens, closes in self.spans[day]:
            if rest <= closes - opens:
                return day, opens + rest
            rest -= closes - opens
        raise AssertionError("the running totals and the sessions of a day agree")

    def locate_last(self, position: int) -> tuple[int, int]:
        """Return the latest (day, microseconds into it) before which only `position` microseconds were worked."""
        day = bisect_right(self.opened, position) - 1
        if not 0 <= day < COUNT or not self.spans[day]:
            raise OutOfCalendar(f"the time reached is outside the calendar ({FIRST} to {LAST})")
        rest = position - self.opened[day]
        for opens, closes in self.spans[day]:
            if rest < closes - opens:
                return day, opens + rest
            rest -= closes - opens
        raise AssertionError("the running totals and the sessions of a day agree")


def _totals(values: NDArray[np.generic]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))


def _unsettled(known_years: frozenset[int]) -> NDArray[np.bool_]:
    unsettled = np.zeros(COUNT, dtype=np.bool_)
    for year in range(FIRST.year, LAST.year + 1):
        start = index_of(dt.date(year, 1, 1))
        tail = index_of(dt.date(year, 12, 25))
        end = index_of(dt.date(year, 12, 31)) + 1
        unsettled[start:tail] = year not in known_years
        unsettled[tail:end] = year not in known_years or year + 1 not in known_years
    return unsettled
