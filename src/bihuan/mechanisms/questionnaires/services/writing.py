"""A questionnaire is begun, and its questions are written, one by one or all at once."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, clean_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import Questionnaire
from ..rules import branching
from ..rules.branching import Condition, Question
from ..states import QuestionnaireState
from .recording import commit

QUESTIONS_MOST, OPTIONS_MOST, TEXT_MAX = 60, 40, 300


def draft(
    *, region: str, title: str, purpose: str, about: Sequence[str], actor: Actor, now: dt.datetime
) -> Questionnaire:
    """Begin a questionnaire. about: codes of the departments that it rates.

    Raises Forbidden `questionnaire_region`, Invalid (title, purpose, about). Leaves one fact.
    """
    with database.writing():
        permissions.check_writes(actor, region)
        directory.region_in_force(region, answers.local_date(now))
        made = Questionnaire(region=region, title=_line(title, 120, "title"), purpose=clean_text(purpose)[:1000])
        if not made.purpose:
            raise errors.Invalid(_("purpose: say what the answers are for"), code="invalid_body", field="purpose")
        today = answers.local_date(now)
        made.about = [directory.department_in_force(region, one, today, field="about").id for one in about if one]
        made.made_by, made.made_at = actor.person_id, now
        made.rulebook_version = rulebooks.in_force(region, now).id
        if permissions.rated(actor, made):
            raise errors.Forbidden(_("You belong to a department that is rated."), code="answers_apart")
        commit(made, "drafted", now=now, said={"title": made.title}, actor=actor, made=True)
    return made


def _line(text: str, most: int, field: str) -> str:
    found = clean_line(text)
    if not 0 < len(found) <= most:
        said = _("%(field)s: please write something, at most %(max)d characters") % {"field": field, "max": most}
        raise errors.Invalid(said, code="invalid_body", field=field)
    return found


def _open(questionnaire_id: uuid.UUID, actor: Actor) -> Questionnaire:
    """Lock a questionnaire that is being written. Raises NotFound, Forbidden, Conflict `state_forbids`."""
    selectors.find(questionnaire_id, actor)
    found = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
    permissions.check(actor, "send", found)
    if found.state != QuestionnaireState.DRAFT:
        raise errors.Conflict(
            _("This is not possible in the present state."),
            code="state_forbids",
            state=found.state,
            allowed_actions=selectors.actions(found, actor),
        )
    return found


def _keep(questionnaire: Questionnaire, questions: Sequence[Question], actor: Actor, now: dt.datetime) -> None:
    if len(questions) > QUESTIONS_MOST:
        said = _("At most %(most)d questions; whoever is asked more does not answer.") % {"most": QUESTIONS_MOST}
        raise errors.Invalid(said, code="questions_many", field="questions")
    questionnaire.questions = [one.plain() for one in questions]
    commit(questionnaire, "edited", now=now, said={"count": len(questions)}, actor=actor, changed=["questions"])


def put_questions(
    *, questionnaire_id: uuid.UUID, questions: Sequence[Mapping[str, Any]], actor: Actor, now: dt.datetime
) -> Questionnaire:
    """Replace all questions. What is wrong with them is told when it is to be sent; see `rules.branching.flaws`.

    Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid (their shape, their number). Leaves one fact.
    """
    with database.writing():
        found = _open(questionnaire_id, actor)
        try:
            wanted = [_cleaned(one) for one in branching.read(questions)]
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            said = _("questions: each needs key, kind and text; options are objects with id and text")
            raise errors.Invalid(said, code="invalid_body", field="questions") from error
        _keep(found, wanted, actor, now)
    return found


def _cleaned(one: Question) -> Question:
    if len(one.options) > OPTIONS_MOST or not one.key.isidentifier() or len(one.key) > 20:
        raise ValueError(one.key)
    return Question(
        key=one.key,
        kind=one.kind[:10],
        text=clean_line(one.text)[:TEXT_MAX],
        hint=clean_line(one.hint)[:TEXT_MAX],
        options=tuple((option[:20], clean_line(text)[:80]) for option, text in one.options),
        needed=one.needed,
        when=tuple(Condition(question=each.question[:20], options=each.options) for each in one.when[:5]),
        fact=one.fact[:40],
    )


def write_question(
    *, questionnaire_id: uuid.UUID, step: str, key: str, body: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> Questionnaire:
    """Write one question: `put` a new (no key) or a changed one {kind, text, hint, options, needed, when, fact}.

    step: or `up`, `down`, `take_out`. options: a list of texts; ids are given here and stay with the text. when: a list
    of {question, options}. Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid. Leaves one fact.
    """
    with database.writing():
        found = _open(questionnaire_id, actor)
        questions = list(selectors.questions_of(found))
        at = next((place for place, one in enumerate(questions) if one.key == key), -1)
        if key and at < 0:
            raise errors.NotFound(_("There is no such question here."), code="question_not_found")
        if step == "put":
            before = questions[at] if key else None
            written = _written(body, key or _new_key(questions), before)
            questions[at : at + 1] = [written] if key else []
            questions += [] if key else [written]
        elif step == "take_out":
            del questions[at]
        elif step in ("up", "down"):
            other = at + (1 if step == "down" else -1)
            if 0 <= other < len(questions):
                questions[at], questions[other] = questions[other], questions[at]
        else:
            raise errors.NotFound(_("There is no action of this name."), code="unknown_action", field="action")
        _keep(found, questions, actor, now)
    return found


def _new_key(questions: Sequence[Question]) -> str:
    used = {one.key for one in questions}
    return next(key for number in range(1, len(used) + 2) if (key := f"q{number}") not in used)


def _written(body: Mapping[str, Any], key: str, before: Question | None) -> Question:
    kind = str(body.get("kind", ""))
    if kind not in branching.KINDS:
        raise errors.Invalid(_("kind: choose what sort of question it is"), code="invalid_body", field="kind")
    texts = (
        [text for one in body.get("options", ()) if (text := clean_line(str(one))[:80])]
        if kind in branching.CHOOSING
        else []
    )
    if len(texts) > OPTIONS_MOST:
        raise errors.Invalid(_("options: too many"), code="invalid_body", field="options")
    when = tuple(
        Condition(question=str(one["question"]), options=tuple(map(str, one["options"])))
        for one in body.get("when", ())
        if one.get("question")
    )
    return Question(
        key=key,
        kind=kind,
        text=_line(str(body.get("text", "")), TEXT_MAX, "text"),
        hint=clean_line(str(body.get("hint", "")))[:TEXT_MAX],
        options=_with_ids(texts, before),
        needed=bool(body.get("needed")),
        when=when,
        fact=str(body.get("fact", ""))[:40],
    )


def _with_ids(texts: Sequence[str], before: Question | None) -> tuple[tuple[str, str], ...]:
    """Give ids to options: a text that was there keeps its own, so that conditions on it go on to hold."""
    known = {text: option for option, text in before.options} if before else {}
    used, found = set(known.values()), []
    for text in dict.fromkeys(texts):
        option = known.get(text) or next(f"o{n}" for n in range(1, 200) if f"o{n}" not in used)
        used.add(option)
        found.append((option, text))
    return tuple(found)
