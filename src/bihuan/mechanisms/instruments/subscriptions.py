"""Reactions of instruments: to letters wanted elsewhere, and to their own clocks."""

from bihuan.casework.cases.events.between import LetterWanted
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS


def register() -> None:
    """Subscribe to what is wanted and to the clocks, and make notices and events known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    events.subscribe(LetterWanted, on_wanted)
    events.subscribe(ThresholdCrossed, services.cross)


def on_wanted(event: LetterWanted) -> None:
    """Something found elsewhere has to become a letter: draft it."""
    services.draft_wanted(event=event)
