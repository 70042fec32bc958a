"""One fact of an account: recorded, saved with the row, told to people, to webhooks and to other contexts."""

import datetime as dt
from typing import Any

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import events
from bihuan.foundation.ledger import services as ledger
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices
from ..events import HandoverChanged
from ..models import Account
from ..rulebook import Handovers
from ..states import OPEN

CLOCKS = ("handover_sign", "handover_report", "handover_settle")


def rule(account: Account) -> Handovers:
    """Return what the rulebook under which the matter was handed over says."""
    return rulebooks.version(account.rulebook_version).section(Handovers)


def expect_next(account: Account, *, now: dt.datetime) -> None:
    """Start the clock of what is expected of this side, or of those who gave it."""
    book = rule(account)
    kind, limit = {
        "handed": ("handover_sign", book.sign_within),
        "signed": ("handover_report", getattr(book.report_within, account.side)),
        "reported": ("handover_settle", book.settle_within),
    }.get(account.state, ("", None))
    deadlines.expect(account, kind, limit, now=now)


def commit(
    account: Account,
    both: list[Account],
    name: str,
    *,
    now: dt.datetime,
    said: dict[str, Any],
    actor: Actor = THE_SYSTEM,
    came_from: str | None = None,
    made: bool = False,
) -> None:
    """Record the fact `handovers.<name>` of one account, save it and the end of the whole, and tell everybody."""
    handover = account.handover
    due = {"due_at": account.due_at.isoformat()} if account.due_at else {}
    ledger.record_and_save(
        account,
        kind=f"handovers.{name}",
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        now=now,
        said={**said, "side": account.side, "case": handover.number, **due},
        came_from=came_from,
        made=made,
    )
    ended = not made and all(one.state not in OPEN for one in both)
    if ended and handover.ended_at is None:
        handover.ended_at = now
        handover.save(update_fields=["ended_at"])
        if name == "settle":
            notices.send("ended", account=account, both=both, now=now, but=None)
    notices.send(name, account=account, both=both, now=now, but=actor.person_id)
    payload = {"number": handover.number, "side": account.side, "state": account.state, "at": now.isoformat()}
    notifications.publish(
        event_type=f"handovers.{name}", payload=payload, region=account.region, now=now, enterprise_id=None
    )
    events.publish(
        HandoverChanged(
            handover_id=handover.id,
            account_id=account.id,
            case_id=handover.case_id,
            region=account.region,
            side=account.side,
            fact=f"handovers.{name}",
            state=account.state,
            ended=ended,
            actor_id=actor.person_id,
            at=now,
        )
    )
