"""What people do with a track: decide on entry, tell how far it is, mark steps as reached, let it leave."""

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.cases.states import OPEN as OPEN_CASES
from bihuan.casework.cases.states import ClosedKind
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text

from .. import permissions
from ..models import Track
from ..states import MACHINE, SYSTEM, TrackState
from . import rhythm
from .following import take_plan
from .recording import commit, lock_open, new

TEXT_MAX = 2_000


@dataclass(kw_only=True)
class Move:
    """What a step works with: the locked track and its locked case, who acts, when, and the words given."""

    track: Track
    case: Case
    actor: Actor
    now: dt.datetime
    body: Mapping[str, Any]


def take(*, track_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Track:
    """Take one action of a person on a track and return the track as it then is.

    action: `enter`, `refuse`, `leave` {reason}; `report` {text}; `meet_node` {node, text}. Raises NotFound (no such
    track, or not for these eyes), Forbidden (not this office), Conflict `state_forbids`, `no_such_node`, Invalid.
    Leaves one fact and publishes TrackChanged; entering a matter that has a plan records the plan as well.
    """
    transition = MACHINE.named(action, without=frozenset({SYSTEM}))
    with database.writing():
        case_id = Track.objects.filter(pk=track_id).values_list("case_id", flat=True).first()
        case = _lock_case(actor, pk=case_id)
        track = Track.objects.select_for_update(of=("self",)).get(pk=track_id)
        permissions.check(actor, action, case)
        may = functools.partial(permissions.can, actor, case=case)
        MACHINE.check_state(transition, TrackState(track.state), may=may)
        _STEPS[action](Move(track=track, case=case, actor=actor, now=now, body=body))
    return track


def open_track(*, number: str, actor: Actor, now: dt.datetime, reason: str) -> Track:
    """Put an open case into the store that the product has not proposed; the reason stands for the points.

    Raises NotFound, Forbidden, Conflict `tracked_already`, `case_ended`, Invalid.
    """
    with database.writing():
        case = _lock_case(actor, number=number)
        permissions.check_open(actor, case)
        if case.state not in {*OPEN_CASES} and case.closed_kind != ClosedKind.TRACKED:
            raise errors.Conflict(_("This matter has ended; there is nothing to track."), code="case_ended")
        if lock_open(case.id) is not None:
            raise errors.Conflict(_("This matter is tracked or proposed already."), code="tracked_already")
        track = new(case, state=TrackState.TRACKED, now=now)
        move = Move(track=track, case=case, actor=actor, now=now, body={"reason": reason})
        _enter(move, made=True)
    return track


def _lock_case(actor: Actor, **which: Any) -> Case:
    found = Case.objects.filter(visible(actor), **which).defer("search").select_for_update(of=("self",)).first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="track_not_found")
    return found


def _enter(move: Move, *, made: bool = False) -> None:
    """入库: from now on updates and bulletins are due."""
    track, now = move.track, move.now
    track.reason, track.decided_by = needed_text(move.body, "reason", most=TEXT_MAX), move.actor.person_id
    track.state, track.entered_at = TrackState.TRACKED.value, now
    changed = ["state", "reason", "decided_by", "entered_at", *rhythm.begin(track, now)]
    assert track.progress_due_at is not None
    commit(
        track,
        move.case,
        "entered",
        now=now,
        changed=changed,
        actor=move.actor,
        made=made,
        came_from=TrackState.CANDIDATE,
        said={"reason": track.reason, "due_at": track.progress_due_at.isoformat()},
    )
    take_plan(track, move.case, now)
    rhythm.hold_while_suspended(track, move.case, now)


def _end(move: Move, state: TrackState, kind: str, *, came_from: TrackState, changed: list[str]) -> None:
    track = move.track
    track.reason, track.decided_by = needed_text(move.body, "reason", most=TEXT_MAX), move.actor.person_id
    track.state, track.ended_at = state.value, move.now
    fields = ["state", "ended_at", "reason", "decided_by", *changed]
    said = {"reason": track.reason}
    commit(track, move.case, kind, now=move.now, changed=fields, actor=move.actor, said=said, came_from=came_from)


def _refuse(move: Move) -> None:
    """不入库: with a reason."""
    _end(move, TrackState.NOT_TRACKED, "refused", came_from=TrackState.CANDIDATE, changed=[])


def _leave(move: Move) -> None:
    """出库 without having been achieved: one level up, with a reason, told to the enterprise."""
    changed = rhythm.end(move.track, move.now, void=True)
    _end(move, TrackState.LEFT, "left", came_from=TrackState.TRACKED, changed=changed)


def _report(move: Move) -> None:
    """半月更新: how far it is; the way to tell it after the case was closed as tracked."""
    said = {"text": needed_text(move.body, "text", most=TEXT_MAX)}
    if move.track.bulletin_at is None:
        raise errors.Conflict(_("This matter was withdrawn or merged; only the leader decides now."), code="at_rest")
    changed = rhythm.updated(move.track, move.now)
    commit(move.track, move.case, "progress_reported", now=move.now, changed=changed, actor=move.actor, said=said)
    rhythm.hold_while_suspended(move.track, move.case, move.now)


def _meet_node(move: Move) -> None:
    """节点完成: the clock of this step ends."""
    node, text = str(move.body.get("node", "")), needed_text(move.body, "text", most=TEXT_MAX)
    if not deadlines.stop(subject=move.track.id, now=move.now, kinds=[rhythm.NODE], part=node):
        raise errors.Conflict(_("There is no such step that is still open."), code="no_such_node", field="node")
    said = {"node": node, "text": text, "version": move.track.plan_version}
    commit(move.track, move.case, "node_met", now=move.now, actor=move.actor, said=said)


_STEPS: dict[str, Callable[[Move], None]] = {
    "enter": _enter,
    "refuse": _refuse,
    "leave": _leave,
    "report": _report,
    "meet_node": _meet_node,
}
ACTIONS = tuple(_STEPS)
"""What people can do; the rest of the machine's table belongs to the product."""
