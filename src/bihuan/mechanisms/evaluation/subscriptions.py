"""Reactions of evaluation: to facts of cases, and to its own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS

FOLLOWED = (told.CaseClosed, told.CaseRated, told.CaseReopened, told.CaseWithdrawn, told.CaseMerged)
"""Facts of a case that say something about its evaluation."""


def register() -> None:
    """Subscribe to cases and clocks, and make notices and events known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_case)
    events.subscribe(ThresholdCrossed, services.cross)


def on_case(event: told.CaseEvent) -> None:
    """Something happened to a case: invite, hear the rating, or let a call lapse."""
    services.follow(event=event)
