"""Lengths of time as rulebooks write them: `5wd`, `4wh`, `15d`, `24h`, `30min`."""

import re
from dataclasses import dataclass
from enum import StrEnum

_WRITTEN = re.compile(r"([1-9][0-9]{0,4})(wd|wh|d|h|min)", re.ASCII)
_LARGEST = {"wd": 3650, "wh": 29200, "d": 3650, "h": 87600, "min": 99999}


class Unit(StrEnum):
    """What a duration counts."""

    WORKING_DAY = "wd"
    WORKING_HOUR = "wh"
    DAY = "d"
    HOUR = "h"
    MINUTE = "min"


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole number of one unit; at least 1, at most ten years.

    wd  working days: end at the close of business, the day of receipt not counted
    wh  working hours: counted inside office hours from the instant
    d   natural days: the day of receipt not counted, end at the close of business, rolled forward off rest days
    h, min  hours and minutes round the clock, never rolled

    Raises ValueError for an amount outside the limits.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= _LARGEST[self.unit]:
            raise ValueError(f"a duration in {self.unit} is between 1 and {_LARGEST[self.unit]}, not {self.amount}")

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read the written form. Raises ValueError that says what the form is."""
        match = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            raise ValueError(
                f"{text!r} is no duration: write a whole number and a unit, for example"
                " 5wd (working days), 4wh (working hours), 15d (natural days), 24h or 30min"
            )
        return cls(int(match[1]), Unit(match[2]))

    @property
    def working(self) -> bool:
        """Whether it is counted in working time (wd, wh) rather than round the clock."""
        return self.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR)

    @property
    def by_date(self) -> bool:
        """Whether it is counted in whole days and ends at the close of business (wd, d)."""
        return self.unit in (Unit.WORKING_DAY, Unit.DAY)

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"
