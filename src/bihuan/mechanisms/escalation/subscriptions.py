"""Reactions of upward escalation: to facts of cases of both levels, and to its own clock."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS

BELOW: tuple[type[told.CaseEvent], ...] = (
    told.CaseClosed,
    told.CaseWithdrawn,
    told.CaseMerged,
    told.CaseCameDown,
    told.ExtensionDecided,
    told.CaseSuspended,
    told.SuspensionDecided,
    told.CaseResumed,
    told.ResultConfirmed,
    told.ResultDenied,
)
"""What the level above is told of a case that was sent up: its end, its clock, and the enterprise's word."""
ABOVE: tuple[type[told.CaseEvent], ...] = (
    told.CaseAccepted,
    told.CaseDeclined,
    told.CaseMerged,
    told.SupplementRequested,
    told.CaseSupplemented,
    told.CaseDispatched,
    told.CaseSigned,
    told.ObjectionRuled,
    told.EnterpriseAsked,
    told.QuestionAnswered,
    told.ProgressReported,
    told.CaseSuspended,
    told.SuspensionDecided,
    told.CaseResumed,
    told.ExtensionDecided,
    told.CaseReplied,
    told.VerificationReturned,
    told.CaseClosed,
    told.CaseReopened,
)
"""What the level below is told of the case that its matter became above."""


def register() -> None:
    """Subscribe to cases and clocks, and make the notices known."""
    notices.register()
    registry.register_event_types(*(name for name in WORDINGS if not name.startswith("peer.")))
    events.subscribe(told.CaseEscalated, on_escalated)
    for event_type in BELOW:
        events.subscribe(event_type, on_lower_case)
    for event_type in ABOVE:
        events.subscribe(event_type, on_upper_case)
    events.subscribe(told.FileAttached, on_file)
    events.subscribe(ThresholdCrossed, services.cross)


def on_escalated(event: told.CaseEscalated) -> None:
    """A case was sent up: put the matter on its way."""
    services.begin(event=event)


def on_lower_case(event: told.CaseEvent) -> None:
    """A case that may have been sent up went on."""
    services.go_on(event=event)


def on_upper_case(event: told.CaseEvent) -> None:
    """A case that may have come from below went on."""
    services.follow(event=event)


def on_file(event: told.FileAttached) -> None:
    """A file was added to a case that may be above, or may have come from below."""
    services.carry(event=event)
