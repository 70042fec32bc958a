"""Who may do and see what. Whoever works in a unit that is concerned keeps out, whatever office they hold besides."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors

from .models import Entry, Inquiry, Relief, Sign
from .rules import judging
from .states import AFTER_FINDING, BEFORE_ACCEPTANCE, CENTRE, DECIDERS, INQUIRIES, OFFICE, RELIEFS, SIGNS, SYSTEM

WATCHERS = CENTRE | OFFICE | {"leader"}
"""Who sees the procedure of a region as a whole."""
SPEAKERS = frozenset({Role.LIAISON, Role.DEPARTMENT_HEAD})
READERS = sorted(WATCHERS | SPEAKERS)
"""Who opens the register; each sees what concerns them."""
CHECKED = sorted({*READERS, Role.BOARD_HEAD})
"""Who opens the self-checks."""
KEEPERS = sorted(CENTRE)
NETWORK = sorted(WATCHERS)
OBSERVING = sorted({Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE})


def departments(actor: Actor) -> set[str]:
    """Return the departments in which the actor works, and those merged into them, in whatever office."""
    return {one for grant in actor.reader.grants for one in grant.departments} if actor.reader else set()


def speaks_for(actor: Actor) -> set[str]:
    """Return the departments for which the actor speaks: as liaison or head."""
    grants = actor.reader.grants if actor.reader else ()
    return {one for grant in grants if grant.role in SPEAKERS for one in grant.departments}


def regions(actor: Actor, roles: Collection[str] = WATCHERS) -> tuple[str, ...]:
    """Return the regions in which the actor holds one of the roles."""
    return actor.reader.regions_for(roles) if actor.reader else ()


def recused(actor: Actor, concerned: Collection[object]) -> bool:
    """Tell whether the actor has to keep out of what concerns these departments (自动回避)."""
    return judging.recused(departments(actor), {str(one) for one in concerned})


def _holds(actor: Actor, roles: Collection[str], region: str) -> bool:
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in roles)


def inside(actor: Actor, inquiry: Inquiry) -> bool:
    """Tell whether the actor sees all of an inquiry: the centre, the office, leaders; never somebody concerned."""
    return actor.system or (_holds(actor, WATCHERS, inquiry.region) and not recused(actor, inquiry.unit_ids))


def may_see(actor: Actor, inquiry: Inquiry) -> bool:
    """Tell whether the actor sees an inquiry at all: inside, or for its unit once it was taken on."""
    if inside(actor, inquiry):
        return True
    return inquiry.state not in BEFORE_ACCEPTANCE and _is_unit(actor, inquiry.unit_ids)


def may_see_duty(actor: Actor, inquiry: Inquiry, bearer_id: uuid.UUID) -> bool:
    """Tell whether the actor sees one responsibility: inside, or for the unit that carries it, once it was found."""
    return inside(actor, inquiry) or (inquiry.state in AFTER_FINDING and _is_unit(actor, [bearer_id]))


def _is_unit(actor: Actor, concerned: Collection[object]) -> bool:
    return not speaks_for(actor).isdisjoint(str(one) for one in concerned)


def can(actor: Actor, action: str, inquiry: Inquiry) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = INQUIRIES.find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    concerned = inquiry.unit_ids if action == "relieve" else [inquiry.unit_id]
    if "unit" in transition.roles and _is_unit(actor, concerned):
        return True
    offices = transition.roles - {"unit"}
    return _holds(actor, offices, inquiry.region) and not recused(actor, inquiry.unit_ids)


def can_sign(actor: Actor, action: str, sign: Sign) -> bool:
    """Tell whether the actor may take the action on an early sign."""
    transition = SIGNS.find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if "unit" in transition.roles:
        return _is_unit(actor, [sign.department_id])
    return _holds(actor, transition.roles, sign.region) and not recused(actor, [sign.department_id])


def can_decide(actor: Actor, action: str, relief: Relief) -> bool:
    """Tell whether the actor may decide on a relief: neither who proposed it nor anybody of the unit (四眼)."""
    own = actor.person_id == relief.proposed_by or recused(actor, [relief.department_id])
    return RELIEFS.find(action) is not None and _holds(actor, DECIDERS, relief.region) and not own


def can_apply(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may apply for an inquiry into a case: the centre, never the side that handles it."""
    return _holds(actor, CENTRE, case.region) and not cases.of_handling_side(actor, case)


def can_answer(actor: Actor, entry: Entry) -> bool:
    """Tell whether the actor answers a self-check for this board or town."""
    if _is_unit(actor, [entry.department_id]):
        return True
    grants = actor.reader.grants if actor.reader else ()
    return any(one.board and one.board == entry.board and entry.region in one.regions for one in grants)


def keeps(actor: Actor, region: str) -> bool:
    """Tell whether the actor keeps the network and the rounds of self-checks of a region."""
    return _holds(actor, CENTRE, region)


def check_keeps(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor keeps the network and the rounds of the region."""
    if not keeps(actor, region):
        raise errors.Forbidden(_("Only the enterprise service centre may do this."))
