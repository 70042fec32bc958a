"""What a story may look at: the district, its people, the calendar, the rulebook's limits. Nothing that writes."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel.workdays import Duration, WorkCalendar

from . import rhythm
from .firms import Firm
from .people import Account


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The time limits of the rulebook that stories have to know, so that no step comes when it is forbidden."""

    due: dict[str, Duration]
    rework: Duration
    reopened: Duration
    silence: Duration


@dataclass(frozen=True, kw_only=True)
class World:
    """One demonstration: `first` is the day it begins, `now` the instant it ends. Same values, same plan."""

    seed: int
    first: dt.date
    now: dt.datetime
    calendar: WorkCalendar
    limits: Limits
    firms: tuple[Firm, ...]
    accounts: tuple[Account, ...]

    def dice(self, name: str) -> random.Random:
        """Return dice of their own for `name`, so that a change in one story moves no other."""
        return random.Random(f"{self.seed}:{name}")  # noqa: S311

    def at_work(self, end: dt.datetime) -> bool:
        """Tell whether offices work through their desks at the end of a window; at the very end they always do."""
        return end >= self.now or self.calendar.is_workday(end.astimezone(rhythm.ZONE).date())

    def is_turn(self, end: dt.datetime, time: dt.time) -> bool:
        """Tell whether the window of a working day ends that has its turn at `time`."""
        local = end.astimezone(rhythm.ZONE)
        return local.time() == time and self.calendar.is_workday(local.date())

    def staff(self, role: Role) -> list[str]:
        """Return the user names of everybody with this role."""
        return [account.username for account in self.accounts if account.role == role]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that somebody does to a matter.

    case    key of the matter in the plan       seq   place among its steps, from 0 (raise)
    action  `raise`, `attach`, an action of the lifecycle table, or `report` on a tracked matter
    who     a user name; empty: whoever raised the matter without a login, by its follow-up code
    said_by what `who` writes down for the enterprise: its credit code, else empty
    """

    at: dt.datetime
    case: int
    seq: int
    action: str
    who: str
    body: dict[str, Any] = field(default_factory=dict)
    said_by: str = ""

    @property
    def order(self) -> tuple[dt.datetime, int, int]:
        """By what steps are sorted."""
        return self.at, self.case, self.seq
