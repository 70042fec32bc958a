"""What people do with a matter between the levels: one action, one fact, and a word to the other level."""

import datetime as dt
import functools
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import permissions
from ..models import Arrival, Escalation
from ..states import SYSTEM
from .posting import post
from .recording import commit


def send_up(*, number: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Escalation:
    """Send a case up to the region {to}, with {reason}, by the action `escalate` of the case; return what began.

    Raises as that action does: NotFound, Forbidden, Invalid, Conflict `vetoed` (nobody above, not the next level,
    there already).
    """
    with database.writing():
        if not str(body.get("to", "")).isdigit():
            raise errors.Invalid(_("Name the region above by its code."), code="escalation_unknown", field="to")
        given = {"to": body["to"], "reason": body.get("reason", "")}
        case = cases.take(number=number, action="escalate", actor=actor, now=now, body=given)
        return Escalation.objects.filter(case=case).latest("id")


def take(
    *, thing_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Escalation | Arrival:
    """Take one action of a person, with a word {text}: below `answer_above`, `take_back`; above `list`.

    Raises NotFound (no such thing, or not for these eyes), Forbidden, Conflict `state_forbids`, Invalid.
    """
    with database.writing():
        thing: Escalation | Arrival
        thing, case = _locked(thing_id, actor)
        target, text = _allowed(thing, case, action, actor), needed_text(body)
        came_from, thing.state = thing.state, target
        changed = ["state"]
        if action == "list":
            thing.listed_at = now
            changed.append("listed_at")
        elif action == "take_back":
            deadlines.stop(subject=thing.id, now=now, void=True)
            thing.ended_at, thing.reply_due_at = now, None
            changed += ["ended_at", "reply_due_at"]
        commit(thing, case, action, now=now, said={"text": text}, actor=actor, came_from=came_from, changed=changed)
        post(thing, case, _SAID[action], now=now, text=text)
        if isinstance(thing, Escalation) and action == "take_back" and case.escalated_to == thing.to_region:
            cases.take(number=case.number, action="come_down", actor=actor, now=now, body={"reason": text})
    return thing


_SAID = {"answer_above": "answer", "take_back": "withdraw", "list": "listed"}
"""Action → the kind of word that tells the other level."""


def _locked(key: uuid.UUID, actor: Actor) -> tuple[Any, Case]:
    """Lock the case, then the row; NotFound unless there is one for these eyes."""
    for model in (Escalation, Arrival):
        case_id = model.objects.filter(pk=key).values_list("case_id", flat=True).first()
        if case_id is None or not permissions.watches(actor):
            continue
        seen = Case.objects.filter(visible(actor), pk=case_id).defer("search")
        case = seen.select_for_update(of=("self",)).first()
        if case is not None:
            return model.objects.select_for_update(of=("self",)).get(pk=key), case
    raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="escalation_not_found")


def _allowed(thing: Escalation | Arrival, case: Case, action: str, actor: Actor) -> str:
    """Return the state the action leads to. Raises NotFound, Forbidden, Conflict naming what would go."""
    machine = permissions.machine_of(thing)
    transition = machine.named(action, without=frozenset({SYSTEM}))
    permissions.check(actor, action, thing, case)
    state = type(machine.initial)(thing.state)
    machine.check_state(transition, state, may=functools.partial(permissions.can, actor, thing=thing, case=case))
    return str(next(iter(transition.targets), state).value)
