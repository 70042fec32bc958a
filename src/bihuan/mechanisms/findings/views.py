"""Pages of findings: the lists, one finding, a new one, figures."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, ids

from . import permissions, presenters, selectors, services, wording

STAFF = allow(*permissions.STAFF)
SUPERVISORS = allow(*permissions.SUPERVISING)


def _tabs(request: Any, current: str) -> Any:
    supervises = bool(selectors.region_of(request.actor))
    return presenters.tabs(current, selectors.counts(actor=request.actor), supervises=supervises)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """One of the three lists, or whatever a figure counts."""
    asked = {name: request.GET.get(name, "") for name in ("on_list", "nature", "only")}
    before = ids.parse(request.GET.get("before", ""))
    rows, following = selectors.page(actor=request.actor, now=request.now, before=before, **asked)
    query = request.GET.copy()
    query.pop("before", None)
    current = asked["only"] or asked["on_list"]
    context = {
        "rows": [presenters.row(one) for one in rows],
        "following": following,
        "query": query.urlencode(),
        "title": wording.LISTS.get(asked["on_list"]),
        "views": _tabs(request, current),
    }
    return render(request, "findings/register.html", context)


@require_GET
@STAFF
def finding(request: Any, finding_id: uuid.UUID) -> HttpResponse:
    """One finding: what it says, where it stands, what the reader may do, and its trace."""
    found = selectors.find(finding_id=finding_id, actor=request.actor, now=request.now)
    trace = selectors.trace(found=found, actor=request.actor)
    departments = directory.departments(found.thing.region, on=answers.local_date(request.now))
    return render(request, "findings/finding.html", presenters.sheet(found, trace) | {"departments": departments})


@require_POST
@STAFF
def act(request: Any, finding_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the finding as it then is; for a clue, the receipt, which is shown once."""
    body = request.POST.dict()
    made = services.take(finding_id=finding_id, action=action, actor=request.actor, now=request.now, body=body)
    if isinstance(made, services.Receipt):
        return render(request, "findings/handed.html", {"received": made})
    return redirect("findings:finding", finding_id)


@require_http_methods(["GET", "POST"])
@SUPERVISORS
def new(request: Any) -> HttpResponse:
    """Put an item on the list of what is to be checked, or enter a problem."""
    region = selectors.region_of(request.actor)
    if request.method == "POST":
        make = services.plan if request.POST.get("what") == "plan" else services.enter
        made = make(region=region, body=request.POST.dict(), actor=request.actor, now=request.now)
        return redirect("findings:finding", made.id)
    today = answers.local_date(request.now)
    context = {
        "departments": directory.departments(region, on=today),
        "today": today.isoformat(),
        "case": request.GET.get("case", ""),
        "views": _tabs(request, "new"),
    }
    return render(request, "findings/new.html", context)


@require_GET
@STAFF
def figures(request: Any) -> HttpResponse:
    """The lists in numbers: no contents."""
    shown = presenters.figures(selectors.figures(actor=request.actor))
    context = {"figures": shown, "now": request.now, "views": _tabs(request, "figures")}
    return render(request, "findings/figures.html", context)
