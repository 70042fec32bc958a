"""Who may take which action on an order or an entry: the words of the case's transition table, asked about its case."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.states import Machine

from .models import Entry, Order
from .states import ENTRIES, LEAD, ORDERS, SYSTEM

STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Who opens the registers of oversight; each sees the matters they may see anyway."""


def machine_of(thing: Order | Entry) -> Machine[Any]:
    """Return the machine that `thing` obeys."""
    return ORDERS if isinstance(thing, Order) else ENTRIES


def can(actor: Actor, action: str, thing: Order | Entry, case: Case) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = machine_of(thing).find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    owner = thing.owner if isinstance(thing, Order) else ""
    roles = {owner if role == "owner" else role for role in transition.roles}
    if not any(cases.holds_role(actor, case, role) for role in roles):
        return False
    # Whoever handles a matter never decides on its supervision, not even with a second office.
    return transition.roles == LEAD or not cases.of_handling_side(actor, case)


def check(actor: Actor, action: str, thing: Order | Entry, case: Case) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing, case):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees the registers of oversight: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))
