"""Who sees figures, proposes and decides what is left out, and brings an edition to the public."""

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import RATED_SIDE, Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors

from .models import Exclusion
from .rules.counting import RATINGS
from .states import EDITION, EXCLUSION, PROPOSERS, SYSTEM, UNITS

READERS = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR})
"""Who opens the live scoreboard; everybody else reads what is published."""


def regions_of(actor: Actor) -> tuple[str, ...]:
    """Return the regions whose scoreboards the actor may open, the nearest first."""
    return actor.reader.regions_for(READERS) if actor.reader else ()


def check_region(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor may see figures of the region."""
    if not actor.system and region not in regions_of(actor):
        raise errors.Forbidden(_("You may not see the figures of this region."), code="region_forbidden")


def own_departments(actor: Actor) -> frozenset[str]:
    """Return the departments the actor works in, with those merged into them, as texts."""
    return frozenset(one for grant in actor.reader.grants for one in grant.departments) if actor.reader else frozenset()


def is_rated(actor: Actor) -> bool:
    """Tell whether the actor is of the rated side only: small groups of ratings are withheld from them."""
    return not actor.system and (actor.reader is None or not actor.reader.roles - RATED_SIDE)


def can_edition(actor: Actor, action: str, region: str) -> bool:
    """Tell whether the actor's office allows the action on an edition of the region (its state is another question)."""
    transition = EDITION.find(action)
    if transition is None:
        return False
    if actor.system:
        return SYSTEM in transition.roles
    reader = actor.reader
    return reader is not None and any(reader.has(role, region=region) for role in transition.roles - {SYSTEM})


def check_edition(actor: Actor, action: str, region: str) -> None:
    """Raise Forbidden unless the actor may take the action on an edition of the region."""
    if not can_edition(actor, action, region):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def can_propose(actor: Actor, case: Case) -> bool:
    """Tell whether the actor may propose to leave the case out: the centre, the supervisors, its department."""
    roles = [f"lead:{role}" if role in UNITS else role for role in sorted(PROPOSERS)]
    return any(cases.holds_role(actor, case, role) for role in roles)


def check_propose(actor: Actor, case: Case) -> None:
    """Raise Forbidden unless the actor may propose to leave the case out."""
    if not can_propose(actor, case):
        raise errors.Forbidden(_("Your role may not take this action on this case."), action="propose_exclusion")


def can_exclusion(actor: Actor, action: str, row: Exclusion, case: Case) -> bool:
    """Tell whether the actor's office allows an action on an exclusion: who proposed what is decided never decides it.

    Deciding is one level up, and never of a handling department. The rated side learns of no exclusion of a rating.
    """
    transition = EXCLUSION.find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if action == "end":
        return can_propose(actor, case) and not (row.index in RATINGS and is_rated(actor))
    above = any(cases.holds_role(actor, case, role) for role in transition.roles)
    return above and not cases.of_handling_side(actor, case) and not _proposed(actor, action, row)


def _proposed(actor: Actor, action: str, row: Exclusion) -> bool:
    proposer = row.proposed_by if action in ("grant", "refuse") else row.end_proposed_by
    return proposer is not None and proposer == actor.person_id


def check_exclusion(actor: Actor, action: str, row: Exclusion, case: Case) -> None:
    """Raise Forbidden unless the actor may take the action on the exclusion (`own_proposal`: somebody else must)."""
    if can_exclusion(actor, action, row, case):
        return
    if action != "end" and _proposed(actor, action, row):
        raise errors.Forbidden(_("Somebody else has to decide on your proposal."), code="own_proposal")
    raise errors.Forbidden(_("Your role may not take this action on this case."), action=action)
