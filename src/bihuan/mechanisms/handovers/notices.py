"""What people are told about double hand-overs."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Account
from .states import GIVERS

SIDE, BOTH, GIVER = "side", "both", "giver"
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "given": (_("%(subject)s was handed to you and to the other side at once"), (SIDE,)),
    "report": (_("A report came in on %(subject)s"), (GIVER,)),
    "send_back": (_("Your report on %(subject)s came back"), (SIDE,)),
    "take_back": (_("%(subject)s was taken back from both sides"), (SIDE,)),
    "lapse": (_("%(subject)s ended and was taken back from both sides"), (SIDE,)),
    "ended": (_("%(subject)s is settled on both sides; read how"), (BOTH,)),
    "late": (_("%(subject)s: a time limit ran out"), (SIDE, GIVER)),
}
"""Fact (or `ended`: the second account is settled) → (wording, who is told)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        kind = Kind(
            key=f"handovers.{name}", audience=frozenset({Audience.STAFF}), title=title, path="/handovers/%(handover)s/"
        )
        registry.register(kind)


def send(name: str, *, account: Account, both: list[Account], now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact of an account concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people: set[uuid.UUID] = set()
    for who in TOLD[name][1]:
        if who == GIVER:
            for role in sorted(GIVERS - {"leader"}):
                people.update(accounts.holders(role=role, region=account.region, now=now))
        for one in both if who == BOTH else [account] if who == SIDE else []:
            people.update(_holders(one, now))
    notifications.notify(
        key=f"handovers.{name}",
        recipients=people - {but},
        subject=account.handover.title[:60],
        data={"handover": str(account.handover_id)},
        now=now,
        dedupe=f"{account.id}:{name}:{now.isoformat()}",
        region=account.region,
    )


def _holders(account: Account, now: dt.datetime) -> list[uuid.UUID]:
    if account.department_id is None:
        return list(accounts.holders(role="discipline", region=account.region, now=now))
    return [
        person
        for role in ("department_head", "liaison")
        for person in accounts.holders(role=role, region=account.region, now=now, department_id=account.department_id)
    ]
