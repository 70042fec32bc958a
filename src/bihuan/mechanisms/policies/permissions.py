"""Who writes policies, who publishes them, who fills in profiles, and who reads what."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors

from .models import Clause, Grant, Item, Policy, Profile, Promise, Round
from .states import CLAUSES, GRANTS, ITEMS, KEEPERS, POLICIES, PROMISES, ROUNDS

UNIT = (Role.LIAISON, Role.DEPARTMENT_HEAD)
STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE})
"""Who finds the library in the navigation; what is in force anybody may read."""
WRITING = sorted(KEEPERS | set(UNIT))
KEEPING = sorted(KEEPERS)
FILLERS = frozenset({Role.COORDINATOR.value, Role.SEAT.value})
"""Who fills in profiles of others; an enterprise fills in its own."""
FILLING = sorted(FILLERS)
MATCHED = sorted(KEEPERS | set(UNIT) | {Role.LEADER, Role.SUPERVISION_OFFICE, Role.DISCIPLINE})
"""Who reads lists of enterprises that fit a clause."""


def holds(actor: Actor, roles: Any, region: str) -> bool:
    """Tell whether the actor holds one of the roles so that it covers the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in roles)


def speaks(actor: Actor, department_id: uuid.UUID) -> bool:
    """Tell whether the actor speaks for the department."""
    grants = actor.reader.grants if actor.reader else ()
    return any(one.role in UNIT and str(department_id) in one.departments for one in grants)


def writes(actor: Actor, region: str, department_id: uuid.UUID) -> bool:
    """Tell whether the actor writes policies of the department in the region."""
    return holds(actor, KEEPERS, region) or speaks(actor, department_id)


def can(actor: Actor, action: str, thing: Policy | Clause) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = (POLICIES if isinstance(thing, Policy) else CLAUSES).find(action)
    if transition is None:
        return False
    held = holds(actor, transition.roles & KEEPERS, thing.region)
    return held or ("unit" in transition.roles and speaks(actor, thing.department_id))


def check(actor: Actor, action: str, thing: Policy | Clause) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def owns(actor: Actor, enterprise_id: uuid.UUID) -> bool:
    """Tell whether the actor speaks for the enterprise."""
    grants = actor.reader.grants if actor.reader else ()
    return any(one.enterprise_id == enterprise_id for one in grants)


def fills(actor: Actor, profile: Profile) -> bool:
    """Tell whether the actor fills in the profile: the service centre of the place, or the enterprise itself."""
    return holds(actor, FILLERS, profile.area) or owns(actor, profile.enterprise_id)


def reads_matches(actor: Actor, clause: Clause) -> bool:
    """Tell whether the actor reads who fits the clause: offices of the place, and the department responsible."""
    offices = KEEPERS | {Role.LEADER.value, Role.SUPERVISION_OFFICE.value, Role.DISCIPLINE.value}
    return actor.system or holds(actor, offices, clause.region) or speaks(actor, clause.department_id)


def can_round(actor: Actor, action: str, made: Round) -> bool:
    """Tell whether the actor's office allows the action on a delivery (the state is another question)."""
    transition = ROUNDS.find(action)
    if transition is None:
        return False
    held = holds(actor, transition.roles & KEEPERS, made.region)
    return held or ("unit" in transition.roles and speaks(actor, made.department_id))


def check_round(actor: Actor, action: str, made: Round) -> None:
    """Raise Forbidden unless the actor may take the action on a delivery."""
    if not can_round(actor, action, made):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def can_grant(actor: Actor, action: str, grant: Grant) -> bool:
    """Tell whether the actor may take the action on what one enterprise gets: itself, or the department."""
    transition = GRANTS.find(action)
    if transition is None:
        return False
    if "enterprise" in transition.roles and owns(actor, grant.enterprise_id):
        return True
    return "unit" in transition.roles and speaks(actor, grant.department_id)


def check_grant(actor: Actor, action: str, grant: Grant) -> None:
    """Raise Forbidden unless the actor may take the action on what one enterprise gets."""
    if not can_grant(actor, action, grant):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


ITEM_STAFF = sorted(KEEPERS | set(UNIT) | {Role.SEAT})
"""Who takes promises and notes demanded papers at a window."""


def can_item(actor: Actor, action: str, thing: Item | Promise) -> bool:
    """Tell whether the actor's office allows the action on a service item or a promise."""
    transition: Any = (ITEMS if isinstance(thing, Item) else PROMISES).find(action)
    if transition is None or actor.reader is None:
        return False
    if holds(actor, transition.roles & (KEEPERS | {Role.SEAT.value}), thing.region):
        return True
    if Role.ENTERPRISE.value in transition.roles and Role.ENTERPRISE in actor.reader.roles:
        return True
    return "unit" in transition.roles and speaks(actor, thing.department_id)


def check_item(actor: Actor, action: str, thing: Item | Promise) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can_item(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)
