"""Reactions of tracking: to facts of cases, and to its own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.cases import guards
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, selectors, services
from .events import WORDINGS

FOLLOWED = (
    told.CaseDispatched,
    told.ObjectionRuled,
    told.CaseReopened,
    told.ExtensionDecided,
    told.CaseClosed,
    told.CaseDeclined,
    told.CaseMerged,
    told.CaseWithdrawn,
    told.CaseSuspended,
    told.SuspensionDecided,
    told.CaseResumed,
    told.PlanSubmitted,
    told.PlanRated,
    told.ProgressReported,
    told.ResultConfirmed,
)
"""Facts of a case that say something about its tracking."""


def register() -> None:
    """Subscribe to cases and clocks, forbid archiving what is tracked, and make the notices known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_case)
    events.subscribe(ThresholdCrossed, services.cross)
    guards.register("archive", selectors.why_not_archive)


def on_case(event: told.CaseEvent) -> None:
    """Something happened to a case: propose it, enter it, keep its rhythm, or end its tracking."""
    services.follow(event=event)
