"""What happens to retrospectives: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RetrospectiveChanged(Event):
    """A fact of a retrospective was recorded (`retrospectives.…`), and where it stands after it."""

    retrospective_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    region: str
    fact: str
    state: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """One output. kind: `institution` (R5: a rule, a loophole, a service), `exemplar` or `warning` (R6)."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RetrospectiveConcluded(Event):
    """The report was approved: for whoever keeps registers of institutions, model and warning cases.

    causes: (branch, cause) as on the fishbone. report_sha256: hash of the approved text.
    """

    retrospective_id: uuid.UUID
    case_id: uuid.UUID
    number: str
    region: str
    title: str
    causes: tuple[tuple[str, str], ...]
    outputs: tuple[Learnt, ...]
    report_sha256: str
    actor_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "retrospectives.awaited": _("A retrospective will be opened when the matter is closed ({ground_names}) {text}"),
    "retrospectives.opened": _("A retrospective was opened ({ground_names}) {text}"),
    "retrospectives.grounds_added": _("Another ground for the retrospective: {ground_names} {text}"),
    "retrospectives.measured": _("The matter was closed again; where its time went was measured anew"),
    "retrospectives.assign": _("{actor} named who leads the retrospective"),
    "retrospectives.invite": _("{actor} invited a third party"),
    "retrospectives.advise": _("A third party advised: {text}"),
    "retrospectives.state_unit": _("A department that handled the matter stated: {text}"),
    "retrospectives.find_cause": _("{actor} put a cause on the fishbone ({branch_name}): {cause}"),
    "retrospectives.presume": _("{actor} answered the three presumptions"),
    "retrospectives.dissect": _("{actor} finished the dissection: {text}"),
    "retrospectives.rehearse": _("{actor} rehearsed the solution: {text}"),
    "retrospectives.propose_output": _("{actor} proposed what follows ({kind_name}): {title}"),
    "retrospectives.strike": _("{actor} struck out “{struck}”: {text}"),
    "retrospectives.let_stand": _("{actor} said of “{title}” why a word that looks like a name stays: {text}"),
    "retrospectives.draft": _("The report was drafted from what was found, version {version} (hash {sha256})"),
    "retrospectives.edit": _("{actor} wrote version {version} of the report (hash {sha256})"),
    "retrospectives.submit": _("{actor} submitted version {version} of the report"),
    "retrospectives.send_back": _("{actor} sent the report back: {text}"),
    "retrospectives.approve": _("{actor} approved version {version} of the report (hash {sha256})"),
    "retrospectives.check": _("{actor} looked back at the side effects: {text}"),
    "retrospectives.lapse": _("The matter was withdrawn or merged; its retrospective ended"),
    "retrospectives.late": _("A time limit of the retrospective ran out: {clock}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
