"""Who is told what. The sentence never names a person, and nobody is told of an inquiry from which they are recused."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from . import permissions
from .models import Check, Inquiry, Relief, Sign

OFFICE, CENTRE, UNIT, LEADER = "office", "centre", "unit", "leader"
ROLES = {OFFICE: ("discipline", "supervision_office"), CENTRE: ("coordinator", "catch_all"), LEADER: ("leader",)}
TOLD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "applied": (_("%(subject)s: simulated accountability was applied for"), (OFFICE,)),
    "take_on": (_("%(subject)s: a simulated accountability looks into this matter; please state your side"), (UNIT,)),
    "turn_away": (_("%(subject)s: the application was not accepted"), (CENTRE,)),
    "find": (_("%(subject)s: the finding report is there; this is a warning, not a penalty"), (UNIT, CENTRE)),
    "rectify": (_("%(subject)s: the unit reported what it put right"), (OFFICE, CENTRE)),
    "return_report": (_("%(subject)s: the rectification report came back"), (UNIT,)),
    "visit": (_("%(subject)s: a return visit was made"), (UNIT, OFFICE)),
    "write_off": (_("%(subject)s: written off"), (UNIT, CENTRE)),
    "refer": (_("%(subject)s: not carried out; referred to real accountability"), (OFFICE, LEADER)),
    "late": (_("%(subject)s: a time limit of the simulated accountability ran out"), (OFFICE, CENTRE)),
    "late_unit": (_("%(subject)s: your rectification report is late"), (UNIT, OFFICE, CENTRE)),
    "sign_seen": (_("%(subject)s: an early sign in this matter; please look at it"), (UNIT, CENTRE)),
    "grant": (_("%(subject)s: it was granted"), (UNIT,)),
    "refuse": (_("%(subject)s: it was refused"), (UNIT,)),
    "round_opened": (_("%(subject)s: please check yourselves along the problem list"), (UNIT,)),
    "check_late": (_("%(subject)s: the answers of some boards or towns are missing"), (CENTRE,)),
}
"""Fact → (wording, who is told: all of them; where nobody is, the fallback of the rulebook)."""


def register() -> None:
    """Make all notices known."""
    for name, (title, _offices) in TOLD.items():
        path = {"sign_seen": "signs/", "round_opened": "checks/", "check_late": "checks/"}.get(name, "%(inquiry)s/")
        audience = frozenset({Audience.STAFF})
        registry.register(
            Kind(key=f"accountability.{name}", audience=audience, title=title, path=f"/accountability/{path}")
        )


def send(
    name: str,
    *,
    thing: Inquiry | Sign | Relief | Check,
    subject: str,
    inquiry: str,
    units: tuple[uuid.UUID, ...],
    now: dt.datetime,
    but: uuid.UUID | None,
) -> None:
    """Tell those whom a fact concerns: `units` and the offices of TOLD, never the one who did it (`but`)."""
    if name not in TOLD:
        return
    people: set[uuid.UUID] = set()
    for office in TOLD[name][1]:
        people |= (
            _unit(thing.region, units, now) if office == UNIT else _offices(ROLES[office], thing.region, units, now)
        )
    book = rulebooks.in_force(thing.region, now)
    for role in book.section(Fallback).receivers:
        people = people or _offices((role,), thing.region, units, now)
    notifications.notify(
        key=f"accountability.{name}",
        recipients=people - {but},
        subject=subject,
        data={"inquiry": inquiry},
        now=now,
        dedupe=f"{thing.id}:{name}:{now.isoformat()}",
        region=thing.region,
    )


def _offices(roles: tuple[str, ...], region: str, units: tuple[uuid.UUID, ...], now: dt.datetime) -> set[uuid.UUID]:
    found = {one for role in roles for one in accounts.holders(role=role, region=region, now=now)}
    # Whoever works in a unit that is concerned is told as the unit, or not at all.
    return {one for one in found if not permissions.recused(Actor(reader=accounts.reader_of(one)), units)}


def _unit(region: str, units: tuple[uuid.UUID, ...], now: dt.datetime) -> set[uuid.UUID]:
    return {
        person
        for unit in units
        for role in ("department_head", "liaison")
        for person in accounts.holders(role=role, region=region, department_id=unit, now=now)
    }
