"""Reactions of double hand-overs: to ends of matters, and to their own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS


def register() -> None:
    """Subscribe, and make notices and events known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    for event_type in (told.CaseWithdrawn, told.CaseMerged, told.CaseDeclined):
        events.subscribe(event_type, on_end)
    events.subscribe(ThresholdCrossed, services.cross)


def on_end(event: told.CaseEvent) -> None:
    """A matter ended without an answer: nothing is asked of either side any more."""
    services.follow(event=event)
