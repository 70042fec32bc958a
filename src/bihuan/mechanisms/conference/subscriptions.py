"""Reactions of the conference: to lights, tiers and escalations of cases, to their ends, and to its own clocks."""

from bihuan.casework.cases import events as told
from bihuan.casework.cases import guards as cases
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import guards, notices, services
from .events import WORDINGS

PROPOSING = (told.ConsequenceFollowed, told.CaseEscalated, told.TierMoved)
ENDINGS = (told.CaseWithdrawn, told.CaseMerged, told.CaseDeclined, told.CaseClosed)


def register() -> None:
    """Subscribe to cases and clocks, veto what the conference forbids, and make the notices known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    for proposing in PROPOSING:
        events.subscribe(proposing, on_proposal)
    for ending in ENDINGS:
        events.subscribe(ending, on_end)
    events.subscribe(ThresholdCrossed, services.cross)
    cases.register("escalate", guards.why_not_escalate)
    cases.register("archive", guards.why_not_archive)


def on_proposal(event: told.ConsequenceFollowed | told.CaseEvent) -> None:
    """Something calls for the conference: the matter may become a candidate."""
    services.propose(event=event)


def on_end(event: told.CaseEvent) -> None:
    """The matter ended: what waits for a meeting lapses."""
    services.follow(event=event)
