"""Who may do what with codes and bad ratings. The rated side never learns who rated, and reads no rating at all."""

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.states import Machine

from .models import Campaign, CampaignMatter, Code, FollowUp, Visit
from .states import (
    CAMPAIGN_MATTERS,
    CAMPAIGNS,
    CODES,
    FOLLOW_UPS,
    ISSUERS,
    PLANNERS,
    SUPERVISORS,
    SYSTEM,
    VISITS,
)

READERS = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.OBSERVER, Role.DEPUTY, Role.SPECIAL_SUPERVISOR})
"""Who opens the register of codes; each sees what concerns them."""
ISSUING = sorted(ISSUERS)
SUPERVISING = sorted(SUPERVISORS)
FOLLOWING = sorted(SUPERVISORS | {Role.LIAISON, Role.DEPARTMENT_HEAD})
"""Who opens what follows bad ratings: supervisors all of it, a unit the letters to it."""
SERVING = sorted({Role.LIAISON, Role.DEPARTMENT_HEAD, Role.SEAT, Role.COORDINATOR})
"""Who may ask an enterprise how a service was."""


PLANNING = sorted(PLANNERS)
GOING = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE})
"""Who opens the register of visits: staff, and those from outside who go along; each sees what concerns them."""
VISITING = frozenset(set(READERS)) - {Role.JUSTICE_SUPERVISOR}
"""Who registers a visit of their own."""


def holds(actor: Actor, roles: frozenset[str], region: str) -> bool:
    """Tell whether the actor holds one of the roles so that it covers the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in roles)


def issues(actor: Actor, region: str) -> bool:
    """Tell whether the actor puts up codes in the region."""
    return holds(actor, ISSUERS, region)


def check_issues(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor puts up codes in the region."""
    if not issues(actor, region):
        raise errors.Forbidden(_("You may put up codes for your own region only."), code="code_region")


def supervises(actor: Actor, region: str) -> bool:
    """Tell whether the actor reads the ratings of the region."""
    return actor.system or holds(actor, SUPERVISORS, region)


def of_department(actor: Actor, department_id: object) -> bool:
    """Tell whether the actor holds any office in the department."""
    if actor.reader is None or department_id is None:
        return False
    return any(str(department_id) in grant.departments for grant in actor.reader.grants)


def may_prompt(actor: Actor, code: Code) -> bool:
    """Tell whether the actor may ask about a service of this window: its department's people, and the front desk."""
    front = frozenset({Role.SEAT.value, Role.COORDINATOR.value})
    return code.kind == "window" and (of_department(actor, code.department_id) or holds(actor, front, code.region))


def plans(actor: Actor, region: str) -> bool:
    """Tell whether the actor sets up teams and makes plans in the region."""
    return holds(actor, PLANNERS, region)


def check_plans(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor sets up teams and makes plans in the region."""
    if not plans(actor, region):
        raise errors.Forbidden(_("Only those who plan visits in this region may do this."), code="plan_region")


def check_visits(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor holds an office from which one visits enterprises of the region."""
    if not holds(actor, VISITING, region):
        raise errors.Forbidden(_("You may register visits in your own region only."), code="visit_region")


def goes(actor: Actor, visit: Visit) -> bool:
    """Tell whether the actor is one of those who visit, or registered the visit."""
    return actor.person_id is not None and (
        actor.person_id in visit.officials or (actor.person_id == visit.registered_by and not visit.officials)
    )


def visited(actor: Actor, visit: Visit) -> bool:
    """Tell whether the actor speaks for the enterprise that is visited."""
    return actor.reader is not None and any(one.enterprise_id == visit.enterprise_id for one in actor.reader.grants)


def _can_visit(actor: Actor, action: str, visit: Visit) -> bool:
    transition = VISITS.find(action)
    if transition is None:
        return False
    if "visited" in transition.roles:
        return visited(actor, visit) and not goes(actor, visit)
    return goes(actor, visit) or holds(actor, transition.roles, visit.region)


def _can_drive(actor: Actor, action: str, thing: Campaign | CampaignMatter) -> bool:
    transition = (CAMPAIGNS if isinstance(thing, Campaign) else CAMPAIGN_MATTERS).find(action)
    if transition is None:
        return False
    own = isinstance(thing, CampaignMatter) and of_department(actor, thing.department_id)
    if "unit" in transition.roles:
        return own
    # Whoever carries a matter never finds that it is done.
    return holds(actor, transition.roles, thing.region) and not own


def can(actor: Actor, action: str, thing: Campaign | CampaignMatter | Code | FollowUp | Visit) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    if isinstance(thing, (Campaign, CampaignMatter)):
        return _can_drive(actor, action, thing)
    if isinstance(thing, Visit):
        return _can_visit(actor, action, thing)
    machine: Machine = CODES if isinstance(thing, Code) else FOLLOW_UPS  # type: ignore[type-arg]
    transition = machine.find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if "unit" in transition.roles:
        return isinstance(thing, FollowUp) and of_department(actor, thing.department_id)
    if isinstance(thing, Code) and action == "hand_out" and thing.kind != "card":
        return False
    # Whoever belongs to the rated unit decides nothing about its ratings, in whatever other office.
    own = isinstance(thing, FollowUp) and (
        of_department(actor, thing.department_id) or actor.person_id in thing.official_ids
    )
    return holds(actor, transition.roles, thing.region) and not own


def check(actor: Actor, action: str, thing: Campaign | CampaignMatter | Code | FollowUp | Visit) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)
