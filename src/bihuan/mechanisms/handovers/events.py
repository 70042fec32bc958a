"""What happens to double hand-overs: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class HandoverChanged(Event):
    """A fact of one account of a double hand-over was recorded (`handovers.…`). ended: neither side is open."""

    handover_id: uuid.UUID
    account_id: uuid.UUID
    case_id: uuid.UUID
    region: str
    side: str
    fact: str
    state: str
    ended: bool
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "handovers.given": _("{actor} handed it to the {side}: {text}"),
    "handovers.sign": _("{actor} signed for it; the report is due by {due_at}"),
    "handovers.report": _("{actor} reported: {text}"),
    "handovers.send_back": _("{actor} sent the report back: {text}"),
    "handovers.settle": _("{actor} settled it: {text}"),
    "handovers.take_back": _("{actor} took it back: {text}"),
    "handovers.lapse": _("The matter ended without an answer; it was taken back"),
    "handovers.late": _("A time limit of it ran out: {clock}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
