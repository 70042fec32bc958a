"""Who gives a matter to both sides, who speaks for one of them, and who sees it."""

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors

from .models import Account
from .states import ACCOUNTS, GIVERS, HOLDER, SYSTEM

STAFF = sorted(GIVERS | {Role.CATCH_ALL, Role.DISCIPLINE, Role.LIAISON, Role.DEPARTMENT_HEAD})
"""Who opens the register; each sees what concerns them."""
GIVING = sorted(GIVERS)


def gives(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may hand the matter to both sides: never somebody who handles it."""
    held = any(cases.holds_role(actor, case, role) for role in GIVERS)
    return held and not cases.of_handling_side(actor, case)


def check_gives(actor: Actor, case: Case) -> None:
    """Raise Forbidden unless the actor may hand the matter to both sides."""
    if not gives(actor, case):
        raise errors.Forbidden(_("Your role may not take this action here."), action="give")


def of_either_side(actor: Actor, account: Account) -> bool:
    """Tell whether the actor works in one of the two departments, in whatever office."""
    units = {str(one) for one in account.units}
    return actor.reader is not None and any(units.intersection(grant.departments) for grant in actor.reader.grants)


def holds(actor: Actor, account: Account) -> bool:
    """Tell whether the actor speaks for this side."""
    if actor.reader is None:
        return False
    if account.department_id is None:
        return actor.reader.has(Role.DISCIPLINE, region=account.region)
    speaks = (one for one in actor.reader.grants if one.role in (Role.LIAISON, Role.DEPARTMENT_HEAD))
    return any(str(account.department_id) in one.departments for one in speaks)


def can(actor: Actor, action: str, account: Account) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = ACCOUNTS.find(action)
    if transition is None or SYSTEM in transition.roles or actor.reader is None:
        return False
    if transition.roles == HOLDER:
        return holds(actor, account)
    held = any(actor.reader.has(role, region=account.region) for role in transition.roles)
    return held and not of_either_side(actor, account)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees hand-overs at all: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))
