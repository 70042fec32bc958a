"""Who may send a matter up, act on what went up, put it on the list, and register other installations."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.states import Machine
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Arrival, Escalation
from .rulebook import Escalation as Rule
from .states import ARRIVALS, ESCALATIONS, SYSTEM

STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Who opens the register of what went up; each sees the matters they may see anyway."""


def machine_of(thing: Escalation | Arrival) -> Machine[Any]:
    """Return the machine that `thing` obeys."""
    return ESCALATIONS if isinstance(thing, Escalation) else ARRIVALS


def can_send(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may send the case up, by the rulebook of the case; never the side that handles it."""
    roles = rulebooks.version(case.rulebook_version).section(Rule).senders
    return any(cases.holds_role(actor, case, role) for role in roles) and not cases.of_handling_side(actor, case)


def check_send(actor: Actor, case: Case) -> None:
    """Raise Forbidden unless the actor may send the case up."""
    if not can_send(actor, case):
        raise errors.Forbidden(_("Your role may not send this matter up."), action="escalate")


def can(actor: Actor, action: str, thing: Escalation | Arrival, case: Case) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = machine_of(thing).find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if action == "list" and (thing.listed_at is not None or not case.region.endswith("0000")):
        return False  # only a province keeps the list
    return can_send(actor, case)


def check(actor: Actor, action: str, thing: Escalation | Arrival, case: Case) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing, case):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees what went up: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))


def check_peers(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor may register or stop an installation: a system administrator."""
    if actor.reader is None or not actor.reader.has(Role.SYSTEM_ADMIN):
        raise errors.Forbidden(_("Only a system administrator may register other installations."), region=region)
