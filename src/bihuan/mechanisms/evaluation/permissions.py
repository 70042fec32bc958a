"""Who hears the enterprise, who learns of a bad mark, who calls, and who answers questions. Never the rated side."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.states import Machine

from .models import Callback, Mark, Question
from .states import CALLS, MARKS, QUESTIONS, SYSTEM, UNIT

HEARERS = (Role.COORDINATOR, Role.CATCH_ALL, Role.SUPERVISION_OFFICE, Role.LEADER, Role.DISCIPLINE)
"""Who opens the queues of bad marks and callbacks, each for their own regions."""
UNITS = (Role.LIAISON, Role.DEPARTMENT_HEAD)
"""Who corrects what a bad mark was about, and sees of it no more than that needs."""
WATCHERS = (Role.SUPERVISION_OFFICE, Role.DISCIPLINE)
"""Who sees the questions."""

Thing = Mark | Callback | Question


def machine_of(thing: Thing) -> Machine[Any]:
    """Return the machine that `thing` obeys."""
    return MARKS if isinstance(thing, Mark) else CALLS if isinstance(thing, Callback) else QUESTIONS


def hears(actor: Actor, region: str, unit_ids: list[uuid.UUID]) -> bool:
    """Tell whether the actor may read marks and calls of a region that concern these units: nobody of the units may."""
    if actor.system:
        return True
    reader = actor.reader
    return reader is not None and region in reader.regions_for(HEARERS) and not of_units(actor, unit_ids)


def of_units(actor: Actor, unit_ids: list[uuid.UUID]) -> bool:
    """Tell whether the actor works in one of these departments, in whatever other office too."""
    units = {str(one) for one in unit_ids}
    return actor.reader is not None and any(units.intersection(grant.departments) for grant in actor.reader.grants)


def is_told(actor: Actor, mark: Mark) -> bool:
    """Tell whether the actor answers for the rated department, whoever leads the matter now, and it was told."""
    if actor.reader is None or mark.shared not in ("matter", "kind"):
        return False
    return any(grant.role in UNITS and str(mark.department_id) in grant.departments for grant in actor.reader.grants)


def can(actor: Actor, action: str, thing: Thing, case: Case | None) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    transition = machine_of(thing).find(action)
    if transition is None or SYSTEM in transition.roles:
        return False
    if isinstance(thing, Question):
        return actor.reader is not None and any(actor.reader.has(one, region=thing.region) for one in transition.roles)
    assert case is not None
    if isinstance(thing, Mark) and is_told(actor, thing):
        return action in ("correct", "appeal") and (action != "appeal" or thing.appeal == "")
    outside = transition.roles - UNIT
    if not any(cases.holds_role(actor, case, role) for role in outside) or of_units(actor, thing.unit_ids):
        return False
    if isinstance(thing, Mark):
        return _goes_for_mark(action, thing)
    return _may_call(actor, action, thing, case)


def _goes_for_mark(action: str, mark: Mark) -> bool:
    if action == "correct":
        # Whoever was told corrects; only where the unit could not be told does the centre write down what was changed.
        return mark.shared == "nothing"
    return (action == "decide_appeal") == (mark.appeal == "pending") and action != "appeal"


def _may_call(actor: Actor, action: str, call: Callback, case: Case) -> bool:
    """回访由办理人以外的人做: not the units, not who verified and closed it, and not another caller's call."""
    person = actor.person_id
    if person in case.verifier_ids:
        return False
    return action == "take" or call.caller == person


def check(actor: Actor, action: str, thing: Thing, case: Case | None) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing, case):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)
