"""存疑 (C6): what the detectors notice is asked, once, of a supervisor, who answers with a note. Never a verdict."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Numbering
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import notices, permissions, selectors
from ..models import Device, Question
from ..rulebook import Evaluation
from ..rules.detecting import Finding
from ..states import QuestionState
from .recording import commit


def look_for_signs(*, now: dt.datetime) -> int:
    """Run all detectors over every region and open a question for what is new; return how many. Forgets old devices."""
    with database.writing():
        regions = list(Numbering.objects.order_by("region").values_list("region", flat=True).distinct())
    return sum(_look(region, now) for region in regions)


def _look(region: str, now: dt.datetime) -> int:
    with database.writing():
        book = rulebooks.in_force(region, now)
        rule = book.section(Evaluation).formalism
        found = selectors.signs(region=region, rule=rule, now=now)
        Device.objects.filter(region=region, seen_at__lt=now - dt.timedelta(days=rule.keep)).delete()
        # What is counted over weeks is asked about once a month; what happened at one moment, once.
        keys = {(one.kind, _key(one, now)): one for one in found}
        known = Question.objects.filter(region=region, key__in=[key for _kind, key in keys])
        for pair in known.values_list("kind", "key"):
            keys.pop(pair, None)
        for (kind, key), one in keys.items():
            _open(region, kind, key, one, book.id, now)
    return len(keys)


def _key(finding: Finding, now: dt.datetime) -> str:
    return f"{finding.key}:{now:%Y-%m}" if finding.key == finding.unit else finding.key


def _open(region: str, kind: str, key: str, finding: Finding, version: uuid.UUID, now: dt.datetime) -> None:
    question = Question(
        region=region,
        kind=kind,
        key=key,
        department_id=uuid.UUID(finding.unit) if finding.unit else None,
        case_id=uuid.UUID(finding.case) if finding.case else None,
        evidence=dict(finding.evidence),
        opened_at=now,
        rulebook_version=version,
    )
    commit(question, "opened", now=now, said={"kind": kind, "evidence": dict(finding.evidence)}, made=True)
    notices.tell_staff("question_opened", thing=question, region=region, department_id=None, data={}, now=now)


def answer_question(*, question_id: uuid.UUID, actor: Actor, now: dt.datetime, body: Mapping[str, Any]) -> Question:
    """Answer a question with a note {text}. Raises NotFound (none for these eyes), Forbidden, Conflict, Invalid.

    Leaves one fact and publishes QuestionChanged.
    """
    with database.writing():
        question = Question.objects.select_for_update(of=("self",)).filter(pk=question_id).first()
        if question is None or not selectors.sees_question(actor, question):
            raise selectors.not_found()
        permissions.check(actor, "answer_question", question, None)
        if question.state != QuestionState.OPEN:
            message = _("This is not possible in the present state.")
            raise errors.Conflict(message, code="state_forbids", state=question.state, allowed_actions=[])
        question.note, question.state, question.answered_at = needed_text(body), QuestionState.ANSWERED.value, now
        said, changed = {"text": question.note}, ["note", "state", "answered_at"]
        came_from = QuestionState.OPEN.value
        commit(question, "answer_question", now=now, said=said, actor=actor, came_from=came_from, changed=changed)
    return question
