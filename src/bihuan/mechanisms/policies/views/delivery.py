"""Deliveries: the register, one of them, payments, what an enterprise says, and the three gaps."""

import uuid
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors, ids

from .. import exports, permissions, presenters, selectors, services, wording

STAFF = allow(*permissions.MATCHED)
WRITERS = allow(*permissions.WRITING)
BOTH = allow(*permissions.WRITING, Role.ENTERPRISE)


@require_GET
@STAFF
def rounds(request: Any) -> HttpResponse:
    """The deliveries the reader may see."""
    state, before = request.GET.get("state", ""), ids.parse(request.GET.get("before", ""))
    found, following = selectors.delivery.page(actor=request.actor, state=state, before=before)
    context = {
        "rows": [presenters.delivery.row(one) for one in found],
        "views": presenters.delivery.views_of(state),
        "asked": state,
        "following": following,
    }
    return render(request, "policies/rounds.html", context)


@require_GET
@STAFF
def round_(request: Any, round_id: uuid.UUID) -> HttpResponse:
    """One delivery: how it stands, who owes what, each enterprise, what to do."""
    made = selectors.delivery.find(round_id=round_id, actor=request.actor)
    return _shown(request, made)


def _shown(request: Any, made: Any, status: int = 200, **more: Any) -> HttpResponse:
    state, after = request.GET.get("state", ""), ids.parse(request.GET.get("after", ""))
    rows, following = selectors.delivery.grants(made=made, actor=request.actor, state=state, after=after)
    context = presenters.delivery.sheet(made, request.actor, request.now, state, rows)
    return render(request, "policies/round.html", context | {"following": following} | more, status=status)


@require_POST
@WRITERS
def draw(request: Any, clause_id: uuid.UUID) -> HttpResponse:
    """Begin a delivery of a clause, and show it."""
    given = request.POST
    budget = {level: given[f"budget-{level}"] for level in wording.LEVELS if given.get(f"budget-{level}")}
    body = {"period": given.get("period", ""), "budget": budget}
    made = services.draw(clause_id=clause_id, body=body, actor=request.actor, now=request.now)
    return redirect("policies:round", made.id)


@require_POST
@WRITERS
def act_on_round(request: Any, round_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a delivery, and show it as it then is."""
    body = request.POST.dict()
    services.take_round(round_id=round_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("policies:round", round_id)


@require_POST
@WRITERS
def pay(request: Any, round_id: uuid.UUID) -> HttpResponse:
    """Take in a file of payments; rows that pay nothing come back with their line and why."""
    made = selectors.delivery.find(round_id=round_id, actor=request.actor)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise errors.Invalid(code="file_invalid", field="file")
        rows = services.rows_of(file, filename=file.name)
        given = {name: request.POST.get(name, "") for name in ("level", "reference")}
        taken = services.take_payments(round_id=round_id, rows=rows, actor=request.actor, now=request.now, **given)
    except (errors.Invalid, errors.Conflict, errors.TooLarge) as problem:
        return _shown(request, made, status=problem.status, problem=problem)
    if taken.batch.refused or taken.again:
        made = selectors.delivery.find(round_id=round_id, actor=request.actor)
        return _shown(request, made, taken=taken)
    return redirect("policies:round", round_id)


@require_GET
@STAFF
def notice(request: Any, round_id: uuid.UUID, form: str) -> HttpResponse:
    """The public notice as a file: `docx` or `pdf`."""
    made = selectors.delivery.find(round_id=round_id, actor=request.actor)
    if form not in exports.MEDIA_TYPES:
        raise errors.NotFound(code="format_unknown")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'公示-{made.period}')}.{form}"}
    content = exports.notice(made, request.actor, form)
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[form], headers=headers)


@require_POST
@BOTH
def act_on_grant(request: Any, grant_id: uuid.UUID, action: str) -> HttpResponse:
    """An enterprise answers, or the department decides on one; show where it came from."""
    body = request.POST.dict()
    made = services.take_grant(grant_id=grant_id, action=action, actor=request.actor, now=request.now, body=body)
    if permissions.owns(request.actor, made.enterprise_id):
        return redirect("policies:mine")
    return redirect("policies:round", made.round_id)


@require_POST
@allow(Role.ENTERPRISE)
def apply(request: Any, clause_id: uuid.UUID) -> HttpResponse:
    """An enterprise applies for itself."""
    uscc = request.POST.get("uscc", "")
    services.apply(clause_id=clause_id, uscc=uscc, actor=request.actor, now=request.now)
    return redirect("policies:firm", uscc)


@require_GET
@STAFF
def gaps(request: Any) -> HttpResponse:
    """温差、时差、落差: was everybody told, was it paid in time, did departments do their part."""
    tables = [
        (word, [presenters.delivery.gap(one) for one in selectors.delivery.gaps(**_eyes(request), by=by)])
        for by, word in wording.GAPS_BY.items()
    ]
    return render(request, "policies/gaps.html", {"tables": tables})


def _eyes(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}
