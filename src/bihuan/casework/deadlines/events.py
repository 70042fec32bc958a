"""What the clocks tell others. `subject` is whatever the clock was started for."""

import datetime as dt
import uuid
from dataclasses import dataclass

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ThresholdCrossed(Event):
    """A clock reached one of its lights at `fire_at`; published once for each, in order, when the sweep sees it.

    superseded says that a later light of the same clock is due as well (the sweep came late): its consequences hold,
    its notices may be left to the later one. `position` counts the clock's lights from 0, `lights` is their number.
    """

    clock_id: uuid.UUID
    subject: uuid.UUID
    region: str
    kind: str
    part: str
    cycle: int
    threshold: str
    light: str
    position: int
    lights: int
    fire_at: dt.datetime
    due_at: dt.datetime
    now: dt.datetime
    superseded: bool
    holder_department: uuid.UUID | None
    holder_role: str
    rulebook_version: str


@dataclass(frozen=True, kw_only=True)
class ClockRecalculated(Event):
    """A change of the calendar moved a clock; the old due date is kept in the clock's facts."""

    clock_id: uuid.UUID
    subject: uuid.UUID
    region: str
    kind: str
    part: str
    was_due_at: dt.datetime
    due_at: dt.datetime
    was_provisional: bool
    provisional: bool
    calendar_version: int
