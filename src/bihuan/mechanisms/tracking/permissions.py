"""Who may take which action on a track: the words of the case's transition table, asked about its case."""

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors

from .states import DECIDERS, MACHINE

READERS = sorted(set(Role) - ADMINISTRATORS - {Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Who opens the store; each sees the matters they may see anyway."""
STAFF = sorted(set(READERS) - {Role.ENTERPRISE})
DECISIONS = frozenset({"enter", "refuse", "leave"})


def can(actor: Actor, action: str, case: Case) -> bool:
    """Tell whether the actor's office allows the action on a track of this case (its state is another question)."""
    transition = MACHINE.find(action)
    if transition is None or not any(cases.holds_role(actor, case, role) for role in transition.roles):
        return False
    # Whoever handles a matter does not decide whether it stays under supervision, not even with a second office.
    return not (action in DECISIONS and cases.of_handling_side(actor, case))


def check(actor: Actor, action: str, case: Case) -> None:
    """Raise Forbidden unless the actor may take the action on a track of this case."""
    if not can(actor, action, case):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def can_open(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may put a case into the store that the product has not proposed."""
    return any(cases.holds_role(actor, case, role) for role in DECIDERS) and not cases.of_handling_side(actor, case)


def check_open(actor: Actor, case: Case) -> None:
    """Raise Forbidden unless the actor may put the case into the store."""
    if not can_open(actor, case):
        raise errors.Forbidden(_("Your role may not take this action here."), action="enter")


def sees_candidates(actor: Actor) -> bool:
    """Tell whether the actor sees what is only proposed: staff, never the enterprise."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))
