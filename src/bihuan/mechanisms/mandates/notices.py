"""What people are told about mandates."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Mandate
from .states import KEEPERS

HOLDER, KEEPER = "holder", "keeper"
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "appointed": (_("You were appointed: %(subject)s"), (HOLDER,)),
    "ask": (_("%(subject)s: something is asked of you"), (HOLDER,)),
    "drop": (_("%(subject)s: something is no longer asked of you"), (HOLDER,)),
    "report": (_("%(subject)s: a report came in"), (KEEPER,)),
    "answer": (_("%(subject)s: a report that was asked for came in"), (KEEPER,)),
    "renew": (_("%(subject)s: the term was renewed until %(until)s"), (HOLDER,)),
    "move": (_("%(subject)s: you go to another window"), (HOLDER,)),
    "hand_over": (_("%(subject)s: it was handed over"), (HOLDER,)),
    "resign": (_("%(subject)s: the holder resigned"), (KEEPER,)),
    "release": (_("%(subject)s: you were released"), (HOLDER,)),
    "near": (_("%(subject)s: the term ends on %(until)s"), (HOLDER, KEEPER)),
    "expire": (_("%(subject)s: the term is over"), (HOLDER, KEEPER)),
}
"""Fact → (wording, who is told). Nobody is named."""
_EVERY_SIDE = frozenset({Audience.STAFF, Audience.OUTSIDE, Audience.ENTERPRISE})


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        kind = Kind(key=f"mandates.{name}", audience=_EVERY_SIDE, title=title, path="/mandates/%(mandate)s/")
        registry.register(kind)


def send(name: str, *, mandate: Mandate, post: str, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people: set[uuid.UUID] = set()
    if HOLDER in TOLD[name][1]:
        people.update(_holders(mandate, now))
    if KEEPER in TOLD[name][1]:
        for role in sorted(KEEPERS):
            people.update(accounts.holders(role=role, region=mandate.region, now=now))
    notifications.notify(
        key=f"mandates.{name}",
        recipients=people - {but},
        subject=post[:60],
        data={"mandate": str(mandate.id), "until": mandate.until.isoformat() if mandate.until else "—"},
        now=now,
        dedupe=f"{mandate.id}:{mandate.last_seq}:{name}",
        region=mandate.region,
    )


def _holders(mandate: Mandate, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    if mandate.person_id is not None:
        return (mandate.person_id,)
    return accounts.speakers_of(enterprise_id=mandate.enterprise_id, now=now) if mandate.enterprise_id else ()
