"""One fact of a policy, a clause, a profile or an import: recorded, saved with the row, told to other contexts."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.ledger.models import Chained
from bihuan.foundation.notifications import services as notifications

from .. import notices
from ..events import PolicyChanged
from ..models import Clause, Grant, Policy, Round


def commit(
    thing: Chained,
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    changed: Iterable[str] | None = None,
    made: bool = False,
) -> None:
    """Record the fact `policies.<name>`, save the row, and tell whoever subscribed; of profiles nobody."""
    fact = f"policies.{name}"
    ledger.record_and_save(
        thing,
        kind=fact,
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said=said,
        came_from=came_from,
        changed=changed,
        made=made,
    )
    if not isinstance(thing, Policy | Clause | Round):
        return
    clause = thing.clause if isinstance(thing, Round) else thing if isinstance(thing, Clause) else None
    policy = thing if isinstance(thing, Policy) else thing.clause.policy if isinstance(thing, Round) else thing.policy
    notices.send(name, policy=policy, now=now, but=actor.person_id)
    payload = {"id": str(thing.pk), "state": thing.state, "at": now.isoformat()}
    notifications.publish(event_type=fact, payload=payload, region=thing.region, now=now, enterprise_id=None)
    events.publish(
        PolicyChanged(
            policy_id=policy.id,
            clause_id=clause.id if clause else None,
            region=thing.region,
            department_id=thing.department_id,
            fact=fact,
            state=thing.state,
            actor_id=actor.person_id,
            at=now,
        )
    )


MANY = 2_000
"""So many facts at once."""


def commit_many(
    grants: Sequence[Grant],
    name: str,
    *,
    now: dt.datetime,
    said: Callable[[Grant], dict[str, Any]],
    target: str | None = None,
    changed: Sequence[str] = (),
    made: bool = False,
) -> None:
    """Record the fact `policies.<name>` of each of many locked grants, and save them; target: their new state."""
    for start in range(0, len(grants), MANY):
        part = grants[start : start + MANY]
        entries = []
        for one in part:
            came_from, one.state = one.state, target or one.state
            entries.append(
                ledger.Entry(
                    subject=one,
                    stream=one.pk,
                    kind=f"policies.{name}",
                    actor_id=None,
                    now=now,
                    data=said(one),
                    from_state=None if made else came_from,
                    to_state=one.state,
                    rulebook=str(one.rulebook_version),
                )
            )
        ledger.record_many(entries)
        if made:
            Grant.objects.bulk_create(part, batch_size=1_000)
        else:
            Grant.objects.bulk_update(part, ["state", "last_seq", "last_hash", *changed], batch_size=500)
