"""回访: calls to raisers about closed matters, by people who neither handled nor closed them."""

import datetime as dt
import functools
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import permissions as case_permissions
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.rulebook import Reopen
from bihuan.casework.cases.states import ClosedKind, Word
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices, permissions, selectors
from ..models import OPEN_CALL_STATES, Callback, Draw
from ..states import CALLS, SYSTEM, CallState
from .recording import commit, flag, locked, round_of, rule, units_of


def open_call(case: Case, draw: Draw, now: dt.datetime) -> None:
    """Put a drawn closing on the desk of callbacks."""
    call = Callback(
        case=case,
        draw=draw,
        region=case.region,
        round=round_of(case),
        department_id=case.lead_department_id,
        unit_ids=units_of(case),
        opened_at=now,
        rulebook_version=draw.rulebook_version,
    )
    deadlines.expect(call, "evaluation_call", rule(call).callbacks.within, now=now)
    assert call.due_at is not None
    commit(call, "opened", now=now, said={"due_at": call.due_at.isoformat(), "draw": str(draw.id)}, made=True)


def take_call(*, call_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Callback:
    """Take one action of a person on a callback and return it as it then is.

    `take` {} · `miss` {text} · `finish` {solved, text, level?}: not solved denies the result in the raiser's name, and
    reopens a matter that was closed as resolved, if it is not too late. Raises NotFound (none for these eyes),
    Forbidden (who handled or closed the matter; another's call), Conflict `state_forbids`, Invalid.
    Leaves one fact here, and those of the case's own actions; publishes CallbackChanged.
    """
    with database.writing():
        call: Callback
        call, case = locked(Callback, call_id)
        if not permissions.hears(actor, call.region, call.unit_ids):
            raise selectors.not_found()
        _check(call, case, action, actor)
        came_from = call.state
        said: dict[str, Any] = {} if action == "take" else {"text": needed_text(body)}
        changed = _STEPS[action](call, case, actor, now, body, said)
        changed += ["state", "due_at", "late_since"]
        commit(call, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
        if call.false_closing and action == "finish":
            about: dict[str, Any] = {"region": call.region, "department_id": call.department_id}
            notices.tell_staff("callback_finish", thing=call, data=said, now=now, but=actor.person_id, **about)
    return call


def _check(call: Callback, case: Case, action: str, actor: Actor) -> None:
    transition = CALLS.named(action, without=frozenset({SYSTEM}))
    permissions.check(actor, action, call, case)
    may = functools.partial(permissions.can, actor, thing=call, case=case)
    CALLS.check_state(transition, CallState(call.state), may=may)


def _take(call: Callback, _case: Case, actor: Actor, _now: dt.datetime, _body: Any, _said: Any) -> list[str]:
    call.state, call.caller = CallState.TAKEN.value, actor.person_id
    return ["caller"]


def _miss(call: Callback, _case: Case, _actor: Actor, now: dt.datetime, _body: Any, said: dict[str, Any]) -> list[str]:
    call.attempts += 1
    said["attempt"] = call.attempts
    call.state, call.caller = CallState.WAITING.value, None
    if call.attempts >= rule(call).callbacks.attempts:
        call.state, call.ended_at = CallState.UNREACHED.value, now
        deadlines.expect(call, "", None, now=now)
    return ["attempts", "caller", "ended_at"]


def _finish(call: Callback, case: Case, actor: Actor, now: dt.datetime, body: Any, said: dict[str, Any]) -> list[str]:
    call.solved, call.level = flag(body, "solved"), _level(body)
    call.raiser_said, call.unit_said = said["text"], case.reply_text
    resolved = case.closed_kind == ClosedKind.RESOLVED
    call.false_closing = not call.solved and resolved
    call.state, call.ended_at, call.attempts = CallState.DONE.value, now, call.attempts + 1
    deadlines.expect(call, "", None, now=now)
    # The reopening of the case below must not find this call still running.
    call.save(update_fields=["state", "solved", "ended_at"])
    call.overturned = _speak_for_raiser(call, case, actor, now)
    said |= {"solved": call.solved, "level": call.level or 0, "overturned": call.overturned}
    fields = "solved level raiser_said unit_said false_closing ended_at attempts overturned"
    return fields.split()


def _speak_for_raiser(call: Callback, case: Case, actor: Actor, now: dt.datetime) -> bool:
    """Write the raiser's word, said by telephone, on the case in their name; tell whether it overturned the closing."""
    raiser = Actor(reader=actor.reader, holds=case.id, on_behalf_of="raiser")
    reason = {"reason": call.raiser_said}
    if call.solved:
        if case.state == "closed" and case.word in (Word.PENDING, Word.NO_RESPONSE):
            cases.take(number=case.number, action="confirm", actor=raiser, now=now, body={})
        return False
    if case.state == "closed" and case.word != Word.DENIED:
        cases.take(number=case.number, action="deny", actor=raiser, now=now, body=reason)
    if not call.false_closing or not _may_reopen(case, actor, now):
        return False
    cases.take(number=case.number, action="reopen", actor=actor, now=now, body=reason)
    return True


def _may_reopen(case: Case, actor: Actor, now: dt.datetime) -> bool:
    if case.state != "closed" or case.closed_at is None or not case_permissions.can(actor, "reopen", case):
        return False
    within = rulebooks.version(case.rulebook_version).section(Reopen).within
    return now <= workcalendar.calendar_for(case.region).add(case.closed_at, within).at


def _level(body: Any) -> int | None:
    given = body.get("level")
    if given in (None, ""):
        return None
    if not isinstance(given, (int, str)) or str(given) not in {"1", "2", "3", "4", "5"}:
        raise errors.Invalid(
            _("%(field)s: a level from 1 to 5") % {"field": "level"}, code="invalid_body", field="level"
        )
    return int(given)


_STEPS = {"take": _take, "miss": _miss, "finish": _finish}


def lapse(case: Case, now: dt.datetime) -> None:
    """The matter went on before anybody called: there is nothing to ask any more."""
    running = Callback.objects.select_for_update(of=("self",)).filter(case=case, state__in=OPEN_CALL_STATES)
    for call in running:
        deadlines.stop(subject=call.id, now=now, void=True)
        came_from, call.state, call.ended_at, call.due_at = call.state, CallState.LAPSED.value, now, None
        changed = ["state", "ended_at", "due_at"]
        commit(call, "lapse", now=now, said={}, came_from=came_from, changed=changed)


def late(call_id: uuid.UUID, *, clock: str, since: dt.datetime, now: dt.datetime) -> None:
    """A callback is late: on record, and told."""
    chosen = Callback.objects.select_for_update(of=("self",))
    call = chosen.filter(pk=call_id, state__in=OPEN_CALL_STATES).first()
    if call is not None:
        call.late_since = since
        commit(call, "late", now=now, said={"clock": clock}, changed=["late_since"])
        about: dict[str, Any] = {"region": call.region, "department_id": call.department_id}
        notices.tell_staff("callback_late", thing=call, data={}, now=now, **about)
