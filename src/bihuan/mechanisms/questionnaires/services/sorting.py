"""Answers → problems → task forces: alike statements are proposed together, a person decides what they become."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.text import clean_line, needed_text
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions, selectors
from ..models import Problem, Questionnaire, Statement
from ..rulebook import Questionnaires, TaskForce
from ..rules import likeness, routing
from ..states import PROBLEMS, ProblemState
from .recording import commit

TOGETHER_MOST = 200
CHANNEL = "questionnaire"


def put_together(questionnaire: Questionnaire) -> tuple[int, int]:
    """Propose which of the undecided statements say the same; return (statements, groups). Nothing is decided by it."""
    rows = list(Statement.objects.filter(questionnaire=questionnaire, problem=None, aside="").order_by("id"))
    least = selectors.section(questionnaire).alike
    groups = likeness.groups({str(one.id): one.text for one in rows}, least=least)
    known = {str(one.id): one for one in rows}
    for group in groups:
        for key in group:
            known[key].group = uuid.UUID(group[0])
    Statement.objects.bulk_update(rows, ["group"], batch_size=1_000)
    return len(rows), len(groups)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person makes of statements: one problem with a title, urgent or not."""

    statements: Sequence[uuid.UUID]
    title: str
    urgent: bool = False


def decide(*, questionnaire_id: uuid.UUID, decision: Decision, actor: Actor, now: dt.datetime) -> Problem:
    """Put statements together to one problem.

    Raises NotFound, Forbidden `answers_apart`, Conflict `statements_decided` (somebody was faster), Invalid
    (statements, title). Leaves one fact; publishes AnswersShowedProblem.
    """
    with database.writing():
        found = selectors.find(questionnaire_id, actor)
        permissions.check_runs(actor, found)
        rows = _undecided(found, decision.statements)
        title = clean_line(decision.title)
        if not 0 < len(title) <= 120:
            raise errors.Invalid(
                _("title: say in one line what the problem is, at most 120 characters"),
                code="invalid_body",
                field="title",
            )
        problem = Problem(
            questionnaire=found,
            region=found.region,
            about=found.about,
            title=title,
            urgent=decision.urgent,
            found_at=now,
        )
        said = {"title": title, "count": len(rows), "urgent": decision.urgent}
        commit(problem, "problem_found", now=now, said=said, actor=actor, made=True)
        Statement.objects.filter(pk__in=[one.pk for one in rows]).update(problem=problem)
    return problem


def _undecided(found: Questionnaire, wanted: Sequence[uuid.UUID]) -> list[Statement]:
    """Lock statements that nobody has decided on. Raises Invalid, Conflict `statements_decided`."""
    keys = list(dict.fromkeys(wanted))
    if not 0 < len(keys) <= TOGETHER_MOST:
        said = _("statements: between 1 and %(most)d") % {"most": TOGETHER_MOST}
        raise errors.Invalid(said, code="invalid_body", field="statements")
    rows = list(Statement.objects.select_for_update().filter(questionnaire=found, pk__in=keys).order_by("id"))
    if len(rows) != len(keys) or any(one.problem_id or one.aside for one in rows):
        raise errors.Conflict(_("Somebody has decided on one of these already."), code="statements_decided")
    return rows


def set_aside(
    *, questionnaire_id: uuid.UUID, statements: Sequence[uuid.UUID], text: str, actor: Actor, now: dt.datetime
) -> int:
    """Set statements aside that are no problem, with the reason; return how many. Raises as `decide`. One fact."""
    with database.writing():
        selectors.find(questionnaire_id, actor)
        found = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
        permissions.check_runs(actor, found)
        rows = _undecided(found, statements)
        why = needed_text({"text": text}, most=400)
        Statement.objects.filter(pk__in=[one.pk for one in rows]).update(aside=why)
        commit(found, "set_aside", now=now, said={"count": len(rows), "text": why}, actor=actor)
    return len(rows)


