"""Who may call, screen, decide, report and write off."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.states import Machine

from .models import Decision, Item, Meeting
from .states import DECISIONS, ITEMS, LEADERS, MEETINGS, OWNER, SYSTEM

STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Who opens boards, meetings and decisions; each sees what they may see anyway."""
HANDLING = frozenset({Role.LIAISON, Role.DEPARTMENT_HEAD})

Thing = Meeting | Item | Decision


def machine_of(thing: Thing) -> Machine[Any]:
    """Return the machine that `thing` obeys."""
    return MEETINGS if isinstance(thing, Meeting) else ITEMS if isinstance(thing, Item) else DECISIONS


def is_staff(actor: Actor) -> bool:
    """Tell whether the actor works for the administration."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))


def holds(actor: Actor, role: str, region: str) -> bool:
    """Tell whether the actor holds the role for the region."""
    return actor.reader is not None and actor.reader.has(role, region=region)


def owns(actor: Actor, decision: Decision) -> bool:
    """Tell whether the actor answers for the decision: its person, or liaison and head of its department.

    The department answers also where a person is named, so that a decision whose person left never lies with nobody.
    """
    if actor.reader is None:
        return False
    owner = str(decision.owner_department_id)
    in_department = any(grant.role in HANDLING and owner in grant.departments for grant in actor.reader.grants)
    return in_department or (actor.person_id is not None and actor.person_id == decision.owner_person_id)


def can(actor: Actor, action: str, thing: Thing) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = machine_of(thing).find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if isinstance(thing, Decision):
        if OWNER in transition.roles:
            return owns(actor, thing)
        # 销号由别人核实: whoever answers for a decision never decides on it, not even with a second office.
        if owns(actor, thing) or _works_in(actor, thing.owner_department_id):
            return False
    return any(holds(actor, role, thing.region) for role in transition.roles)


def _works_in(actor: Actor, department_id: uuid.UUID) -> bool:
    return actor.reader is not None and any(str(department_id) in grant.departments for grant in actor.reader.grants)


def check(actor: Actor, action: str, thing: Thing) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def can_call(actor: Actor, region: str) -> bool:
    """Tell whether the actor may call meetings in the region: the centre, or a leader."""
    return any(holds(actor, role, region) for role in LEADERS)


def check_call(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor may call meetings in the region."""
    if not can_call(actor, region):
        raise errors.Forbidden(_("Only the centre or a leader calls meetings."), action="call")


def check_appoint(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor keeps the list of the leading group: the centre, or a leader."""
    if not can_call(actor, region):
        raise errors.Forbidden(_("Only the centre or a leader keeps the list of the leading group."), action="appoint")


def home(actor: Actor, region: str | None) -> str:
    """Return the region a meeting is called for: the one named, else the first of the actor's offices that may call.

    Raises Forbidden where there is none.
    """
    if region:
        check_call(actor, region)
        return region
    grants = actor.reader.grants if actor.reader else ()
    found = next((grant.region for grant in grants if grant.role in LEADERS), None)
    if found is None:
        raise errors.Forbidden(_("Only the centre or a leader calls meetings."), action="call")
    return found
