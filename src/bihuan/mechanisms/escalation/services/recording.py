"""One fact of a matter between the levels: recorded, saved with the row, told to people, webhooks and contexts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications

from .. import notices
from ..events import EscalationChanged
from ..models import Arrival, Escalation


def commit(
    thing: Escalation | Arrival,
    case: Case,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `escalation.<name>` or `arrival.<name>`, save the row, and tell everybody."""
    fact = f"{'escalation' if isinstance(thing, Escalation) else 'arrival'}.{name}"
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, "case": case.number},
        came_from=came_from,
        changed=changed,
        made=made,
    )
    notices.send(fact, thing=thing, case=case, data=said, now=now, but=actor.person_id)
    payload = {"number": case.number, "state": thing.state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=case.region, now=now, enterprise_id=None)
    events.publish(
        EscalationChanged(
            thing_id=thing.id,
            case_id=case.id,
            number=case.number,
            region=case.region,
            fact=fact,
            state=thing.state,
            actor_id=actor.person_id,
            at=now,
        )
    )
