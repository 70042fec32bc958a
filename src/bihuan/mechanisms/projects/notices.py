"""What people are told about key projects."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience

from .models import Project

KEEPER, UNIT = "coordinator", "unit"
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "signed": (_("You are responsible for a key project: %(subject)s"), (UNIT,)),
    "add_milestone": (_("A milestone was added to the project %(subject)s"), (UNIT,)),
    "block": (_("Something blocks the project %(subject)s"), (KEEPER,)),
    "unblocked": (_("The project %(subject)s is blocked no longer by one matter"), (KEEPER, UNIT)),
    "blocked_again": (_("The project %(subject)s is blocked again"), (KEEPER, UNIT)),
    "late": (_("%(subject)s: the day of the milestone “%(thing)s” passed"), (KEEPER, UNIT)),
}
"""Fact → (wording, who is told)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _who) in TOLD.items():
        kind = Kind(
            key=f"projects.{name}", audience=frozenset({Audience.STAFF}), title=title, path="/projects/%(project)s/"
        )
        registry.register(kind)


def send(name: str, *, project: Project, thing: str, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people: set[uuid.UUID] = set()
    for who in TOLD[name][1]:
        roles = ("department_head", "liaison") if who == UNIT else (KEEPER,)
        unit = project.department_id if who == UNIT else None
        for role in roles:
            people.update(accounts.holders(role=role, region=project.region, now=now, department_id=unit))
    notifications.notify(
        key=f"projects.{name}",
        recipients=people - {but},
        subject=project.name[:60],
        data={"thing": thing, "project": str(project.id)},
        now=now,
        dedupe=f"{project.id}:{name}:{thing}:{now.isoformat()}",
        region=project.region,
    )
