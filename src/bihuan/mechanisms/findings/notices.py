"""What people are told about findings; nothing of what one says."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Finding
from .states import SUPERVISORS

OFFICE, UNIT = "office", "unit"
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "visited": (_("A visit found a problem that has to be sorted: %(subject)s"), (OFFICE,)),
    "ask": (_("You are asked to put something right by %(due_at)s: %(subject)s"), (UNIT,)),
    "answer": (_("The department answered: %(subject)s"), (OFFICE,)),
    "send_back": (_("The answer came back: %(subject)s"), (UNIT,)),
    "write_off": (_("%(subject)s was written off"), (UNIT,)),
    "relapse": (_("%(subject)s is open again: it came back"), (UNIT,)),
    "follow_case": (_("The matter about %(subject)s moved on"), (OFFICE,)),
    "follow_letter": (_("The letter about %(subject)s moved on"), (OFFICE,)),
    "late": (_("%(subject)s: a time limit ran out"), (OFFICE, UNIT)),
}
"""Fact → (wording, who is told)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        kind = Kind(
            key=f"findings.{name}", audience=frozenset({Audience.STAFF}), title=title, path="/findings/%(finding)s/"
        )
        registry.register(kind)


def send(name: str, *, finding: Finding, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    notifications.notify(
        key=f"findings.{name}",
        recipients={person for who in TOLD[name][1] for person in _holders(finding, who, now)} - {but},
        subject=finding.title[:60],
        data={"due_at": finding.due_at.isoformat() if finding.due_at else "", "finding": str(finding.id)},
        now=now,
        dedupe=f"{finding.id}:{name}:{now.isoformat()}",
        region=finding.region,
    )


def _holders(finding: Finding, who: str, now: dt.datetime) -> list[uuid.UUID]:
    if who == OFFICE:
        roles, department = sorted(SUPERVISORS), None
    else:
        roles, department = ["department_head", "liaison"], finding.department_id if finding.shown else None
        if department is None:
            return []
    found = (accounts.holders(role=role, region=finding.region, now=now, department_id=department) for role in roles)
    return [person for people in found for person in people]
