"""What happens to lists of conduct: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SheetChanged(Event):
    """A list of conduct was drafted, edited, published, withdrawn or dropped."""

    sheet_id: uuid.UUID
    region: str
    kind: str
    version: int
    fact: str
    state: str
    at: dt.datetime


WORDINGS = {
    "conduct.drafted": _("{actor} drafted version {version}"),
    "conduct.edit": _("{actor} changed the draft"),
    "conduct.publish": _("{actor} published it, in force from {effective_on}: {text}"),
    "conduct.withdraw": _("{actor} withdrew it: {text}"),
    "conduct.drop": _("{actor} dropped the draft: {text}"),
    "conduct.examined": _("{actor} examined the enterprise by version {version}"),
    "conduct.comment": _("The enterprise said: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
