"""The only writers of clocks. Every call recomputes due date, lights and timers of what it touches in one go.

Callers hold a lock on the subject and have checked permission; they write the legal trace into their own ledger.
"""

from .books import together
from .clocks import NewClock, expect, extend, hand_over, pause, resume, retarget, start, start_many, stop, take_terms
from .recalculation import Recalculated, recalculate, schedule_recalculation
from .rehearsal import Effect, follow_official_days
from .subjects import guard_subjects
from .sweeping import Swept, sweep
from .watching import watch

__all__ = [
    "Effect",
    "NewClock",
    "Recalculated",
    "Swept",
    "expect",
    "extend",
    "follow_official_days",
    "guard_subjects",
    "hand_over",
    "pause",
    "recalculate",
    "resume",
    "retarget",
    "schedule_recalculation",
    "start",
    "start_many",
    "stop",
    "sweep",
    "take_terms",
    "together",
    "watch",
]
