"""Reactions of the registers: to lasting rules that meetings propose, and to their own clocks."""

from bihuan.casework.cases.events import InstitutionProposed
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry

from . import notices, services
from .events import WORDINGS


def register() -> None:
    """Subscribe to meetings and clocks, and make the notices known."""
    notices.register()
    registry.register_event_types(*WORDINGS)
    events.subscribe(InstitutionProposed, on_proposed)
    events.subscribe(ThresholdCrossed, services.cross)


def on_proposed(event: InstitutionProposed) -> None:
    """A meeting proposed a lasting rule (J7): its draft comes into the register, once."""
    services.follow_institution(
        source="conference",
        source_id=event.proposal_id,
        region=event.region,
        title=event.title,
        text=event.text,
        case_ids=event.case_ids,
        origin=event.proposed_at_meeting,
        actor_id=event.actor_id,
        now=event.at,
    )
