"""Who may take which step of an instrument: the words of the table, asked about its offices and its department."""

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors

from . import rules
from .models import Instrument
from .states import ADDRESSEE, APPROVER, ISSUER, ISSUERS, KINDS, MACHINES, REVIEWER

STAFF = sorted(
    {
        Role.SEAT,
        Role.COORDINATOR,
        Role.CATCH_ALL,
        Role.LEADER,
        Role.SUPERVISION_OFFICE,
        Role.DISCIPLINE,
        Role.JUSTICE_SUPERVISOR,
        Role.LIAISON,
        Role.DEPARTMENT_HEAD,
    }
)
"""Who opens the register; each sees what concerns them."""
DRAFTERS = sorted(ISSUERS)
"""Who opens the form of a new one."""


def of_department(actor: Actor, instrument: Instrument) -> bool:
    """Tell whether the actor works in the department it goes to, or in its successor, in whatever office."""
    grants = actor.reader.grants if actor.reader else ()
    return any(str(instrument.addressee_id) in grant.departments for grant in grants)


def can(actor: Actor, action: str, instrument: Instrument) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = MACHINES[instrument.kind].find(action)
    if transition is None or actor.reader is None:
        return False
    (who,) = transition.roles
    kind, inside = KINDS[instrument.kind], of_department(actor, instrument)
    if who == ADDRESSEE:
        speaks = (one for one in actor.reader.grants if one.role in (Role.LIAISON, Role.DEPARTMENT_HEAD))
        return any(str(instrument.addressee_id) in one.departments for one in speaks)
    # Nobody acts for both sides, and nobody reviews, approves or judges what they had a hand in.
    roles = {ISSUER: (instrument.issuer,), APPROVER: kind.approvers, REVIEWER: (*kind.issuers, Role.LEADER)}.get(
        who, ()
    )
    if inside or not any(actor.reader.has(role, region=instrument.region) for role in roles):
        return False
    if who == APPROVER:
        return actor.person_id != instrument.drafted_by
    return who != REVIEWER or not rules.had_a_hand(str(actor.person_id), [str(one) for one in instrument.hands])


def check(actor: Actor, action: str, instrument: Instrument) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, instrument):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees instruments at all: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))


def draftable(actor: Actor, region: str = "") -> list[str]:
    """Return the kinds that the actor may draft, in the region or anywhere, in the order of the table."""
    if actor.reader is None:
        return []
    return [
        kind.name
        for kind in KINDS.values()
        if any(actor.reader.has(role, region=region or None) for role in kind.issuers)
    ]


def issuer_for(actor: Actor, kind: str, region: str) -> str:
    """Return the role in which the actor drafts a kind in a region. Raises Forbidden when none allows it."""
    held = (one for one in KINDS[kind].issuers if actor.reader is not None and actor.reader.has(one, region=region))
    role = next(held, None)
    if role is None:
        raise errors.Forbidden(_("Your role may not issue this kind here."), action="draft")
    return role
