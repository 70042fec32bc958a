"""What happens to instruments: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InstrumentChanged(Event):
    """A fact of an instrument was recorded (`instruments.…`), and where it stands then. case_id: None without one."""

    instrument_id: uuid.UUID
    kind: str
    case_id: uuid.UUID | None
    region: str
    fact: str
    state: str
    relapses: int
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "instruments.drafted": _("{actor} drafted it: {title}"),
    "instruments.review": _("{actor} reviewed the draft: {text}"),
    "instruments.approve": _("{actor} approved it: {text}"),
    "instruments.verify": _("{actor} established the facts: {text}"),
    "instruments.consent": _("{actor} stated consent: {text}"),
    "instruments.issue": _("{actor} issued it as {letter}: {text}"),
    "instruments.receive": _("{actor} signed for it; the next step is due by {due_at}"),
    "instruments.hold": _("{actor} held the interview: {text}"),
    "instruments.remind": _("{actor} asked for the reply: {text}"),
    "instruments.reply": _("{actor} replied: {text}"),
    "instruments.return_reply": _("{actor} sent the reply back: {text}"),
    "instruments.assess": _("{actor} assessed the reply: {text}"),
    "instruments.close": _("{actor} wrote it off: {text}"),
    "instruments.take_back": _("{actor} took it back: {text}"),
    "instruments.object": _("{actor} objected: {text}"),
    "instruments.decide_objection": _("{actor} decided on the objection (upheld: {upheld}): {text}"),
    "instruments.drawn": _("By the hash of its chain it is to be looked at again, by {due_at}"),
    "instruments.look_back": _("{actor} looked again, and it holds: {text}"),
    "instruments.relapse": _("{actor} looked again; it came back and is open again: {text}"),
    "instruments.late": _("A time limit of it ran out: {clock}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
