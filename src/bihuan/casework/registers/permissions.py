"""Who reads and who keeps the registers. Nobody keeps what his own department answers for."""

from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, NEEDS_BOARD, NEEDS_DEPARTMENT, Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.states import Machine
from bihuan.foundation.rulebooks import selectors as rulebooks

from .models import Caution, Competition, Exemplar, Institution, Lesson
from .rulebook import Registers
from .states import (
    COMPETITIONS,
    EXEMPLARS,
    INSTITUTIONS,
    KEEPERS,
    LESSONS,
    NOMINATOR,
    SYSTEM,
    UNIT,
    VOTER,
    WARNERS,
    WARNINGS,
)

STAFF = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Who opens the registers of their places. An enterprise sees the institutions that came from its own cases."""
READERS = sorted(set(Role) - ADMINISTRATORS)
KEEPING = sorted(KEEPERS)

HANDLING = frozenset({Role.LIAISON, Role.DEPARTMENT_HEAD})

Thing = Institution | Competition | Exemplar | Caution | Lesson
_MACHINES: dict[type[Any], Machine[Any]] = {
    Institution: INSTITUTIONS,
    Competition: COMPETITIONS,
    Exemplar: EXEMPLARS,
    Caution: WARNINGS,
    Lesson: LESSONS,
}


def machine_of(thing: Thing) -> Machine[Any]:
    """Return the machine that `thing` obeys."""
    return _MACHINES[type(thing)]


def is_staff(actor: Actor) -> bool:
    """Tell whether the actor works for the administration or sits in its assembly."""
    return actor.system or (actor.reader is not None and bool(actor.reader.roles & set(STAFF)))


def places(actor: Actor) -> tuple[str, ...]:
    """Return the regions whose registers the actor reads: all those of their offices, as row-level security has them.

    Offices of a department or a board open the region itself, not those inside it.
    """
    if actor.reader is None:
        return ()
    scope, near = actor.scope(), NEEDS_DEPARTMENT | NEEDS_BOARD
    own = (grant.region[:6] for grant in actor.reader.grants if grant.role in near)
    return tuple(dict.fromkeys((*scope.regions, *scope.refusal_regions, *own)))


def keeps(actor: Actor, region: str) -> bool:
    """Tell whether the actor keeps the registers of a region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in KEEPERS)


def check_keeps(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor keeps the registers of the region."""
    if not keeps(actor, region):
        raise errors.Forbidden(_("Only those who keep the registers may do this."))


def works_in(actor: Actor, department_id: Any) -> bool:
    """Tell whether the actor holds any office in the department."""
    return department_id is not None and (
        actor.reader is not None and any(str(department_id) in grant.departments for grant in actor.reader.grants)
    )


def can(actor: Actor, action: str, thing: Thing) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = machine_of(thing).find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if isinstance(thing, Institution):
        return keeps(actor, thing.region) and not works_in(actor, thing.owner_id)
    special = {
        UNIT: unit_of(actor, thing.region) is not None,
        VOTER: isinstance(thing, Competition) and votes(actor, thing),
        NOMINATOR: isinstance(thing, Exemplar)
        and actor.person_id is not None
        and actor.person_id == thing.nominated_by,
    }
    if any(special[role] for role in transition.roles & special.keys()):
        return True
    office = transition.roles - special.keys()
    return actor.reader is not None and any(actor.reader.has(role, region=thing.region) for role in office)


def unit_of(actor: Actor, region: str) -> Any:
    """Return the id of the department of a region for which the actor speaks (liaison or head), or None."""
    grants = actor.reader.grants if actor.reader else ()
    return next((one.department_id for one in grants if one.role in HANDLING and one.region[:6] == region[:6]), None)


def votes(actor: Actor, competition: Competition) -> bool:
    """Tell whether the rulebook lets the actor vote in this competition."""
    voters = rulebooks.version(competition.rulebook_version).section(Registers).competitions.voters
    return actor.reader is not None and any(actor.reader.has(role, region=competition.region) for role in voters)


def is_own(actor: Actor, exemplar: Exemplar) -> bool:
    """Tell whether the exemplar is the actor's own: nominated in person, or of their department or board."""
    if actor.person_id is not None and actor.person_id == exemplar.nominated_by:
        return True
    board = f"{exemplar.region}:{exemplar.board}"
    return works_in(actor, exemplar.department_id) or bool(exemplar.board and board in actor.scope().boards)


def warns(actor: Actor, region: str) -> bool:
    """Tell whether the actor drafts and circulates warnings in a region, and so sees the drafts."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in WARNERS)


def check_warns(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor drafts warnings in the region."""
    if not warns(actor, region):
        raise errors.Forbidden(_("Only those who circulate warnings may do this."))


def writes_lessons(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may enter a case into the library: keepers, and people of the lead department."""
    lead = case.lead_department_id
    mine = actor.reader is not None and any(
        grant.role in HANDLING and str(lead) in grant.departments for grant in actor.reader.grants
    )
    return keeps(actor, case.region) or (lead is not None and mine)


def check(actor: Actor, action: str, thing: Thing) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)
