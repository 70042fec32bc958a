"""Random draws: public from the commitment on; anybody draws again."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import answers, ids

from .. import permissions, presenters, schemas, selectors, services


@require_GET
@allow(ANYONE)
def draws(request: Any) -> HttpResponse:
    """All draws, newest first."""
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.draws_page(before=before)
    roles = request.actor.reader.roles if request.actor.reader else frozenset()
    context = {
        "rows": presenters.draw_rows(found),
        "following": following,
        "commits": bool(roles & set(permissions.ENFORCERS)),
    }
    return render(request, "inspections/draws.html", context)


@require_http_methods(["GET", "POST"])
@allow(*permissions.ENFORCERS)
def new(request: Any) -> HttpResponse:
    """Commit to a draw."""
    given = request.POST if request.method == "POST" else request.GET
    department = selectors.body_of(request.actor, given.get("department", ""))
    if request.method == "POST":
        body = request.POST.dict() | {name: request.POST.getlist(name) for name in ("items", "grades")}
        made = services.commit_draw(
            department=department, lots=schemas.lots(body), actor=request.actor, now=request.now
        )
        return redirect("inspections:draw", made.id)
    region = department.region[:6]
    context = {
        "items": selectors.published_items(region=region),
        "grades": presenters.grades(presenters.book(region, request.now)),
        "today": answers.local_date(request.now),
        "at": answers.local(request.now),
        "views": presenters.tabs("draws", request.actor),
    }
    return render(request, "inspections/new_draw.html", context)


@require_GET
@allow(ANYONE)
def draw(request: Any, draw_id: uuid.UUID) -> HttpResponse:
    """One draw; with `seed` it is drawn again and compared."""
    found = selectors.find_draw(draw_id)
    seed = request.GET.get("seed", "").strip()[:128]
    return render(request, "inspections/draw.html", presenters.draw(found, request.actor, request.now, seed=seed))


@require_GET
@allow(ANYONE)
def proof(request: Any, draw_id: uuid.UUID) -> HttpResponse:
    """All that a stranger needs to draw again, as a file."""
    response = answers.json(selectors.proof(selectors.find_draw(draw_id)))
    response["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
    return response


@require_POST
@allow(*permissions.READERS)
def act(request: Any, draw_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a draw."""
    services.take_draw(draw_id=draw_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("inspections:draw", draw_id)
