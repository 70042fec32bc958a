"""Who may take which step of a finding. Nobody decides on a finding about a department of their own."""

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors

from .models import Finding
from .states import FINDINGS, READERS, SUPERVISORS, SYSTEM, UNIT

STAFF = sorted(READERS | {Role.LIAISON.value, Role.DEPARTMENT_HEAD.value})
"""Who opens the lists; each sees what concerns them."""
SUPERVISING = sorted(SUPERVISORS)
"""Who puts something on the lists."""


def of_department(actor: Actor, department_id: object) -> bool:
    """Tell whether the actor holds any office in the department."""
    grants = actor.reader.grants if actor.reader else ()
    return department_id is not None and any(str(department_id) in grant.departments for grant in grants)


def supervises(actor: Actor, region: str) -> bool:
    """Tell whether the actor plans, finds and sorts in the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in SUPERVISORS)


def check_supervises(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor supervises the region."""
    if not supervises(actor, region):
        raise errors.Forbidden(_("Your role puts nothing on these lists here."), action="plan")


def can(actor: Actor, action: str, finding: Finding) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = FINDINGS.find(action)
    if transition is None or SYSTEM in transition.roles or actor.reader is None:
        return False
    own = of_department(actor, finding.department_id)
    if UNIT in transition.roles:
        speaks = (one for one in actor.reader.grants if one.role in (Role.LIAISON, Role.DEPARTMENT_HEAD))
        return any(str(finding.department_id) in one.departments for one in speaks)
    return supervises(actor, finding.region) and not own


def check(actor: Actor, action: str, finding: Finding) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, finding):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def watches(actor: Actor) -> bool:
    """Tell whether the actor sees findings at all: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))
