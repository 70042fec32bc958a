"""The letter of an order keeps step with it: issued, signed for, answered, sent back, written off or withdrawn."""

import datetime as dt
import uuid
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.foundation.documents import services as documents

from .. import exports
from ..models import Order

_ENDS = ("close", "settle")
_WITHDRAWS = ("take_back", "lapse")


def keep_step(
    order: Order, case: Case, action: str, *, text: str, actor_id: uuid.UUID | None, now: dt.datetime
) -> None:
    """Do to the letter what was done to the order. Orders that were issued before there were letters have none."""
    who: dict[str, Any] = {"actor_id": actor_id, "now": now}
    if action == "issue":
        documents.issue(draft=exports.draft(order, case, word=text), **who)
        return
    letter = documents.open_about(thing=order.id)
    if letter is None:
        return
    if action == "sign":
        documents.receive(letter_id=letter.id, reply_due_at=order.due_at, **who)
    elif action == "report":
        documents.reply(letter_id=letter.id, text=text, **who)
    elif action == "send_back":
        documents.return_reply(letter_id=letter.id, text=text, reply_due_at=order.due_at, **who)
    elif action in _ENDS:
        documents.write_off(letter_id=letter.id, text=text, **who)
    elif action in _WITHDRAWS:
        documents.withdraw(letter_id=letter.id, text=text, **who)
