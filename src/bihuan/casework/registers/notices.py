"""What people are told about the registers: who keeps them, and the department that answers for an entry."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.casework.cases.rulebook import Fallback
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.notifications import registry
from bihuan.foundation.notifications import services as notifications
from bihuan.foundation.notifications.registry import Kind
from bihuan.foundation.notifications.rules import Audience
from bihuan.foundation.rulebooks import selectors as rulebooks

from .rulebook import Registers

KEEPER, OWNER, UNITS, VOTERS = "supervision_office", "owner", "units", "voters"
_INSTITUTION = "/registers/institutions/%(entry)s/"
_COMPETITION = "/registers/competitions/%(entry)s/"
TOLD: dict[str, tuple[Any, tuple[str, ...], str]] = {
    "registers.institution_drafted": (
        _("A draft came into the register of institutions: %(subject)s"),
        (KEEPER,),
        _INSTITUTION,
    ),
    "registers.institution_put_in_force": (
        _("%(subject)s is in force; your department answers for it"),
        (OWNER,),
        _INSTITUTION,
    ),
    "registers.institution_change_owner": (
        _("%(subject)s: your department answers for it from now on"),
        (OWNER,),
        _INSTITUTION,
    ),
    "registers.institution_late": (_("%(subject)s: the day of its review passed"), (KEEPER, OWNER), _INSTITUTION),
    "registers.competition_called": (_("Model cases are looked for: %(subject)s"), (UNITS,), _COMPETITION),
    "registers.competition_open_vote": (_("%(subject)s: please vote"), (VOTERS,), _COMPETITION),
    "registers.exemplar_promote": (_("A model case to learn from: %(subject)s"), (UNITS,), "/registers/exemplars/"),
    "registers.warning_drafted": (_("A warning was drafted: %(subject)s"), (KEEPER,), "/registers/warnings/%(entry)s/"),
    "registers.warning_circulate": (_("A warning: %(subject)s"), (UNITS,), "/registers/warnings/%(entry)s/"),
}
"""Fact → (wording, who is told: all of them; where nobody is, the fallback of the rulebook; where it leads)."""


def register() -> None:
    """Make all notices known."""
    for key, (title, offices, path) in TOLD.items():
        # Deputies vote, and are not of the house.
        audience = frozenset({Audience.STAFF, Audience.OUTSIDE} if VOTERS in offices else {Audience.STAFF})
        registry.register(Kind(key=key, audience=audience, title=title, path=path))


def send(key: str, thing: Any, *, now: dt.datetime, but: uuid.UUID | None) -> None:
    """Tell those whom a fact of an entry concerns, never the one who did it (`but`)."""
    if key not in TOLD:
        return
    people = {person for office in TOLD[key][1] for person in _holders(thing, office, now)}
    for office in rulebooks.version(thing.rulebook_version).section(Fallback).receivers:
        people = people or set(_holders(thing, office, now))
    notifications.notify(
        key=key,
        recipients=people - {but},
        subject=thing.title[:100],
        data={"entry": str(thing.id)},
        now=now,
        dedupe=f"{thing.id}:{key}:{now.isoformat()}",
        region=thing.region,
    )


def _holders(thing: Any, office: str, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    roles: tuple[str, ...] = (office,)
    department_id = None
    if office in (OWNER, UNITS):
        roles = (Role.DEPARTMENT_HEAD, Role.LIAISON)
        department_id = thing.owner_id if office == OWNER else None
    elif office == VOTERS:
        roles = rulebooks.version(thing.rulebook_version).section(Registers).competitions.voters
    found = (accounts.holders(role=one, region=thing.region, now=now, department_id=department_id) for one in roles)
    return tuple(person for people in found for person in people)
