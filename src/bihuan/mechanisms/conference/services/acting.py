"""What people do with meetings, items and decisions: one action, one fact."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database

from .. import selectors
from ..models import Decision, Item, Meeting
from . import agenda, outcomes, sessions
from .recording import Move, body_of, check_state

MODELS: dict[str, Any] = {"meeting": Meeting, "item": Item, "decision": Decision}
Step = Callable[[Move, str], None]
_STEPS: dict[str, Mapping[str, Step]] = {
    "meeting": sessions.STEPS,
    "item": agenda.STEPS,
    "decision": outcomes.STEPS,
}


def take(
    *, kind: str, thing_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Any:
    """Take one action on a meeting, an item or a decision (`kind`) and return it as it then is.

    action: a row of the machine; its words are in `rules.bodies`. Raises NotFound (no such thing, or not for these
    eyes), Forbidden (not this office, or whoever answers for it), Conflict (`state_forbids`, `no_quorum`, `items_open`
    …), Invalid. Leaves one fact on the thing and publishes ConferenceChanged.
    """
    with database.writing():
        thing, case = _locked(kind, thing_id, actor, action)
        target = check_state(thing, action, actor)
        move = Move(thing=thing, case=case, actor=actor, now=now, body=body_of(thing, action, body))
        _STEPS[kind][action](move, target)
    return thing


def _locked(kind: str, thing_id: uuid.UUID, actor: Actor, action: str) -> tuple[Any, Case | None]:
    """Lock the case, the items that follow, and the thing itself, in this order; NotFound unless for these eyes."""
    rows = {"meeting": selectors.of_meetings, "item": selectors.of_items, "decision": selectors.of_decisions}[kind]
    found = rows(actor).filter(pk=thing_id).first()
    if found is None:
        raise selectors.not_found()
    case = None
    if kind == "meeting":
        if action == "cancel":
            list(Item.objects.select_for_update(of=("self",)).filter(meeting=thing_id).order_by("id"))
    else:
        # Whoever answers for a decision need not see its case; the product locks it with its own eyes.
        case = Case.objects.select_for_update(of=("self",)).defer("search").get(pk=found.case_id)
    if kind == "decision":
        list(Item.objects.select_for_update(of=("self",)).filter(follows=thing_id).order_by("id"))
    thing = MODELS[kind].objects.select_for_update(of=("self",)).get(pk=thing_id)
    if kind == "item" and thing.meeting_id:
        thing.meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=thing.meeting_id)
    return thing, case
