"""What happens to frequent matters: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class FrequentChanged(Event):
    """A fact of a frequent matter was recorded (`frequent.…`), and where it stands then."""

    frequent_id: uuid.UUID
    region: str
    category: str
    department_id: uuid.UUID
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "frequent.listed": _("Raised {matters} times by {firms} enterprises since {since}; it came onto the list"),
    "frequent.take_on": _("{actor} takes it on, to be answered on the spot by {due_at}: {text}"),
    "frequent.answer": _("{actor} answered: {text}"),
    "frequent.order": _("It was not answered in time; a supervision order was set going on {case}"),
    "frequent.send_back": _("{actor} sent the answer back: {text}"),
    "frequent.settle": _("{actor} settled it: {text}"),
    "frequent.set_aside": _("{actor} set it aside: {text}"),
    "frequent.late": _("A time limit of it ran out: {clock}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
