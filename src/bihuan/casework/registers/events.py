"""What happens in the registers: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class InstitutionChanged(Event):
    """A fact of an institution was recorded (`registers.institution_…`); published after its cases are linked.

    source, source_id: what it came from (`conference`, `proposal`, `retrospective` …; `hand`: nothing but a keeper).
    """

    institution_id: uuid.UUID
    region: str
    title: str
    fact: str
    state: str
    kind: str
    owner_department_id: uuid.UUID | None
    case_ids: tuple[uuid.UUID, ...]
    source: str
    source_id: uuid.UUID | None
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class ShelfChanged(Event):
    """A fact of a competition, a model case, a warning or a lesson was recorded (`registers.<kind>_…`)."""

    thing_id: uuid.UUID
    kind: str
    region: str
    title: str
    fact: str
    state: str
    case_id: uuid.UUID | None
    source: str
    source_id: uuid.UUID | None
    at: dt.datetime


WORDINGS = {
    "registers.institution_drafted": _("{actor} entered a draft into the register: {title}"),
    "registers.institution_put_in_force": _("{actor} put it in force from {on}; {owner} answers for it: {text}"),
    "registers.institution_review": _("{actor} reviewed it: {text}"),
    "registers.institution_amend": _("{actor} changed its words: {reason}"),
    "registers.institution_link": _("{actor} linked {count} more cases"),
    "registers.institution_unlink": _("{actor} unlinked {count} cases: {reason}"),
    "registers.institution_change_owner": _("{actor} gave it to {owner}: {reason}"),
    "registers.institution_withdraw": _("{actor} withdrew it: {reason}"),
    "registers.institution_late": _("The day of its review passed"),
    "registers.proposal_entered": _("A policy proposal came into the register: {title}"),
    "registers.competition_called": _("{actor} called for model cases: {title}"),
    "registers.competition_open_vote": _("The vote began on {count} nominated cases"),
    "registers.competition_vote": _("Somebody voted"),
    "registers.competition_close_vote": _("The vote ended with {count} votes; {promoted} cases are promoted"),
    "registers.competition_cancel": _("{actor} cancelled it: {reason}"),
    "registers.competition_lapse": _("Nobody was nominated in time"),
    "registers.exemplar_nominated": _("{actor} nominated it: {title}"),
    "registers.exemplar_entered": _("It takes part in {competition}"),
    "registers.exemplar_promote": _("Promoted with {votes} votes"),
    "registers.exemplar_pass_over": _("Not promoted; {votes} votes"),
    "registers.exemplar_adopt": _("{unit} adopted it: {text}"),
    "registers.exemplar_withdraw": _("{actor} withdrew the nomination"),
    "registers.warning_drafted": _("{actor} drafted a warning: {title}"),
    "registers.warning_amend": _("{actor} changed the words of the draft"),
    "registers.warning_circulate": _("{actor} circulated it to {count} departments"),
    "registers.warning_read": _("{unit} has read it"),
    "registers.warning_take_back": _("{actor} took it back: {reason}"),
    "registers.lesson_written": _("{actor} entered it into the case library: {title}"),
    "registers.lesson_take_back": _("{actor} took it out of the case library: {reason}"),
    "registers.proposal_moved": _("The policy proposal moved on: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
