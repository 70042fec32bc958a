"""What people are told about supervision orders. That one was set going is told by the light of the case itself."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Order

OWNER, HEADS, LEADER = ("owner",), ("department:department_head", "department:liaison"), ("leader",)

TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "issue": (_("Supervision order %(subject)s is for you, to be signed for by %(due_at)s: %(text)s"), HEADS),
    "sign": (_("The department signed for supervision order %(subject)s"), OWNER),
    "report": (_("Report on supervision order %(subject)s: %(text)s"), OWNER),
    "send_back": (_("The report on supervision order %(subject)s came back: %(text)s"), HEADS),
    "escalate": (_("Supervision order %(subject)s was brought to you: %(text)s"), LEADER),
    "close": (_("Supervision order %(subject)s was written off"), HEADS),
    "settle": (_("Supervision order %(subject)s was settled by the leader"), (*HEADS, *OWNER)),
    "take_back": (_("Supervision order %(subject)s was taken back"), HEADS),
    "late": (_("Supervision order %(subject)s: a time limit ran out (%(clock)s)"), (*OWNER, *HEADS, *LEADER)),
}
"""Fact → (wording, who is told: all of them; where nobody is, the fallback of the rulebook)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _offices) in TOLD.items():
        kind = Kind(
            key=f"oversight.{name}",
            audience=frozenset({Audience.STAFF}),
            title=title,
            path="/oversight/orders/%(order)s/",
        )
        registry.register(kind)


def send(name: str, *, order: Order, case: Case, data: dict[str, Any], now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact of an order concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people = {person for office in TOLD[name][1] for person in _holders(order, case, office, now)}
    for office in rulebooks.version(order.rulebook_version).section(Fallback).receivers:
        people = people or set(_holders(order, case, office, now))
    short = {key: value[:200] if isinstance(value, str) else value for key, value in data.items()}
    notifications.notify(
        key=f"oversight.{name}",
        recipients=people - {but},
        subject=order.number,
        data={"text": "", **short, "order": str(order.id)},
        now=now,
        dedupe=f"{order.id}:{name}:{now.isoformat()}",
        region=order.region,
    )


def _holders(order: Order, case: Case, office: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    side, _sep, role = office.rpartition(":")
    if side and case.lead_department_id is None:
        return ()
    department = case.lead_department_id if side else None
    role = order.owner if role == "owner" else role
    return accounts.holders(role=role, region=order.region, now=now, department_id=department)
