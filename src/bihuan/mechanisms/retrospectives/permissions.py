"""Who may take which action on a retrospective, and who sees it. A department that handled the case never judges it."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors

from .states import RETROSPECTIVES, SYSTEM, TEAM

OUTSIDERS = frozenset({Role.ENTERPRISE, Role.OBSERVER, Role.SPECIAL_SUPERVISOR, Role.DEPUTY})
STAFF = sorted(set(Role) - ADMINISTRATORS - OUTSIDERS)
"""Who opens the register; each sees what concerns them."""
ANYBODY = sorted(set(Role) - ADMINISTRATORS)
"""Who may be invited as a third party, and opens the one retrospective."""
DISSECTING = sorted(TEAM)


def seen_sql(actor: Actor) -> tuple[str, list[Any]]:
    """Return which retrospectives (of `cases_case`) the actor sees by office, as the row-level policy says it too.

    As for cases, but for what somebody sees as raiser, as enterprise or as deputy: those see no retrospective.
    """
    if actor.system:
        return "true", []
    scope = actor.scope()
    departments = list(scope.departments)
    return (
        "(cases_case.region = any(%s) or cases_case.lead_department_id = any(%s::uuid[])"
        " or cases_case.co_department_ids && %s::uuid[] or (cases_case.region || ':' || cases_case.board) = any(%s))",
        [list(scope.regions), departments, departments, list(scope.boards)],
    )


def speaks_for_unit(actor: Actor, case: Case) -> bool:
    """Tell whether the actor speaks for a department that handled the case, as its liaison or head."""
    roles = ("lead:liaison", "lead:department_head", "co:liaison", "co:department_head")
    return any(cases.holds_role(actor, case, role) for role in roles)


def dissects(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may open and dissect: the team of the region, without the handling side."""
    return any(cases.holds_role(actor, case, role) for role in TEAM) and not cases.of_handling_side(actor, case)


def can(actor: Actor, action: str, case: Case, *, guest: bool) -> bool:
    """Tell whether the actor's office allows the action (the state is another question). guest: was invited."""
    transition = RETROSPECTIVES.find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if "guest" in transition.roles:
        return guest
    if "unit" in transition.roles:
        return speaks_for_unit(actor, case)
    held = any(cases.holds_role(actor, case, role) for role in transition.roles)
    return held and not cases.of_handling_side(actor, case)


def check(actor: Actor, action: str, case: Case, *, guest: bool) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, case, guest=guest):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def check_dissects(actor: Actor, case: Case) -> None:
    """Raise Forbidden unless the actor may open a retrospective of the case."""
    if not dissects(actor, case):
        raise errors.Forbidden(_("Only those who look back at cases may do this."))
