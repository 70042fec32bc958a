"""What people say to an early sign: the unit explains it, the centre finds nothing in it, or applies (see `apply`)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database
from bihuan.foundation.kernel.text import needed_text

from .. import permissions, selectors
from ..models import Sign
from ..states import SIGNS, SignState
from . import recording
from .recording import record


def take_sign(*, sign_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Sign:
    """Explain a sign, or dismiss it, with a word {text}.

    Raises NotFound, Forbidden (not this office, or of the unit), Conflict `state_forbids`, Invalid. Leaves one fact.
    """
    with database.writing():
        sign = selectors.locked_sign(sign_id, actor)
        transition = recording.find_row(SIGNS, action)
        allowed = permissions.can_sign(actor, action, sign)
        recording.check(allowed, transition, sign.state, selectors.sign_actions(sign, actor))
        came_from, text = sign.state, needed_text(body)
        if action == "explain":
            sign.unit_says, changed = text, ["unit_says"]
        else:
            sign.state, sign.answer, sign.ended_at = SignState.DISMISSED.value, text, now
            changed = ["state", "answer", "ended_at"]
        record(sign, action, now=now, said={"text": text}, actor=actor, came_from=came_from, changed=changed)
    return sign
