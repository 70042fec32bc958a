"""Who may do what with questionnaires. Whoever belongs to a department that is rated reads no answer, in no office."""

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import REGION_WIDE
from bihuan.foundation.kernel import errors

from .models import Problem, Questionnaire
from .states import CENTRE, PROBLEMS, QUESTIONNAIRES, RUNNERS

__all__ = ["CENTRE", "RUNNERS"]

READERS = sorted(REGION_WIDE)
"""Who opens the register and, once one is closed, its figures."""
RUNNING = sorted(RUNNERS | CENTRE)
"""Who opens what was said, and decides on it."""


def holds(actor: Actor, roles: frozenset[str], region: str) -> bool:
    """Tell whether the actor holds one of the roles so that it covers the region."""
    return actor.reader is not None and any(actor.reader.has(role, region=region) for role in roles)


def rated(actor: Actor, thing: Questionnaire | Problem) -> bool:
    """Tell whether the actor belongs to a department that is rated, in whatever office."""
    about = {str(one) for one in thing.about}
    return actor.reader is not None and any(about.intersection(grant.departments) for grant in actor.reader.grants)


def runs(actor: Actor, thing: Questionnaire | Problem) -> bool:
    """Tell whether the actor reads what was answered."""
    return holds(actor, RUNNERS | CENTRE, thing.region) and not rated(actor, thing)


def can(actor: Actor, action: str, thing: Questionnaire | Problem) -> bool:
    """Tell whether the actor's office allows the action (the state is another question)."""
    machine = QUESTIONNAIRES if isinstance(thing, Questionnaire) else PROBLEMS
    transition = machine.find(action)
    return transition is not None and holds(actor, transition.roles, thing.region) and not rated(actor, thing)


def check(actor: Actor, action: str, thing: Questionnaire | Problem) -> None:
    """Raise Forbidden unless the actor may take the action."""
    if not can(actor, action, thing):
        raise errors.Forbidden(_("Your role may not take this action here."), action=action)


def check_writes(actor: Actor, region: str) -> None:
    """Raise Forbidden unless the actor writes questionnaires for the region."""
    if not holds(actor, RUNNERS, region):
        raise errors.Forbidden(_("You may ask in your own region only."), code="questionnaire_region")


def check_runs(actor: Actor, thing: Questionnaire | Problem) -> None:
    """Raise Forbidden unless the actor reads what was answered."""
    if not runs(actor, thing):
        raise errors.Forbidden(_("Answers are for those who ask, never for those who are rated."), code="answers_apart")
