"""What a clock shows."""

import datetime as dt
from dataclasses import dataclass

from .facts import Allotment, FactKind


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the explanation after the start: a pause (`until` None while it lasts), extension or new target."""

    kind: FactKind
    at: dt.datetime
    until: dt.datetime | None = None
    lasted: dt.timedelta | None = None
    allotment: Allotment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """What a clock shows at an instant.

    due_at             with all pauses and extensions; while paused, as it stood when the pause began
    original_due_at    of the first allotment, never moved by pauses, extensions or new targets
    elapsed_share      used ÷ allotted time; above 1 when overdue; fixed once stopped, standing while paused
    light              id of the last light reached, None before the first
    light_times        (id, instant) of every light in order; None where it is not (yet) to be reached
    used, allotted, overrun  in working time where in_working_time, else round the clock
    overdue            the due date passed before the stop (or now): ending exactly on it is in time
    provisional        a missing official notice may still move the due date
    """

    due_at: dt.datetime
    original_due_at: dt.datetime
    counts_from: dt.datetime
    elapsed_share: float
    light: str | None
    light_times: tuple[tuple[str, dt.datetime | None], ...]
    paused_at: dt.datetime | None
    holds: tuple[str, ...]
    stopped_at: dt.datetime | None
    void: bool
    provisional: bool
    overdue: bool
    in_working_time: bool
    used: dt.timedelta
    allotted: dt.timedelta
    overrun: dt.timedelta
    steps: tuple[Step, ...]

    @property
    def remaining(self) -> dt.timedelta:
        """Time left until due; zero when there is none."""
        return max(self.allotted - self.used, dt.timedelta(0))
