"""Between instants and the office's wall clock, in microseconds since the first day of the table."""

import datetime as dt
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .hours import DAY
from .table import COUNT, FIRST, LAST, OutOfCalendar

MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_START = dt.datetime.combine(FIRST, dt.time())
_START_MICROS = (_START.replace(tzinfo=dt.UTC) - _EPOCH) // MICROSECOND


class WallClock:
    """The wall clock of one time zone. Where it jumps (daylight saving) the earlier reading is meant, as in Python.

    China has had no daylight saving since 1992, so its zone is a fixed offset and costs one subtraction.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        middays = (dt.datetime.combine(FIRST + dt.timedelta(days=n), dt.time(12), zone) for n in range(0, 21915, 7))
        offsets = {midday.utcoffset() for midday in middays}
        self.fixed = len(offsets) == 1
        self._begin = _START.replace(tzinfo=zone)
        self._origin = self._begin.astimezone(dt.UTC)

    def read(self, instant: dt.datetime) -> tuple[int, int]:
        """Return the wall clock at `instant`: days since the table's first, and microseconds into that day.

        Raises ValueError for an instant without offset, and OutOfCalendar beyond the table.
        """
        zone = instant.tzinfo
        # Python subtracts wall clocks of one zone as they stand, without asking for offsets; that is the cheap way.
        if zone is self.zone:
            passed = instant - self._begin
        elif zone is None:
            raise ValueError("an instant needs an offset")
        elif self.fixed:
            passed = instant - self._origin
        else:
            passed = instant.astimezone(self.zone) - self._begin
        day = passed.days
        if 0 <= day < COUNT:
            return day, passed.seconds * 1_000_000 + passed.microseconds
        raise OutOfCalendar(f"{instant.isoformat()} is outside the calendar ({FIRST} to {LAST})")

    def instant(self, day: int, rest: int) -> dt.datetime:
        """Return the instant (aware, UTC) at which the wall clock shows `rest` microseconds into `day`."""
        passed = (day * DAY + rest) * MICROSECOND
        if self.fixed:
            return self._origin + passed
        return (_START + passed).replace(tzinfo=self.zone).astimezone(dt.UTC)

    def read_many(self, instants: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """Return `read` for an array of UTC instants (datetime64[us])."""
        micros = instants.astype("datetime64[us]").astype(np.int64)
        if self.fixed:
            return micros - (self._origin - _EPOCH) // MICROSECOND
        at, offsets = self._jumps
        return micros - _START_MICROS + offsets[np.searchsorted(at, micros, side="right")]

    def instants(self, walls: NDArray[np.int64]) -> NDArray[np.datetime64]:
        """Return `instant` for an array of wall-clock microseconds, as UTC datetime64[us]."""
        if self.fixed:
            return (walls + (self._origin - _EPOCH) // MICROSECOND).astype("datetime64[us]")
        at, offsets = self._jumps
        turns = at - _START_MICROS + np.maximum(offsets[:-1], offsets[1:])
        return (walls + _START_MICROS - offsets[np.searchsorted(turns, walls, side="right")]).astype("datetime64[us]")

    @cached_property
    def _jumps(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Instants (microseconds since 1970) at which the offset changes, and the offsets before, between and after."""
        hour = dt.timedelta(hours=1)
        moment = dt.datetime.combine(FIRST, dt.time(), dt.UTC) - dt.timedelta(days=1)
        end = dt.datetime.combine(LAST, dt.time(), dt.UTC) + dt.timedelta(days=2)
        at: list[int] = []
        offset = moment.astimezone(self.zone).utcoffset()
        offsets = [offset]
        while moment < end:
            later = moment + 24 * hour
            if later.astimezone(self.zone).utcoffset() != offset:
                low, high = moment, later
                while high - low > dt.timedelta(minutes=1):
                    middle = low + (high - low) // 2
                    low, high = (middle, high) if middle.astimezone(self.zone).utcoffset() == offset else (low, middle)
                change = high.replace(second=0, microsecond=0)
                offset = later.astimezone(self.zone).utcoffset()
                at.append((change - _EPOCH) // MICROSECOND)
                offsets.append(offset)
            moment = later
        micros = [(value or dt.timedelta()) // MICROSECOND for value in offsets]
        return np.array(at, dtype=np.int64), np.array(micros, dtype=np.int64)
