"""What happens to matters between the levels: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EscalationChanged(Event):
    """A fact of a matter that went up (`escalation.…`), or of one from below (`arrival.…`), was recorded."""

    thing_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    region: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "escalation.sent": _("{actor} sent the matter up to {to}: {text}"),
    "escalation.answer_above": _("{actor} answered the level above: {text}"),
    "escalation.take_back": _("{actor} took it back from the level above: {text}"),
    "escalation.received": _("The level above has it as {number}"),
    "escalation.asked": _("The level above asks: {text}"),
    "escalation.told": _("The level above reports: {text}"),
    "escalation.listed": _("It came onto the list of major problems: {text}"),
    "escalation.answered": _("The answer came down: {text}"),
    "escalation.declined": _("The level above did not take it: {text}"),
    "escalation.resumed": _("The level above took it up again"),
    "escalation.lapse": _("The matter ended here, or goes on here; it was taken back from the level above"),
    "escalation.files_kept": _("Too large to go along, kept here: {names}"),
    "escalation.file_refused": _("A file from above was not taken in: {name} ({why})"),
    "escalation.late": _("No answer from above within the time limit"),
    "arrival.arrived": _("It came up from {from_region} as {lower}: {text}"),
    "arrival.file_refused": _("A file from below was not taken in: {name} ({why})"),
    "arrival.files_kept": _("Too large to go along, kept here: {names}"),
    "arrival.list": _("{actor} put it on the list of major problems: {text}"),
    "arrival.answer": _("The level below answered: {text}"),
    "arrival.answered": _("The answer went down"),
    "arrival.declined": _("That it was not taken was told below"),
    "arrival.withdrawn": _("The level below took it back: {text}"),
    "arrival.resumed": _("It was taken up again; the level below was told"),
    "peer.registered": _("{actor} registered the installation {name}"),
    "peer.key_renewed": _("{actor} entered another key of {name}; the old one counts until {until}"),
    "peer.stopped": _("{actor} stopped the exchange with {name}"),
    "peer.started": _("{actor} resumed the exchange with {name}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
