"""Reactions of oversight: to consequences of lights, to facts of cases, and to its own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS

FOLLOWED = (
    told.CaseWithdrawn,
    told.CaseMerged,
    told.CaseDeclined,
    told.CaseClosed,
    told.ExtensionDecided,
    told.SuspensionDecided,
    told.CaseResumed,
    told.VerificationReturned,
)
"""Facts of a case after which its orders and lists may have to follow."""


def register() -> None:
    """Subscribe to lights, cases and clocks, and make the notices known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    events.subscribe(told.ConsequenceFollowed, on_consequence)
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_case)
    events.subscribe(ThresholdCrossed, services.cross)


def on_consequence(event: told.ConsequenceFollowed) -> None:
    """A light of a case asks for something: draft an order, or list the matter."""
    services.set_going(event=event)


def on_case(event: told.CaseEvent) -> None:
    """Something happened to a case: take back its order, or clear its entries."""
    services.follow(event=event)
