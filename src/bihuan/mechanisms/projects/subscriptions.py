"""Reactions of key projects: to matters that block them, and to the days of their milestones."""

from bihuan.casework.cases import events as told
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS

FOLLOWED: tuple[type[told.CaseEvent], ...] = (
    told.CaseClosed,
    told.CaseWithdrawn,
    told.CaseMerged,
    told.CaseDeclined,
    told.CaseReopened,
    told.CaseOverturned,
)
"""Facts of a matter after which a project may be blocked no longer, or again."""


def register() -> None:
    """Subscribe, and make notices and events known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    for event_type in FOLLOWED:
        events.subscribe(event_type, on_case)
    events.subscribe(ThresholdCrossed, services.cross)


def on_case(event: told.CaseEvent) -> None:
    """A matter ended or began anew: perhaps one that blocks a project."""
    services.follow(event=event)
