"""Who opens the pages of dispatch; each sees there only what belongs to matters they may see anyway."""

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors

READERS = sorted(
    {
        Role.COORDINATOR,
        Role.CATCH_ALL,
        Role.BOARD_HEAD,
        Role.LEADER,
        Role.SUPERVISION_OFFICE,
        Role.LIAISON,
        Role.DEPARTMENT_HEAD,
    }
)
"""Those who dispatch and rule, those above them, and the departments whose own returns are counted."""
DESK = sorted({Role.SEAT, Role.COORDINATOR, Role.CATCH_ALL, Role.BOARD_HEAD})
"""Those who take matters in or dispatch them."""
WATCHERS = sorted({*DESK, Role.LEADER, Role.SUPERVISION_OFFICE})
"""Those who see what was proposed, and how good it was: the desk and those above it, never the departments."""
CATALOGUE_READERS = sorted({*READERS, *DESK})
KEEPERS = sorted({Role.COORDINATOR, Role.CATCH_ALL})
"""Those who keep the dispatch catalogue."""


def sees_proposals(actor: Actor, case: Case) -> bool:
    """Tell whether the actor sees what is proposed for the case. Who handles it is told what was decided, not this."""
    return any(cases.holds_role(actor, case, role) for role in WATCHERS)


def check_keeper(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor keeps the catalogue of the region; the product itself may, at installation."""
    if actor.system:
        return
    if actor.reader is None or region[:6] not in actor.reader.regions_for(KEEPERS):
        raise errors.Forbidden(_("Only the coordinators of a region keep its dispatch catalogue."), action="catalogue")
