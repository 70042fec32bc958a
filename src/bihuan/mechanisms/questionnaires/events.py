"""What happens to questionnaires: facts with their wordings, and events for others."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionnaireChanged(Event):
    """A questionnaire was written, sent, extended, closed …; never who answered what."""

    questionnaire_id: uuid.UUID
    region: str
    fact: str
    state: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class AnswersShowedProblem(Event):
    """A person put answers together to one problem, gave it to task forces, or settled it. cases: what it became."""

    problem_id: uuid.UUID
    questionnaire_id: uuid.UUID
    region: str
    urgent: bool
    fact: str
    state: str
    case_ids: tuple[uuid.UUID, ...]
    at: dt.datetime


WORDINGS = {
    "questionnaires.drafted": _("{actor} began the questionnaire “{title}”"),
    "questionnaires.edited": _("{actor} changed the questions; there are {count} now"),
    "questionnaires.sent": _(
        "{actor} sent it to {count} enterprises; {skipped} are asked enough already; open until {until}"
    ),
    "questionnaires.reminded": _("{actor} reminded {count} enterprises that have not answered"),
    "questionnaires.extended": _("{actor} keeps it open until {until}: {text}"),
    "questionnaires.sorted": _("{actor} had {count} statements put together: {groups} proposals"),
    "questionnaires.set_aside": _("{actor} set {count} statements aside: {text}"),
    "questionnaires.closed": _("It was closed: {count} of {asked} answered"),
    "questionnaires.dropped": _("{actor} dropped it: {text}"),
    "questionnaires.answered": _("It was answered (version {version})"),
    "questionnaires.problem_found": _("{actor} put {count} statements together: {title}"),
    "questionnaires.problem_hand_on": _("{actor} gave it to task forces: {cases}"),
    "questionnaires.problem_settle": _("{actor} settled it: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