def take_problem(
    *, problem_id: uuid.UUID, action: str, actor: Actor, now: dt.datetime, body: Mapping[str, Any]
) -> Problem:
    """`hand_on`: split by territory and trade, and give it to the task forces as cases; `settle` {text}.

    Raises NotFound, Forbidden, Conflict `state_forbids`, Invalid, and what `cases.services.raise_case` raises. Leaves
    one fact; publishes AnswersShowedProblem.
    """
    with database.writing():
        selectors.find_problem(problem_id, actor)
        problem = Problem.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=problem_id)
        transition = PROBLEMS.named(action)
        permissions.check(actor, action, problem)
        PROBLEMS.check_state(
            transition, ProblemState(problem.state), may=lambda one: permissions.can(actor, one, problem)
        )
        made: list[cases.Receipt] = []
        if action == "hand_on":
            made = _hand_on(problem, actor, now)
            said: dict[str, Any] = {"cases": [one.number for one in made]}
        else:
            problem.outcome = needed_text(body)
            said = {"text": problem.outcome}
        came_from, problem.state, problem.ended_at = problem.state, next(iter(transition.targets)).value, now
        commit(
            problem,
            f"problem_{action}",
            now=now,
            said=said,
            actor=actor,
            came_from=came_from,
            changed=["state", "outcome", "ended_at"],
            case_ids=tuple(one.case_id for one in made),
        )
    return problem


def _hand_on(problem: Problem, actor: Actor, now: dt.datetime) -> list[cases.Receipt]:
    """Raise one matter for each task force; enterprises that state the same follow it, each in its own name."""
    book = rulebooks.in_force(problem.region, now).section(Questionnaires)
    forces = {one.id: one for one in book.task_forces}
    order = [routing.Force(id=one.id, towns=one.towns, trades=one.trades) for one in book.task_forces]
    chosen = Statement.objects.select_for_update(of=("self",)).select_related("recipient", "recipient__enterprise")
    split: dict[str, list[Statement]] = defaultdict(list)
    for one in chosen.filter(problem=problem).order_by("id"):
        where = one.recipient.town or problem.region
        split[routing.force_of(order, town=where, industry=one.recipient.industry)].append(one)
    made = []
    for force, statements in sorted(split.items()):
        made += _raise(problem, forces.get(force), statements, actor, now)
    return made


def _raise(
    problem: Problem, force: TaskForce | None, statements: Sequence[Statement], actor: Actor, now: dt.datetime
) -> list[cases.Receipt]:
    named: list[Statement | None] = [one for one in statements if one.take_up]
    main: cases.Receipt | None = None
    for one in named or [None]:
        receipt = cases.raise_case(matter=_matter(problem, force, one, statements, now), actor=_speaks(one), now=now)
        if main is None:
            main = receipt
        else:
            cases.take(number=receipt.number, action="merge", actor=actor, now=now, body={"into": main.number})
        if one is not None:
            Statement.objects.filter(pk=one.pk).update(case_id=receipt.case_id)
    assert main is not None
    keys = [one.pk for one in statements]
    Statement.objects.filter(pk__in=keys).update(force=force.id if force else "")
    Statement.objects.filter(pk__in=keys, case=None).update(case_id=main.case_id)
    return [main]


def _speaks(one: Statement | None) -> Actor:
    # Whoever sorts answers raises nothing of their own: the product enters what the enterprise said, in its name.
    return Actor(system=True, on_behalf_of=str(one.recipient.enterprise_id)) if one is not None else Actor(system=True)


def _matter(
    problem: Problem, force: TaskForce | None, one: Statement | None, all_: Sequence[Statement], now: dt.datetime
) -> cases.Matter:
    town = (one or all_[0]).recipient.town
    served = directory.boards(town[:6], on=answers.local_date(now)) if town else ()
    region = town if served else problem.region
    known = {each.code for each in directory.boards(region[:6], on=answers.local_date(now))}
    board = force.board if force else ""
    return cases.Matter(
        title=problem.title,
        description=one.text if one is not None else f"{problem.title}\n{_unnamed(len(all_))}",
        channel=CHANNEL,
        region=region,
        enterprise=one.recipient.enterprise.uscc if one is not None else None,
        anonymous=one is None,
        board=board if board in known else "",
        urgent=problem.urgent,
        source="questionnaires",
        source_id=str((one or all_[0]).id),
    )


def _unnamed(count: int) -> str:
    """Say of how many it comes; nothing of their words, which might tell who they are."""
    return _("Stated in a questionnaire, without names: %(count)d") % {"count": count}
