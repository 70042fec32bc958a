"""Who may take which step with a frequent matter. Nobody judges the answer of a department of their own."""

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role

from .models import Frequent
from .states import FREQUENT, SYSTEM, UNIT

STAFF = sorted(
    {
        Role.COORDINATOR,
        Role.CATCH_ALL,
        Role.LEADER,
        Role.SUPERVISION_OFFICE,
        Role.DISCIPLINE,
        Role.LIAISON,
        Role.DEPARTMENT_HEAD,
    }
)
"""Who opens the list; each sees what concerns them."""


def of_department(actor: Actor, matter: Frequent) -> bool:
    """Tell whether the actor holds any office in its department."""
    grants = actor.reader.grants if actor.reader else ()
    return any(str(matter.department_id) in grant.departments for grant in grants)


def can(actor: Actor, action: str, matter: Frequent) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = FREQUENT.find(action)
    if transition is None or SYSTEM in transition.roles or actor.reader is None:
        return False
    if UNIT in transition.roles:
        speaks = (one for one in actor.reader.grants if one.role in (Role.LIAISON, Role.DEPARTMENT_HEAD))
        return any(str(matter.department_id) in one.departments for one in speaks)
    held = any(actor.reader.has(role, region=matter.region) for role in transition.roles)
    return held and not of_department(actor, matter)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees the list at all: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))
