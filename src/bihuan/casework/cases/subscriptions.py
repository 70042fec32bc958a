"""Reactions of casework: to its own facts (people and webhooks are told) and to its clocks."""

from functools import partial

from bihuan.casework.deadlines.events import ClockRecalculated, ThresholdCrossed
from bihuan.foundation.kernel import events
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications

from . import notices
from .events import EVENT_OF_FACT, CaseEvent
from .services import timing


def register() -> None:
    """Subscribe to every fact of a case, and to thresholds of clocks."""
    notices.register()
    registry.register_event_types(*EVENT_OF_FACT)
    for fact, event_type in EVENT_OF_FACT.items():
        events.subscribe(event_type, partial(tell, fact=fact))
    events.subscribe(ThresholdCrossed, timing.cross)
    events.subscribe(ClockRecalculated, timing.follow_calendar)


def tell(event: CaseEvent, *, fact: str) -> None:
    """Send the notices of a fact, and offer it to webhooks (numbers and states only, no texts)."""
    notices.send(event, fact)
    notifications.publish(
        event_type=fact,
        payload={"number": event.number, "from": event.from_state, "state": event.to_state, "at": event.at.isoformat()},
        region=event.region,
        now=event.at,
        enterprise_id=event.parties.enterprise_id,
    )
