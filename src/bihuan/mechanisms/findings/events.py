"""What happens to findings: facts with their wordings, and the event for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class FindingChanged(Event):
    """A fact of a finding was recorded (`findings.…`), and where it stands then. Never published for a clue."""

    finding_id: uuid.UUID
    region: str
    department_id: uuid.UUID | None
    nature: str
    fact: str
    state: str
    relapses: int
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "findings.planned": _("{actor} put it on the list of supervision items, to be checked by {check_on}: {title}"),
    "findings.entered": _("{actor} entered the problem: {text}"),
    "findings.visited": _("{actor} found it on a visit: {text}"),
    "findings.find": _("{actor} checked and found: {text}"),
    "findings.find_nothing": _("{actor} checked and found nothing: {text}"),
    "findings.ask": _("{actor} sorted it as a single problem and asked {department} to put it right: {text}"),
    "findings.suggest": _("{actor} sorted it as common and drafted a letter to {department}: {text}"),
    "findings.coordinate": _("{actor} sorted it as unclear duty; the matter {case} settles who is responsible: {text}"),
    "findings.hand_over": _("{actor} handed it over"),
    "findings.dismiss": _("{actor} found that it is no problem: {text}"),
    "findings.answer": _("{actor} answered: {text}"),
    "findings.send_back": _("{actor} sent the answer back: {text}"),
    "findings.write_off": _("{actor} wrote it off: {text}"),
    "findings.drawn": _("By the hash of its chain it is to be looked at again, by {due_at}"),
    "findings.look_back": _("{actor} looked again, and it holds: {text}"),
    "findings.relapse": _("{actor} looked again; it came back and is open again: {text}"),
    "findings.follow_letter": _("The letter {letter} moved on, and the finding followed it: {text}"),
    "findings.follow_case": _("The matter {case} moved on, and the finding followed it: {text}"),
    "findings.late": _("A time limit of it ran out: {clock}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
