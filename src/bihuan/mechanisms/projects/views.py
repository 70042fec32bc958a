"""Pages of key projects: the register with figures, one project, a new one."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers

from . import permissions, presenters, selectors, services

STAFF = allow(*permissions.STAFF)
KEEPERS = allow(*permissions.KEEPING)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The register: all, or those that a figure counts."""
    only = request.GET.get("only", "")
    every = selectors.page(actor=request.actor, now=request.now)
    rows = selectors.page(actor=request.actor, now=request.now, only=only) if only else every
    context = {
        "rows": [presenters.row(one) for one in rows],
        "figures": presenters.figures(selectors.figures(every)),
        "keeps": bool(selectors.region_of(request.actor)),
    }
    return render(request, "projects/register.html", context)


@require_GET
@STAFF
def project(request: Any, project_id: uuid.UUID) -> HttpResponse:
    """One project: milestones with lights, what blocks it, amounts, and its trace."""
    found = selectors.find(project_id=project_id, actor=request.actor, now=request.now)
    trace = selectors.trace(found=found, actor=request.actor)
    return render(request, "projects/project.html", presenters.sheet(found, trace))


@require_POST
@STAFF
def act(request: Any, project_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a project, and show it as it then is."""
    body = request.POST.dict()
    services.take(project_id=project_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("projects:project", project_id)


@require_POST
@STAFF
def act_on_milestone(request: Any, milestone_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a milestone, and show its project as it then is."""
    made = services.take_milestone(
        milestone_id=milestone_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict()
    )
    return redirect("projects:project", made.project_id)


@require_http_methods(["GET", "POST"])
@KEEPERS
def new(request: Any) -> HttpResponse:
    """Put a signed project among the key projects."""
    region = selectors.region_of(request.actor)
    if request.method == "POST":
        made = services.sign(region=region, body=request.POST.dict(), actor=request.actor, now=request.now)
        return redirect("projects:project", made.id)
    today = answers.local_date(request.now)
    context = {"departments": directory.departments(region, on=today), "today": today.isoformat()}
    return render(request, "projects/new.html", context)
