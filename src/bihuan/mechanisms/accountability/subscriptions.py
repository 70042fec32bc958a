"""Reactions of simulated accountability: to facts of cases, and to its own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events

from . import notices, services

FOLLOWED: tuple[type[told.CaseEvent], ...] = (
    told.CaseSigned,
    told.ObjectionRuled,
    told.PlanSubmitted,
    told.ProgressReported,
    told.EnterpriseAsked,
    told.QuestionAnswered,
    told.CaseSuspended,
    told.SuspensionDecided,
    told.CaseResumed,
    told.ExtensionDecided,
    told.CaseObjected,
    told.CaseReplied,
    told.VerificationReturned,
    told.CaseOverturned,
    told.CaseWithdrawn,
    told.LightChanged,
)
"""Facts with which work at a department begins, goes on or rests, or which may show an early sign."""


def register() -> None:
    """Subscribe to cases and clocks, and make the notices known."""
    notices.register()
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_case)
    events.subscribe(ThresholdCrossed, services.cross)


def on_case(event: told.CaseEvent) -> None:
    """Something happened to a case: early signs may follow."""
    services.follow(event=event)
