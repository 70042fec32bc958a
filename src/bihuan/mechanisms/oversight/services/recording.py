"""One fact of an order or an entry: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import EntryChanged, OrderChanged
from ..models import Entry, Order
from ..rulebook import Orders, Oversight

CLOCKS = ("order_issue", "order_sign", "order_report", "order_verify")


def rule(order: Order) -> Orders:
    """Return what the rulebook under which the order began says about orders."""
    return rulebooks.version(order.rulebook_version).section(Oversight).orders


def commit(
    thing: Order | Entry,
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
    """Record the fact `oversight.<order or entry>_<name>`, save the row, and tell everybody."""
    ordered = isinstance(thing, Order)
    fact = f"oversight.{'order' if ordered else 'entry'}_{name}"
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
    if isinstance(thing, Order):
        notices.send(name, order=thing, case=case, data=said, now=now, but=actor.person_id)
    payload = {"number": case.number, "state": thing.state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=case.region, now=now, enterprise_id=None)
    about: dict[str, Any] = {
        "case_id": case.id,
        "number": case.number,
        "region": case.region,
        "fact": fact,
        "state": thing.state,
        "actor_id": actor.person_id,
        "at": now,
    }
    if isinstance(thing, Order):
        events.publish(OrderChanged(order_id=thing.id, **about))
    else:
        events.publish(EntryChanged(entry_id=thing.id, kind=thing.kind, **about))
