"""Office hours of a place: one or more sessions a day, the time zone they are read in, and what after-hours means."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MICRO = 1_000_000
DAY = 86_400 * MICRO
_SESSION = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})", re.ASCII)


class AfterHours(StrEnum):
    """What a receipt outside office hours means for periods in working days."""

    SAME_DAY = "same_day"
    """It counts as received that calendar day (the national rule)."""

    NEXT_DAY = "next_day"
    """After closing or on a rest day it counts as received on the next working day (a common local rule)."""


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True)
class OfficeHours:
    """Sessions as (opens, closes) in minutes since midnight, ascending and apart; breaks are the gaps between them.

    The last session may end at 24:00 (1440) and never runs into the next day. Raises ValueError for sessions that
    overlap, are empty or out of order, and for an unknown time zone.
    """

    sessions: tuple[tuple[int, int], ...] = ((510, 720), (810, 1050))
    timezone: str = "Asia/Shanghai"
    after_hours: AfterHours = AfterHours.SAME_DAY

    def __post_init__(self) -> None:
        if not self.sessions:
            raise ValueError("office hours need at least one session, for example 08:30-12:00")
        before = 0
        for opens, closes in self.sessions:
            if not before <= opens < closes <= 1440:
                raise ValueError(
                    f"the session {_clock(opens)}-{_clock(closes)} is empty, overlaps the one before or leaves the day"
                )
            before = closes
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{self.timezone!r} is no known time zone, write one like Asia/Shanghai") from error

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        breaks: str = "",
        timezone: str = "Asia/Shanghai",
        after_hours: AfterHours = AfterHours.SAME_DAY,
    ) -> "OfficeHours":
        """Read `08:30-12:00, 13:30-17:30`, or one span `08:30-17:30` with `breaks` `12:00-13:30`.

        Raises ValueError that names the part that cannot be read.
        """
        sessions = _read_sessions(text)
        for leaves, returns in _read_sessions(breaks) if breaks.strip() else ():
            cut: list[tuple[int, int]] = []
            for opens, closes in sessions:
                cut += [(opens, min(closes, leaves)), (max(opens, returns), closes)]
            sessions = tuple((opens, closes) for opens, closes in cut if opens < closes)
        return cls(sessions, timezone, AfterHours(after_hours))

    def __str__(self) -> str:
        return ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in self.sessions)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone the hours are read in."""
        return ZoneInfo(self.timezone)

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The sessions in microseconds since midnight."""
        return tuple((opens * 60 * MICRO, closes * 60 * MICRO) for opens, closes in self.sessions)

    @property
    def length(self) -> dt.timedelta:
        """Working time of one working day."""
        return dt.timedelta(minutes=sum(closes - opens for opens, closes in self.sessions))

    @property
    def closing(self) -> dt.timedelta:
        """Close of business, since midnight."""
        return dt.timedelta(minutes=self.sessions[-1][1])


def _read_sessions(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in re.split(r"[,，;；]", text):
        match = _SESSION.fullmatch(part.strip())
        if match is None or int(match[2]) > 59 or int(match[4]) > 59:
            raise ValueError(f"{part.strip()!r} is no session: write hours like 08:30-12:00, 13:30-17:30")
        found.append((int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])))
    return tuple(found)
