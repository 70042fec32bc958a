"""The clocks of a case: which run when, and what the case row shows of the one that rules now.

`acceptance` until accepted, then `handling` (a new cycle after each rework or reopening) are mirrored on the row; `sign`,
`first_contact`, `ruling`, `verification` and `word` run beside them, each with timers of its own.
"""

import datetime as dt
import uuid
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bihuan.casework.deadlines import services as deadlines
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.kernel.workdays import Duration, WorkCalendar
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from ..models import Case
from ..rulebook import Acceptance, Lights, Tier, Tiers

if TYPE_CHECKING:
    from .turn import Turn

ZONE = ZoneInfo("Asia/Shanghai")
ACCEPTANCE, HANDLING = "acceptance", "handling"


def local_date(now: dt.datetime) -> dt.date:
    """Return the calendar day of an instant where the product works (Asia/Shanghai)."""
    return now.astimezone(ZONE).date()


def calendar(turn: "Turn") -> WorkCalendar:
    """Return the working calendar of the case's region."""
    return workcalendar.calendar_for(turn.case.region)


def tier(turn: "Turn") -> Tier:
    """Return the limits of the case's tier."""
    return turn.rule(Tiers).named(turn.case.tier)


def lights(case: Case) -> list[tuple[str, float]]:
    """Return (light id, share of the time from which it is lit) under the case's rulebook."""
    return [(row.id, row.at) for row in rulebooks.version(case.rulebook_version).section(Lights).root]


def start_acceptance(case: Case, now: dt.datetime) -> None:
    """Start the clock for accepting a matter that was just raised (the case row is not written yet)."""
    within = rulebooks.version(case.rulebook_version).section(Acceptance).within
    mirror(case, _start(case, ACCEPTANCE, within, now, cycle=1))
    case.original_due_at = case.due_at


def start_handling(turn: "Turn", allotment: Duration) -> None:
    """Start the clock for handling, or its next cycle. The first limit given stays on record as the original one."""
    case = turn.case
    cycle = 1 + case.reworks + case.reopenings
    mirror(case, _start(case, HANDLING, allotment, turn.now, cycle=cycle))
    if cycle == 1:
        case.original_due_at = case.due_at
    case.held_at = None


def start(turn: "Turn", kind: str, allotment: Duration, *, department: uuid.UUID | None = None) -> None:
    """Start one of the clocks that run beside the main one; its next cycle if it ran before."""
    cycle = 1 + Clock.objects.filter(subject=turn.case.id, kind=kind).count()
    _start(turn.case, kind, allotment, turn.now, cycle=cycle, department=department)
