"""What people do with an instrument: one action, one fact, and its letter keeps step."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.deadlines import services as deadlines
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.documents import services as documents
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.ledger import rules as ledger
from bihuan.foundation.workcalendar import selectors as calendars

from .. import exports, permissions, selectors, wording
from ..models import Instrument
from ..states import FINAL, KINDS, MACHINES, SYSTEM, target_of
from .recording import commit, expect_next, rule

_KEPT = {
    "hold": "minutes",
    "reply": "reply",
    "close": "outcome",
    "take_back": "outcome",
    "object": "objection_text",
    "decide_objection": "review_text",
}
"""Action → the field that keeps its text."""
_STAMP = {"issue": "issued_at", "receive": "received_at", "reply": "replied_at"}
_STILL = frozenset({"remind"})
"""Actions that change no clock."""
_HANDS = frozenset({"review", "approve", "verify", "issue", "hold", "assess", "close"})


def take(
    *, instrument_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Instrument:
    """Take one action of a person on an instrument and return it as it then is.

    action: a row of the machine of its kind; all but `receive` need {text}; `decide_objection` also {upheld: yes, no}.
    Raises NotFound (none for these eyes), Forbidden, Conflict (`state_forbids`, `department_gone`, and the codes of
    `selectors.why_not`), Invalid. Leaves one fact, and one of the letter where it moves; publishes InstrumentChanged.
    """
    selectors.find(instrument_id=instrument_id, actor=actor, now=now)
    with database.writing():
        thing = (
            Instrument.objects.select_for_update(of=("self",))
            .select_related("addressee", "letter")
            .get(pk=instrument_id)
        )
        target = _allowed(thing, action, actor, now)
        text = "" if action == "receive" else needed_text(body)
        upheld = action == "decide_objection" and str(body.get("upheld", "")).lower() in ("yes", "true", "1")
        came_from, thing.state = thing.state, "taken_back" if upheld else target
        _change(thing, action, text=text, upheld=upheld, actor=actor, now=now)
        said: dict[str, Any] = {"text": text, "upheld": upheld, "letter": thing.letter.number if thing.letter else ""}
        changed = [field.name for field in Instrument._meta.concrete_fields if not field.primary_key]
        commit(thing, action, now=now, said=said, actor=actor, came_from=came_from, changed=changed)
        if thing.state == "closed" and came_from != "closed":
            _draw(thing, now=now)
    return thing


def _allowed(thing: Instrument, action: str, actor: Actor, now: dt.datetime) -> str:
    """Return the state the action leads to. Raises NotFound, Forbidden, Conflict naming what would go."""
    machine = MACHINES[thing.kind]
    transition = machine.find(action)
    if transition is None or SYSTEM in transition.roles:
        raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
    permissions.check(actor, action, thing)
    if type(machine.initial)(thing.state) not in transition.sources:
        raise errors.Conflict(
            _("This is not possible in the present state."),
            code="state_forbids",
            state=thing.state,
            allowed_actions=selectors.available_actions(thing, actor, now),
        )
    reason = selectors.why_not(thing, action, now)
    if reason is not None:
        raise errors.Conflict(wording.REASONS[reason], code=reason)
    return str(next(iter(transition.targets)).value) if transition.targets else thing.state


def _change(thing: Instrument, action: str, *, text: str, upheld: bool, actor: Actor, now: dt.datetime) -> None:
    if action in _KEPT:
        setattr(thing, _KEPT[action], text)
    if action in _STAMP:
        setattr(thing, _STAMP[action], now)
    if action in _HANDS and actor.person_id is not None and actor.person_id not in thing.hands:
        thing.hands = [*thing.hands, actor.person_id]
    if action == "object":
        thing.objection = "raised"
    elif action == "decide_objection":
        thing.objection = "upheld" if upheld else "rejected"
    elif action == "return_reply":
        thing.returned, thing.replied_at = thing.returned + 1, None
    elif action == "look_back":
        thing.look = "holds"
    elif action == "relapse":
        thing.look, thing.relapses, thing.replied_at = "relapsed", thing.relapses + 1, None
    elif action == "issue":
        _issue(thing, text=text, actor=actor, now=now)
    elif action == "receive" and KINDS[thing.kind].objection:
        calendar = calendars.calendar_for(thing.region)
        thing.objection_until = calendar.add(now, rule(thing).object_within).at
    thing.ended_at = (thing.ended_at or now) if thing.state in FINAL else None
    if thing.state == "taken_back":
        thing.public = False
    _clock(thing, action, now=now)
    _letter(thing, action, text=text, actor=actor, now=now)


def _clock(thing: Instrument, action: str, *, now: dt.datetime) -> None:
    if action in _STILL:
        return
    if thing.objection == "raised":
        deadlines.expect(thing, "instrument_review", rule(thing).review_within, now=now)
        return
    expect_next(thing, now=now)
    if action in ("receive", "return_reply", "relapse", "hold", "decide_objection") and KINDS[thing.kind].answered:
        thing.reply_due_at = thing.due_at if thing.replied_at is None else thing.reply_due_at


def _issue(thing: Instrument, *, text: str, actor: Actor, now: dt.datetime) -> None:
    """Give it its number. A department that was merged since the draft gets it under its successor's name."""
    today = answers.local_date(now)
    while not directory.in_force(thing.addressee, today):
        successor = directory.department_by_id(thing.addressee.successor_id) if thing.addressee.successor_id else None
        if successor is None:
            raise errors.Conflict(
                _("The department is gone and nobody took over; draft it anew."), code="department_gone"
            )
        thing.addressee = successor
    thing.public = KINDS[thing.kind].public
    thing.letter = documents.issue(draft=exports.draft(thing, word=text), actor_id=actor.person_id, now=now)


def _letter(thing: Instrument, action: str, *, text: str, actor: Actor, now: dt.datetime) -> None:
    """Do to the letter what was done to the instrument."""
    if thing.letter is None or action == "issue":
        return
    who: dict[str, Any] = {"letter_id": thing.letter.id, "actor_id": actor.person_id, "now": now}
    if action == "receive":
        documents.receive(**who, reply_due_at=thing.reply_due_at)
        if target_of(KINDS[thing.kind], "receive") == "closed":
            documents.write_off(**who, text=text)
    elif action == "reply":
        documents.reply(**who, text=text, reply_due_at=thing.reply_due_at)
    elif action == "return_reply":
        documents.return_reply(**who, text=text, reply_due_at=thing.reply_due_at)
    elif action == "close":
        documents.write_off(**who, text=text)
    elif action == "relapse":
        documents.reopen(**who, text=text, reply_due_at=thing.reply_due_at)
    elif thing.state == "taken_back":
        documents.withdraw(**who, text=text)


def _draw(thing: Instrument, *, now: dt.datetime) -> None:
    """Let the hash of the chain say whether it is looked at again (O7); a relapse is always looked at again."""
    if not KINDS[thing.kind].look_back:
        return
    if thing.relapses or ledger.is_drawn(thing.last_hash, rule(thing).look_back.share):
        head, thing.look = thing.last_hash, "drawn"
        expect_next(thing, now=now)
        commit(thing, "drawn", now=now, said={"head": head}, changed=["look", "due_at", "late_since"])
