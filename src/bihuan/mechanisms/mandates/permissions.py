"""Who keeps the register of mandates, who holds one, and who sees it."""

from typing import Any

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel.states import Machine

from .models import Mandate, Task, Window
from .states import KEEPERS, MANDATES, TASKS, WINDOWS

STAFF = sorted(
    KEEPERS | {Role.CATCH_ALL.value, Role.LEADER.value, Role.SEAT.value, Role.LIAISON.value, Role.DEPARTMENT_HEAD.value}
)
"""Who opens the register; each sees what concerns them."""
KEEPING = sorted(KEEPERS)
HOLDERS = sorted(set(Role) - ADMINISTRATORS)
"""Who may hold a mandate, and so opens the page of one's own."""


def keeps(actor: Actor, region: str) -> bool:
    """Tell whether the actor keeps the register of the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in KEEPERS)


def holds(actor: Actor, mandate: Mandate) -> bool:
    """Tell whether the actor is the holder, or speaks for the enterprise that is."""
    if actor.reader is None:
        return False
    if mandate.person_id is not None:
        return actor.person_id == mandate.person_id
    return any(one.enterprise_id == mandate.enterprise_id for one in actor.reader.grants)


def can(actor: Actor, action: str, thing: Mandate | Task | Window) -> bool:
    """Tell whether the actor may take the action (the state is another question); nobody keeps their own mandate."""
    machine: Machine[Any] = MANDATES if isinstance(thing, Mandate) else TASKS if isinstance(thing, Task) else WINDOWS
    transition = machine.find(action)
    if transition is None:
        return False
    if isinstance(thing, Window):
        return keeps(actor, thing.region)
    mandate = thing if isinstance(thing, Mandate) else thing.mandate
    if "holder" in transition.roles:
        return holds(actor, mandate)
    if action == "move" and mandate.window_id is None:
        return False
    return transition.roles == KEEPERS and keeps(actor, mandate.region) and not holds(actor, mandate)


def watches(actor: Actor) -> bool:
    """Tell whether the actor opens the register at all."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))
