"""Who keeps key projects, who reports on them, and who sees them."""

from typing import Any

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel.states import Machine

from .models import Milestone, Project
from .states import KEEPERS, MILESTONES, PROJECTS

STAFF = sorted(
    KEEPERS
    | {Role.CATCH_ALL.value, Role.DISCIPLINE.value, Role.SEAT.value, Role.LIAISON.value, Role.DEPARTMENT_HEAD.value}
)
"""Who opens the register; each sees what concerns them."""
KEEPING = sorted(KEEPERS)


def keeps(actor: Actor, region: str) -> bool:
    """Tell whether the actor keeps the projects of the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in KEEPERS)


def can(actor: Actor, action: str, thing: Project | Milestone) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    machine: Machine[Any] = PROJECTS if isinstance(thing, Project) else MILESTONES
    transition = machine.find(action)
    if transition is None or actor.reader is None:
        return False
    if any(actor.reader.has(role, region=thing.region) for role in transition.roles & KEEPERS):
        return True
    speaks = (one for one in actor.reader.grants if one.role in (Role.LIAISON, Role.DEPARTMENT_HEAD))
    return "unit" in transition.roles and any(str(thing.department_id) in one.departments for one in speaks)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees projects at all: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))
