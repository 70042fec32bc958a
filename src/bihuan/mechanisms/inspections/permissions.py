"""Who may do what with lists, classes and checks. Whoever is rated learns of no single rating, and not who rated."""

import uuid

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import ADMINISTRATORS, REGION_WIDE, Role
from bihuan.foundation.kernel import errors

from .models import Check, Draw, Listed, Repair, Standing
from .states import BODY, CHECKS, FIRM, HEADS, LISTED, LISTERS, REPAIRS, STANDINGS, SYSTEM

READERS = sorted(set(Role) - ADMINISTRATORS - {Role.ENTERPRISE, Role.OBSERVER, Role.DEPUTY, Role.SPECIAL_SUPERVISOR})
"""Who opens the register of checks; each sees what concerns them."""
LISTING = sorted(LISTERS)
ENFORCERS = sorted({Role.LIAISON, Role.DEPARTMENT_HEAD})
"""Offices of a body that checks."""
ENTERING = sorted(LISTERS | {Role.LIAISON, Role.DEPARTMENT_HEAD})
"""Who enters what is to be listed: the bodies themselves, and those who publish it."""
PUBLIC = "anyone"


def holds(actor: Actor, roles: frozenset[str], region: str) -> bool:
    """Tell whether the actor holds one of the roles so that it covers the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in roles)


def of_body(actor: Actor, department_id: object) -> bool:
    """Tell whether the actor holds any office in the body."""
    if actor.reader is None or department_id is None:
        return False
    return any(str(department_id) in grant.departments for grant in actor.reader.grants)


def heads(actor: Actor, department_id: uuid.UUID) -> bool:
    """Tell whether the actor is the head of the body."""
    if actor.reader is None:
        return False
    return any(
        grant.role == Role.DEPARTMENT_HEAD and str(department_id) in grant.departments for grant in actor.reader.grants
    )


def speaks_for(actor: Actor, enterprise_id: uuid.UUID) -> bool:
    """Tell whether the actor speaks for the enterprise."""
    return actor.reader is not None and any(one.enterprise_id == enterprise_id for one in actor.reader.grants)


def supervises(actor: Actor, check: Check) -> bool:
    """Tell whether the actor supervises law enforcement here and belongs to none of the bodies that come."""
    return holds(actor, frozenset({Role.JUSTICE_SUPERVISOR}), check.region) and not comes(actor, check)


def comes(actor: Actor, check: Check) -> bool:
    """Tell whether the actor belongs to one of the bodies that come, in whatever office."""
    return any(of_body(actor, body) for body in check.bodies)


def check_lists(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor publishes lists and rates enterprises in the region."""
    if not holds(actor, LISTERS, region):
        raise errors.Forbidden(_("Only those who publish lists in this region may do this."), code="list_region")


def check_enters(actor: Actor, region: str, department_id: uuid.UUID | None) -> None:
    """Raise Forbidden unless the actor may enter something of this body for its list."""
    if not holds(actor, LISTERS, region) and not of_body(actor, department_id):
        raise errors.Forbidden(_("You may enter what belongs to your own body only."), code="other_body")


def check_books(actor: Actor, department_id: uuid.UUID) -> None:
    """Raise Forbidden unless the actor registers checks of the body."""
    offices = actor.reader.grants if actor.reader else ()
    if not any(one.role in ENFORCERS and str(department_id) in one.departments for one in offices):
        raise errors.Forbidden(_("You may register checks of your own body only."), code="other_body")


def _can_check(actor: Actor, action: str, check: Check, roles: frozenset[str]) -> bool:
    if roles == HEADS:
        # A sheltered enterprise is the leader's to decide; its parts are approved together.
        if check.sheltered:
            return holds(actor, frozenset({Role.LEADER}), check.region)
        return any(heads(actor, body) for body in check.bodies)
    if action == "join":
        return actor.reader is not None and bool(actor.reader.roles & set(ENFORCERS)) and not comes(actor, check)
    if action == "review":
        return supervises(actor, check)
    if action == "call_off":
        # Whoever leads it calls it off; those who go along do not.
        return of_body(actor, check.department_id) or holds(actor, roles - BODY, check.region)
    if roles == FIRM:
        return speaks_for(actor, check.enterprise_id) and not comes(actor, check)
    return (roles >= BODY and comes(actor, check)) or holds(actor, roles - BODY, check.region)


def draws(actor: Actor, draw: Draw) -> bool:
    """Tell whether the actor conducts the draw: the body that leads it, and those who publish lists."""
    return of_body(actor, draw.department_id) or holds(actor, LISTERS, draw.region)


def can_repair(actor: Actor, action: str, repair: Repair) -> bool:
    """Tell whether the actor's office allows the action: of the body that entered the record, or of the enterprise."""
    transition = REPAIRS.find(action)
    if transition is None:
        return False
    own = speaks_for(actor, repair.enterprise_id)
    return own if transition.roles == FIRM else of_body(actor, repair.department_id) and not own


def check_repair(actor: Actor, action: str, repair: Repair) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can_repair(actor, action, repair):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def can(actor: Actor, action: str, thing: Listed | Standing | Check) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    machine = CHECKS if isinstance(thing, Check) else STANDINGS if isinstance(thing, Standing) else LISTED
    transition = machine.find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if isinstance(thing, Check):
        return _can_check(actor, action, thing, transition.roles)
    if isinstance(thing, Standing):
        own = speaks_for(actor, thing.enterprise_id)
        # Whoever speaks for an enterprise decides nothing about its class, in whatever other office.
        return own if transition.roles == FIRM else holds(actor, transition.roles, thing.region) and not own
    if action == "recuse":
        department = getattr(thing, "department_id", None)
        return hasattr(thing, "recused") and (
            of_body(actor, department) or holds(actor, transition.roles - BODY, thing.region)
        )
    # Whoever entered it does not publish it.
    entered = action == "publish" and actor.person_id is not None and actor.person_id == thing.entered_by
    return holds(actor, transition.roles, thing.region) and not entered


def check(actor: Actor, action: str, thing: Listed | Standing | Check) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def reads_records(actor: Actor, enterprise_id: uuid.UUID, regions: frozenset[str]) -> bool:
    """Tell whether the actor reads records and class of an enterprise: itself, enforcers, staff of the region."""
    if actor.system or speaks_for(actor, enterprise_id):
        return True
    if actor.reader is None:
        return False
    wide = frozenset(REGION_WIDE) | set(ENFORCERS)
    return any(grant.role in wide and set(grant.regions) & regions for grant in actor.reader.grants)
