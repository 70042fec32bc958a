"""Statements that wait for a person, and the problems that persons put together."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from .. import permissions
from ..models import Problem, Questionnaire, Recipient, Statement
from ..states import PROBLEMS, ProblemState

GROUPS = 20
STATED = 50


@dataclass(frozen=True, kw_only=True)
class Fate:
    """A statement with where it comes from; never by whom, unless the enterprise wants it handled in its name."""

    statement: Statement
    firm: str
    town: str
    industry: str


def _fates(rows: Sequence[Statement]) -> list[Fate]:
    found = []
    for one in rows:
        town = directory.region(one.recipient.town) if one.recipient.town else None
        firm = one.recipient.enterprise.name if one.take_up else ""
        found.append(
            Fate(statement=one, firm=firm, town=town.name if town else "", industry=one.recipient.industry[:1])
        )
    return found


def groups_to_sort(*, questionnaire: Questionnaire, actor: Actor) -> tuple[list[list[Fate]], int]:
    """Return the largest groups of statements that nobody has decided on, and how many statements wait in all.

    Statements that came after the last sorting stand alone. Raises Forbidden for those who do not ask.
    """
    permissions.check_runs(actor, questionnaire)
    with database.reading(THE_SYSTEM.scope()):
        rows = Statement.objects.filter(questionnaire=questionnaire, problem=None, aside="")
        together: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for key, group in rows.order_by("id").values_list("id", "group"):
            together[group or key].append(key)
        waiting = sum(map(len, together.values()))
        largest = [keys[:STATED] for keys in sorted(together.values(), key=lambda keys: -len(keys))[:GROUPS]]
        wanted = [key for keys in largest for key in keys]
        chosen = rows.filter(pk__in=wanted).select_related("recipient", "recipient__enterprise")
        known = {one.statement.id: one for one in _fates(list(chosen))}
    return [[known[key] for key in keys if key in known] for keys in largest], waiting


def problems(*, questionnaire: Questionnaire, actor: Actor, state: str = "", urgent: bool = False) -> list[Problem]:
    """Return the problems of a questionnaire, newest first. Raises Forbidden for those who do not ask."""
    permissions.check_runs(actor, questionnaire)
    with database.reading(actor.scope()):
        rows = Problem.objects.filter(questionnaire=questionnaire)
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(urgent=True) if urgent else rows
        return list(rows.order_by("-id")[:200])


def find_problem(problem_id: uuid.UUID, actor: Actor) -> Problem:
    """Return one problem that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found = Problem.objects.select_related("questionnaire").filter(pk=problem_id).first()
    if found is None or not permissions.runs(actor, found):
        raise errors.NotFound(_("There is no such problem here, or you may not see it."), code="problem_not_found")
    return found


def statements_of(*, problem: Problem, actor: Actor) -> list[Fate]:
    """Return the statements of a problem, oldest first, with the task force and the matter of each."""
    permissions.check_runs(actor, problem)
    with database.reading(THE_SYSTEM.scope()):
        rows = Statement.objects.filter(problem=problem).select_related("recipient", "recipient__enterprise", "case")
        return _fates(list(rows.defer("case__search", "case__description").order_by("id")))


def stated_by(recipient: Recipient) -> list[Statement]:
    """Return what one enterprise stated, for the page behind its own link."""
    with database.reading(THE_SYSTEM.scope()):
        return list(Statement.objects.filter(recipient=recipient).order_by("question"))


def problem_actions(problem: Problem, actor: Actor) -> list[str]:
    """Return what this actor could do with the problem now."""
    rows = PROBLEMS.allowed(ProblemState(problem.state))
    return [row.action for row in rows if permissions.can(actor, row.action, problem)]


def problem_trace(problem: Problem, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of a problem, oldest first."""
    permissions.check_runs(actor, problem)
    with database.reading(THE_SYSTEM.scope()):
        return [ledger.content(fact) for fact in ledger.history(problem.id)]
