"""What happens to mandates and windows: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MandateChanged(Event):
    """A fact of a mandate was recorded (`mandates.…`); kind: of the rulebook; state: where it then stands."""

    mandate_id: uuid.UUID
    region: str
    kind: str
    person_id: uuid.UUID | None
    enterprise_id: uuid.UUID | None
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "mandates.window_opened": _("{actor} entered the window “{name}”"),
    "mandates.window_close": _("{actor} closed the window: {text}"),
    "mandates.appointed": _("{actor} appointed: {post}, {since} to {until}"),
    "mandates.ask": _("{actor} asks, by {day}: {text}"),
    "mandates.report": _("{actor} reported, {outcome}: {text} {case}"),
    "mandates.answer": _("{actor} reported on “{task}”, {outcome}: {text} {case}"),
    "mandates.drop": _("{actor} no longer asks for “{task}”: {text}"),
    "mandates.renew": _("{actor} renewed it until {until}: {text}"),
    "mandates.move": _("{actor} moved it from {from_window} to {to_window}: {text}"),
    "mandates.hand_over": _("{actor} handed it over: {text}"),
    "mandates.resign": _("{actor} resigned: {text}"),
    "mandates.release": _("{actor} released the holder: {text}"),
    "mandates.near": _("It ends on {until}; holder and keepers were told"),
    "mandates.expire": _("The term is over"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
