"""Results, statements to be sorted, and problems."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.kernel import ids

from .. import presenters, selectors, services
from ..services import Decision
from .asking import READERS, RUNNERS


@require_GET
@READERS
def results(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """Every question counted, with its base; small groups are kept back."""
    found = selectors.find(questionnaire_id, request.actor)
    return render(request, "questionnaires/results.html", presenters.results(found, request.actor))


@require_GET
@READERS
def breakdown(request: Any, questionnaire_id: uuid.UUID, key: str, by: str) -> HttpResponse:
    """One question by place, trade or size."""
    found = selectors.find(questionnaire_id, request.actor)
    return render(request, "questionnaires/breakdown.html", presenters.breakdown(found, request.actor, key, by))


@require_GET
@RUNNERS
def statements(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """Statements that wait for a person, alike ones together."""
    found = selectors.find(questionnaire_id, request.actor)
    groups, waiting = selectors.groups_to_sort(questionnaire=found, actor=request.actor)
    context = {
        "found": found,
        "groups": groups,
        "waiting": waiting,
        "views": presenters.tabs(found, "statements", request.actor),
        "actions": selectors.actions(found, request.actor),
    }
    return render(request, "questionnaires/statements.html", context)


@require_POST
@RUNNERS
def decide(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """Put the chosen statements together to one problem, or set them aside."""
    given = request.POST
    chosen = [key for text in given.getlist("statements") if (key := ids.parse(text))]
    common = {"questionnaire_id": questionnaire_id, "actor": request.actor, "now": request.now}
    if given.get("aside"):
        services.set_aside(statements=chosen, text=given.get("text", ""), **common)
    else:
        decision = Decision(statements=chosen, title=given.get("text", ""), urgent=given.get("urgent") == "yes")
        services.decide(decision=decision, **common)
    return redirect("questionnaires:statements", questionnaire_id)


@require_GET
@RUNNERS
def problems(request: Any, questionnaire_id: uuid.UUID) -> HttpResponse:
    """The problems that persons put together."""
    found = selectors.find(questionnaire_id, request.actor)
    only = {"state": request.GET.get("state", ""), "urgent": bool(request.GET.get("urgent"))}
    rows = selectors.problems(questionnaire=found, actor=request.actor, **only)
    context = {"found": found, "rows": presenters.problem_rows(rows)}
    context["views"] = presenters.tabs(found, "problems", request.actor)
    return render(request, "questionnaires/problems.html", context)


@require_GET
@RUNNERS
def problem(request: Any, asked_problem_id: uuid.UUID) -> HttpResponse:
    """One problem: who stated it where, and what becomes of it."""
    found = selectors.find_problem(asked_problem_id, request.actor)
    return render(request, "questionnaires/problem.html", presenters.problem(found, request.actor, request.now))


@require_POST
@RUNNERS
def act_on_problem(request: Any, asked_problem_id: uuid.UUID, action: str) -> HttpResponse:
    """Give it to the task forces, or settle it."""
    given = {"actor": request.actor, "now": request.now, "body": request.POST.dict()}
    services.take_problem(problem_id=asked_problem_id, action=action, **given)
    return redirect("questionnaires:problem", asked_problem_id)
