"""What people are told about policies."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Policy

KEEPER, UNIT = "coordinator", "unit"
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "drafted": (_("A policy is being written: %(subject)s"), (KEEPER,)),
    "publish": (_("A policy is in force; please write its guide: %(subject)s"), (UNIT,)),
    "end": (_("A policy ended: %(subject)s"), (UNIT,)),
}
"""Fact → (wording, who is told)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        kind = Kind(
            key=f"policies.{name}", audience=frozenset({Audience.STAFF}), title=title, path="/policies/%(policy)s/"
        )
        registry.register(kind)


def send(name: str, *, policy: Policy, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people: set[uuid.UUID] = set()
    for who in TOLD[name][1]:
        roles = ("department_head", "liaison") if who == UNIT else (KEEPER,)
        unit = policy.department_id if who == UNIT else None
        for role in roles:
            people.update(accounts.holders(role=role, region=policy.region, now=now, department_id=unit))
    notifications.notify(
        key=f"policies.{name}",
        recipients=people - {but},
        subject=policy.title[:60],
        data={"policy": str(policy.id)},
        now=now,
        dedupe=f"{policy.id}:{name}",
        region=policy.region,
    )
