"""One fact of a refusal: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import RefusalChanged
from ..models import Refusal
from ..rulebook import Refusals


def rule(refusal: Refusal) -> Refusals:
    """Return what the rulebook under which the refusal came into the pool says."""
    return rulebooks.version(refusal.rulebook_version).section(Refusals)


def commit(
    refusal: Refusal,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `refusals.<name>`, save the row, and tell everybody."""
    fact = f"refusals.{name}"
    # A vote is secret until all are opened: its fact names nobody.
    secret = name == "vote"
    ledger.record_and_save(
        refusal,
        kind=fact,
        actor_id=None if secret else actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, "case": refusal.number},
        came_from=came_from,
        changed=changed,
        made=made,
    )
    notices.send(name, refusal=refusal, data=said, now=now, but=actor.person_id)
    payload = {"number": refusal.number, "state": refusal.state, "outcome": refusal.outcome, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=refusal.region, now=now, enterprise_id=None)
    events.publish(
        RefusalChanged(
            refusal_id=refusal.id,
            case_id=refusal.case_id,
            number=refusal.number,
            region=refusal.region,
            fact=fact,
            state=refusal.state,
            outcome=refusal.outcome,
            actor_id=None if secret else actor.person_id,
            at=now,
        )
    )
