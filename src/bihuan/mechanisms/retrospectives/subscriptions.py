"""Reactions of retrospectives: to the ends of cases, to institutions proposed elsewhere, and to its own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS

FOLLOWED: tuple[type[told.CaseEvent], ...] = (told.CaseClosed, told.CaseWithdrawn, told.CaseMerged)
"""Facts after which a retrospective may begin or end."""


def register() -> None:
    """Subscribe to cases and clocks, and make the notices known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_end)
    events.subscribe(told.InstitutionProposed, on_institution)
    events.subscribe(ThresholdCrossed, services.cross)


def on_end(event: told.CaseEvent) -> None:
    """A case closed or ended: its retrospective may begin, be measured anew, or end."""
    services.follow(event=event)


def on_institution(event: told.InstitutionProposed) -> None:
    """A lasting rule was proposed because of cases: they may have to be looked back at."""
    services.note_institution(event=event)
