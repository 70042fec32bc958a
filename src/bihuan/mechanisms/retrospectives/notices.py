"""What people are told about a retrospective: the team, who leads, who approves, the departments, the guests."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Guest, Retrospective

OFFICE, LEADER, APPROVER, UNIT, GUESTS = "supervision_office", "led_by", "leader", "unit", "guests"

TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "opened": (_("%(subject)s: a retrospective was opened; please name who leads it"), (OFFICE,)),
    "assign": (_("%(subject)s: who leads the retrospective was named"), (LEADER, UNIT)),
    "invite": (_("%(subject)s: you are invited to the retrospective"), (GUESTS,)),
    "dissect": (_("%(subject)s was dissected; please rehearse the solution"), (LEADER,)),
    "submit": (_("%(subject)s: the report of the retrospective waits for approval"), (OFFICE, APPROVER)),
    "send_back": (_("%(subject)s: the report came back: %(text)s"), (OFFICE,)),
    "approve": (_("%(subject)s: the report of the retrospective is approved"), (OFFICE, LEADER, UNIT)),
    "check": (_("%(subject)s: side effects were looked back at: %(text)s"), (LEADER, UNIT)),
    "late": (_("%(subject)s: a time limit of the retrospective ran out"), (OFFICE, LEADER)),
}
"""Fact → (wording, who is told: all of them; where nobody is, the fallback of the rulebook)."""


def register() -> None:
    """Make all notices known."""
    path = "/retrospectives/%(retrospective)s/"
    for name, (title, offices) in TOLD.items():
        # A third party may be anybody, an enterprise too.
        audience = frozenset(Audience if GUESTS in offices else {Audience.STAFF})
        registry.register(Kind(key=f"retrospectives.{name}", audience=audience, title=title, path=path))


def send(
    name: str, *, retrospective: Retrospective, data: dict[str, Any], now: dt.datetime, but: uuid.UUID | None
) -> None:
    """Tell those whom a fact of a retrospective concerns, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people = {person for office in TOLD[name][1] for person in _holders(retrospective, office, now)}
    for office in rulebooks.version(retrospective.rulebook_version).section(Fallback).receivers:
        people = people or set(_holders(retrospective, office, now))
    notifications.notify(
        key=f"retrospectives.{name}",
        recipients=people - {but},
        subject=retrospective.number,
        data={"text": str(data.get("text", ""))[:200], "retrospective": str(retrospective.id)},
        now=now,
        dedupe=f"{retrospective.id}:{name}:{now.isoformat()}",
        region=retrospective.region,
    )


def _holders(retrospective: Retrospective, office: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    region = retrospective.region
    if office == LEADER:
        return (retrospective.leader_id,) if retrospective.leader_id else ()
    if office == GUESTS:
        newest = Guest.objects.filter(retrospective=retrospective, person__isnull=False).order_by("-invited_at", "-id")
        return tuple(newest.values_list("person_id", flat=True)[:1])
    if office == UNIT:
        if retrospective.unit_id is None:
            return ()
        return tuple(
            person
            for role in ("department_head", "liaison")
            for person in accounts.holders(role=role, region=region, now=now, department_id=retrospective.unit_id)
        )
    return accounts.holders(role=office, region=region, now=now)
