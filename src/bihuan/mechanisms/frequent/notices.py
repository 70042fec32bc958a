"""What people are told about frequent matters."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Frequent

LEADER, OFFICE, UNIT = "leader", "supervision_office", "unit"
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "listed": (_("Raised again and again, and waits for a leader: %(subject)s"), (LEADER,)),
    "take_on": (_("You are to answer on the spot by %(due_at)s: %(subject)s"), (UNIT,)),
    "answer": (_("The department answered on the spot: %(subject)s"), (LEADER, OFFICE)),
    "send_back": (_("The answer on the spot came back: %(subject)s"), (UNIT,)),
    "settle": (_("%(subject)s was settled"), (UNIT,)),
    "order": (_("%(subject)s was not answered; a supervision order was set going"), (UNIT, OFFICE, LEADER)),
    "late": (_("%(subject)s: a time limit ran out"), (LEADER, UNIT)),
}
"""Fact → (wording, who is told)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        kind = Kind(
            key=f"frequent.{name}", audience=frozenset({Audience.STAFF}), title=title, path="/frequent/%(frequent)s/"
        )
        registry.register(kind)


def send(name: str, *, matter: Frequent, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people = {person for who in TOLD[name][1] for person in _holders(matter, who, now)}
    notifications.notify(
        key=f"frequent.{name}",
        recipients=people - {but},
        subject=matter.department.short_name,
        data={"due_at": matter.due_at.isoformat() if matter.due_at else "", "frequent": str(matter.id)},
        now=now,
        dedupe=f"{matter.id}:{name}:{now.isoformat()}",
        region=matter.region,
    )


def _holders(matter: Frequent, who: str, now: dt.datetime) -> list[uuid.UUID]:
    if who != UNIT:
        return list(accounts.holders(role=who, region=matter.region, now=now))
    return [
        person
        for role in ("department_head", "liaison")
        for person in accounts.holders(role=role, region=matter.region, now=now, department_id=matter.department_id)
    ]
