"""Who may take which action on a refusal, and who sees it. The side that said no never reviews it."""

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.states import FRONT
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors

from .models import Refusal
from .states import ORGANISERS, REFUSALS, SYSTEM

STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Who opens the pool and the register; each sees what concerns them."""
ANYBODY = sorted(set(Role) - ADMINISTRATORS)
"""Who may be drawn into a panel, or speak in one."""
VOTERS = sorted({Role.LEADER, Role.DEPUTY, Role.ENTERPRISE, Role.SPECIAL_SUPERVISOR, Role.OBSERVER})
"""To whom the frame shows “My votes”; any other member gets there by the notice."""
ORGANISING = sorted(ORGANISERS)


def refused_it(actor: Actor, refusal: Refusal) -> bool:
    """Tell whether the actor belongs to the side that said no, in whatever office."""
    if actor.reader is None:
        return False
    if actor.person_id == refusal.refused_by:
        return True
    return refusal.unit_id is not None and any(str(refusal.unit_id) in one.departments for one in actor.reader.grants)


def speaks_for_unit(actor: Actor, refusal: Refusal, case: Case) -> bool:
    """Tell whether the actor may speak for the side that said no: the unit's people, at acceptance the front desk."""
    if actor.reader is None:
        return False
    if refusal.unit_id is None:
        return any(cases.holds_role(actor, case, role) for role in FRONT)
    offices = (one for one in actor.reader.grants if one.role in (Role.LIAISON, Role.DEPARTMENT_HEAD))
    return any(str(refusal.unit_id) in one.departments for one in offices)


def can(actor: Actor, action: str, refusal: Refusal, case: Case, *, member: bool) -> bool:
    """Tell whether the actor's office allows the action (the state is another question).

    member: whether the actor holds a seat on the panel of this round and has not voted yet.
    """
    transition = REFUSALS.find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    special = {"unit": speaks_for_unit(actor, refusal, case), "raiser": cases.is_raiser(actor, case), "member": member}
    if transition.roles & special.keys():
        return any(special[role] for role in transition.roles & special.keys())
    held = any(cases.holds_role(actor, case, role) for role in transition.roles)
    return held and not refused_it(actor, refusal) and not cases.of_handling_side(actor, case)


def check(actor: Actor, action: str, refusal: Refusal, case: Case, *, member: bool) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, refusal, case, member=member):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees the pool: staff and deputies, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))


def organises(actor: Actor, region: str) -> bool:
    """Tell whether the actor keeps the pool of panels and the proposals of a region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in ORGANISERS)


def check_organises(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor keeps the pool of panels and the proposals of the region."""
    if not organises(actor, region):
        raise errors.Forbidden(_("Only those who run the reviews may do this."))


def sees_votes(actor: Actor, refusal: Refusal, *, seated: bool) -> bool:
    """Tell whether the actor may see who voted how, once the votes are open: organisers and the panel itself."""
    return actor.system or seated or (organises(actor, refusal.region) and not refused_it(actor, refusal))
