"""Reactions of the review of refusals: to facts of cases, and to its own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS, PolicyProposalChanged

REFUSING: tuple[type[told.CaseEvent], ...] = (told.CaseDeclined, told.CaseReplied, told.CaseObjected)
"""Facts in which somebody may have said no."""
FOLLOWED: tuple[type[told.CaseEvent], ...] = (told.CaseClosed, told.CaseWithdrawn, told.CaseMerged, told.CaseArchived)
"""Facts after which the review of a case may have ended."""


def register() -> None:
    """Subscribe to cases and clocks, and make the notices known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    for event_type in REFUSING:
        events.subscribe(event_type, on_refusal)
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_end)
    events.subscribe(ThresholdCrossed, services.cross)
    events.subscribe(PolicyProposalChanged, on_proposal)


def on_refusal(event: told.CaseEvent) -> None:
    """Somebody may have said no: fill the pool."""
    services.pool(event=event)


def on_end(event: told.CaseEvent) -> None:
    """A case ended: so may its review."""
    services.follow(event=event)


def on_proposal(event: PolicyProposalChanged) -> None:
    """A policy proposal moved: the register of proposals follows (N5)."""
    services.enter(event=event)
