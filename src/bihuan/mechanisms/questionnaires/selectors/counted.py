"""What answers come to: counts with their base, small groups kept back; nobody's own answers are read here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors

from .. import permissions
from ..models import Problem, Questionnaire, Recipient, Statement
from ..rules import branching, counting
from ..states import ProblemState, QuestionnaireState
from . import asking


@dataclass(frozen=True, kw_only=True)
class Figures:
    """参与 → 问题 → 急难: whom it reached, who answered, what was stated, what it came to.

    asked, reached, answered: enterprises. statements: problems as they put them; set_aside: of these, none at all.
    problems: what persons put together from the others; urgent: of these; raised: given to task forces,
    as so many cases.
    """

    asked: int
    reached: int
    answered: int
    statements: int
    set_aside: int
    to_sort: int
    problems: int
    urgent: int
    raised: int
    cases: int


def check_counts(questionnaire: Questionnaire, actor: Actor) -> None:
    """Raise Forbidden unless the actor may read figures of it: those who ask at any time, others once it is closed.

    Whoever belongs to a department that is rated reads none.
    """
    closed = questionnaire.state == QuestionnaireState.CLOSED
    if permissions.rated(actor, questionnaire) or not (closed or permissions.runs(actor, questionnaire)):
        raise errors.Forbidden(_("Answers are for those who ask, never for those who are rated."), code="answers_apart")


def figures(*, questionnaire: Questionnaire, actor: Actor) -> Figures:
    """Return the figures of a questionnaire. Three queries."""
    check_counts(questionnaire, actor)
    with database.reading(THE_SYSTEM.scope()):
        asked = Recipient.objects.filter(questionnaire=questionnaire).aggregate(
            reached=Count("id", filter=Q(told__gt=0) | Q(version__gt=0)), answered=Count("id", filter=Q(version__gt=0))
        )
        stated = Statement.objects.filter(questionnaire=questionnaire).aggregate(
            statements=Count("id"),
            set_aside=Count("id", filter=~Q(aside="")),
            to_sort=Count("id", filter=Q(aside="", problem=None)),
            cases=Count("case", distinct=True),
        )
        found = Problem.objects.filter(questionnaire=questionnaire).aggregate(
            problems=Count("id"),
            urgent=Count("id", filter=Q(urgent=True)),
            raised=Count("id", filter=Q(state=ProblemState.RAISED.value)),
        )
    return Figures(asked=questionnaire.asked, **asked, **stated, **found)


def _answers(questionnaire: Questionnaire) -> list[tuple[Recipient, dict[str, Any], set[str]]]:
    """Return each who answered, with the answers and the keys of the questions that were on the way."""
    questions = asking.questions_of(questionnaire)
    with database.reading(THE_SYSTEM.scope()):
        rows = Recipient.objects.filter(questionnaire=questionnaire, version__gt=0)
        found = list(rows.only("given", "known", "town", "industry", "size"))
    answers = []
    for one in found:
        on_way = {each.key for each in branching.path(questions, one.given, known=one.known)}
        answers.append((one, one.given, on_way))
    return answers


def results(
    *, questionnaire: Questionnaire, actor: Actor
) -> tuple[int, list[tuple[counting.Tally, dict[str, int | None]]]]:
    """Return how many answered, and each question counted with what may be shown; nothing while too few answered."""
    check_counts(questionnaire, actor)
    least, answers = asking.section(questionnaire).least, _answers(questionnaire)
    if len(answers) < least:
        return len(answers), []
    tallies = [
        counting.tally(one, [(one.key in way, given.get(one.key)) for _row, given, way in answers], least=least)
        for one in asking.questions_of(questionnaire)
    ]
    shown = [(one, counting.guarded_line(one.counts, least=least)) for one in tallies]
    return len(answers), [(tally, line) for tally, line in shown if tally.asked]


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """One question by place, trade or size: row → option → how many, small cells None; rows of too few left out."""

    question: branching.Question
    rows: Mapping[str, Mapping[str, int | None]]
    left_out: int


def breakdown(*, questionnaire: Questionnaire, actor: Actor, key: str, by: str) -> Breakdown:
    """Return one question by `town`, `trade` or `size`. Raises NotFound for a question or a part that there is not."""
    check_counts(questionnaire, actor)
    question = next((one for one in asking.questions_of(questionnaire) if one.key == key), None)
    if question is None or by not in ("town", "trade", "size") or not branching.choices(question):
        raise errors.NotFound(_("There is no such question here."), code="question_not_found")
    least, answers = asking.section(questionnaire).least, _answers(questionnaire)
    cells = [(_part(row, by), option) for row, given, _way in answers for option in _options(given.get(key))]
    people: dict[str, int] = {}
    for row, given, _way in answers:
        if _options(given.get(key)):
            people[_part(row, by)] = people.get(_part(row, by), 0) + 1
    table = counting.table(cells, columns=branching.choices(question))
    kept = {row: counts for row, counts in table.items() if people[row] >= least}
    # A single row that is left out could be had by subtracting the others from the whole.
    if len(table) - len(kept) == 1 and kept:
        kept.pop(min(kept, key=lambda row: people[row]))
    return Breakdown(question=question, rows=counting.guarded(kept, least=least), left_out=len(table) - len(kept))


def _options(value: Any) -> Sequence[str]:
    return value if isinstance(value, list) else [str(value)] if value not in (None, "") else []


def _part(row: Recipient, by: str) -> str:
    if by == "town":
        region = directory.region(row.town) if row.town else None
        return region.name if region else "—"
    return (row.industry[:1] if by == "trade" else row.size) or "—"
