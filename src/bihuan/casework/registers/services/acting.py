"""What people do with an entry of the registers: one action, one fact."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors

from .. import permissions, selectors
from ..models import Caution, Competition, Exemplar, Institution, Lesson
from ..rules import bodies
from . import competitions, institutions, lessons, warnings
from .recording import Move, read_body

_MODELS: dict[str, Any] = {
    "institution": Institution,
    "competition": Competition,
    "exemplar": Exemplar,
    "warning": Caution,
    "lesson": Lesson,
}
_STEPS: dict[str, Mapping[str, Callable[[Move], None]]] = {
    "institution": institutions.STEPS,
    "competition": competitions.STEPS,
    "exemplar": competitions.EXEMPLAR_STEPS,
    "warning": warnings.STEPS,
    "lesson": lessons.STEPS,
}
_SEEN: dict[str, Callable[[Actor], Any]] = {
    "institution": selectors.of_institutions,
    "competition": selectors.of_competitions,
    "exemplar": selectors.of_exemplars,
    "warning": selectors.of_warnings,
    "lesson": selectors.of_lessons,
}


def take(
    *, kind: str, thing_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Any:
    """Take one action on an entry (`kind`: institution, competition, exemplar, warning, lesson) and return it.

    action: a row of the machine; its words are in `rules.bodies`. Raises NotFound (no such entry, or not for these
    eyes), Forbidden (not this office, or the department concerned), Conflict (`state_forbids`, `owner_gone`,
    `linked_already`, `vote_closed`, `voted_already`, `own_nominee`, `adopted_already` …), Invalid. Leaves one fact on
    the entry and publishes InstitutionChanged or ShelfChanged.
    """
    with database.writing():
        if not _SEEN[kind](actor).filter(pk=thing_id).exists():
            raise selectors.not_found()
        thing = _MODELS[kind].objects.select_for_update(of=("self",)).get(pk=thing_id)
        machine = permissions.machine_of(thing)
        transition = machine.find(action)
        if transition is None or action not in bodies.BODIES[kind]:
            raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
        permissions.check(actor, action, thing)
        state = type(machine.initial)(thing.state)
        if state not in transition.sources:
            raise errors.Conflict(
                _("This is not possible in the present state."),
                code="state_forbids",
                state=state.value,
                allowed_actions=selectors.available(actor, thing),
            )
        target = next(iter(transition.targets), state).value
        given = read_body(bodies.BODIES[kind][action], body)
        _STEPS[kind][action](Move(thing=thing, actor=actor, now=now, body=given, target=target))
    return thing
