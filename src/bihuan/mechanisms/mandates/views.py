"""Pages of mandates: the register, one mandate, appointing, one's own, and the windows with who is due to change."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, ids

from . import permissions, presenters, selectors, services

STAFF = allow(*permissions.STAFF)
KEEPERS = allow(*permissions.KEEPING)
HOLDERS = allow(*permissions.HOLDERS)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The register by posts, with figures."""
    reads = {"actor": request.actor, "now": request.now}
    only = {name: request.GET.get(name, "") for name in ("kind", "state", "window")}
    only["window"] = str(ids.parse(only["window"]) or "")
    rows, following = selectors.page(before=ids.parse(request.GET.get("before", "")), **only, **reads)
    figures, counts = selectors.totals(**reads)
    posts = presenters.kinds(selectors.kinds_seen(**reads))
    context = {
        "rows": [presenters.row(one) for one in rows],
        "following": following,
        "tabs": presenters.tabs(posts, counts, only["kind"]),
        "figures": presenters.figures(figures),
        "keeps": bool(selectors.region_of(request.actor)),
    }
    return render(request, "mandates/register.html", context)


@require_GET
@HOLDERS
def mandate(request: Any, mandate_id: uuid.UUID) -> HttpResponse:
    """One mandate: term, duties, what the holder did, what was asked and reported, and its trace."""
    found = selectors.find(mandate_id=mandate_id, actor=request.actor, now=request.now)
    trace = selectors.trace(found=found, actor=request.actor)
    windows = selectors.open_windows(found.mandate.region) if "move" in found.available_actions else []
    return render(request, "mandates/mandate.html", presenters.sheet(found, trace, windows, request.actor))


@require_POST
@HOLDERS
def act(request: Any, mandate_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a mandate, and show it, or the successor's, as it then is."""
    body = request.POST.dict()
    made = services.take(mandate_id=mandate_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("mandates:mandate", made.id)


@require_POST
@HOLDERS
def act_on_task(request: Any, task_id: uuid.UUID, action: str) -> HttpResponse:
    """Report on what was asked, or no longer ask; show the mandate as it then is."""
    body = request.POST.dict()
    made = services.take_task(task_id=task_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("mandates:mandate", made.id)


@require_http_methods(["GET", "POST"])
@KEEPERS
def new(request: Any) -> HttpResponse:
    """Appoint people or enterprises to a post."""
    region = selectors.region_of(request.actor)
    if request.method == "POST":
        made = services.appoint(region=region, body=request.POST.dict(), actor=request.actor, now=request.now)
        return redirect("mandates:mandate", made[0].id) if len(made) == 1 else redirect("mandates:register")
    context = {
        "kinds": presenters.kinds(selectors.kinds_of(region, request.now)),
        "windows": selectors.open_windows(region),
        "today": answers.local_date(request.now).isoformat(),
    }
    return render(request, "mandates/new.html", context)


@require_GET
@HOLDERS
def mine(request: Any) -> HttpResponse:
    """What the reader was appointed to, and what came of it."""
    found = selectors.mine(actor=request.actor, now=request.now)
    return render(request, "mandates/mine.html", {"rows": [presenters.own(one) for one in found]})


@require_http_methods(["GET", "POST"])
@STAFF
def windows(request: Any) -> HttpResponse:
    """The windows, and who is due to change; keepers enter new ones."""
    region = selectors.region_of(request.actor)
    if request.method == "POST":
        services.open_windows(region=region, body=request.POST.dict(), actor=request.actor, now=request.now)
        return redirect("mandates:windows")
    context = {
        "posts": selectors.windows(actor=request.actor),
        "proposals": selectors.proposals(actor=request.actor, now=request.now),
        "departments": directory.departments(region, on=answers.local_date(request.now)) if region else (),
    }
    return render(request, "mandates/windows.html", context)


@require_POST
@STAFF
def act_on_window(request: Any, window_id: uuid.UUID, action: str) -> HttpResponse:
    """Close a window."""
    services.take_window(
        window_id=window_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict()
    )
    return redirect("mandates:windows")
