"""The letters of an inquiry: the written application, and the notice of what was found. They keep step with it."""

import datetime as dt

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.documents import services as documents
from bihuan.foundation.documents.states import LetterState

from .. import exports
from ..models import Inquiry
from ..states import InquiryState


def ask(inquiry: Inquiry, *, actor: Actor, now: dt.datetime) -> None:
    """Write the application (区企服中心提出书面申请)."""
    documents.issue(draft=exports.request(inquiry), actor_id=actor.person_id, now=now)


def follow(inquiry: Inquiry, action: str, *, actor: Actor, now: dt.datetime) -> None:
    """Do to the letters what was done to the inquiry; one of before there were letters has none.

    The caller holds the inquiry locked.
    """
    if action in ("take_on", "turn_away"):
        _close(inquiry, exports.REQUEST, inquiry.answer, actor, now)
    elif action == "find":
        documents.issue(draft=exports.notice(inquiry), actor_id=actor.person_id, now=now)
        if inquiry.state == InquiryState.CLEARED:
            _close(inquiry, exports.NOTICE, inquiry.finding, actor, now)
    elif action == "rectify":
        _reply(inquiry, actor, now)
    elif action in ("return_report", "visit") and inquiry.state == InquiryState.FOUND:
        _return(inquiry, actor, now)
    elif action in ("write_off", "refer"):
        _close(inquiry, exports.NOTICE, inquiry.result, actor, now)


def _reply(inquiry: Inquiry, actor: Actor, now: dt.datetime) -> None:
    letter = documents.open_about(thing=inquiry.id, kind=exports.NOTICE)
    if letter is None:
        return
    if letter.state == LetterState.ISSUED:
        # Whoever answers has it.
        documents.receive(letter_id=letter.id, actor_id=actor.person_id, now=now, reply_due_at=inquiry.rectified_due)
    documents.reply(letter_id=letter.id, text=inquiry.rectification, actor_id=actor.person_id, now=now)


def _return(inquiry: Inquiry, actor: Actor, now: dt.datetime) -> None:
    letter = documents.open_about(thing=inquiry.id, kind=exports.NOTICE)
    if letter is not None and letter.state == LetterState.REPLIED:
        due = inquiry.rectified_due
        documents.return_reply(letter_id=letter.id, text="", actor_id=actor.person_id, now=now, reply_due_at=due)


def _close(inquiry: Inquiry, kind: str, text: str, actor: Actor, now: dt.datetime) -> None:
    letter = documents.open_about(thing=inquiry.id, kind=kind)
    if letter is not None:
        documents.write_off(letter_id=letter.id, text=text, actor_id=actor.person_id, now=now)
