"""Pages of retrospectives: register, one of them, invitations, analysis over a period, the report as a file."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bihuan.casework.cases import presenters as cases
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import ids

from . import exports, forms, permissions, presenters, selectors, services
from .schemas import FILTERS

STAFF = allow(*permissions.STAFF)
ANYBODY = allow(*permissions.ANYBODY)
DISSECTING = allow(*permissions.DISSECTING)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The retrospectives, or whatever a figure counts."""
    only = {name: request.GET.get(name, "") for name in FILTERS}
    before = ids.parse(request.GET.get("before", ""))
    rows, following = selectors.page(actor=request.actor, now=request.now, before=before, **only)
    query = request.GET.copy()
    query.pop("before", None)
    context = presenters.register(rows, only) | {"following": following, "query": query.urlencode()}
    context["views"] = presenters.tabs(only, selectors.counts(actor=request.actor))
    return render(request, "retrospectives/register.html", context)


@require_GET
@ANYBODY
def mine(request: Any) -> HttpResponse:
    """Invitations: the retrospectives to which the reader was invited."""
    rows = selectors.mine(actor=request.actor, now=request.now)
    return render(request, "retrospectives/mine.html", presenters.register(rows, {}))


@require_GET
@ANYBODY
def one(request: Any, retrospective_id: uuid.UUID) -> HttpResponse:
    """One retrospective: fishbone, weak links, presumptions, rehearsal, report, and what the reader may do."""
    found = selectors.dissection(retrospective_id=retrospective_id, actor=request.actor, now=request.now)
    trace = selectors.trace(retrospective_id=retrospective_id, actor=request.actor)
    entries = cases.entries(trace, case=found.seen.case) if trace else []
    learnt = selectors.learnt_causes(retrospective=found.seen.retrospective)
    leaders = selectors.leaders(retrospective=found.seen.retrospective, case=found.seen.case, now=request.now)
    context = presenters.one(found, learnt=learnt) | {"leaders": leaders}
    context["entries"] = [replace(entry, notes=entry.notes[:1]) for entry in entries]
    return render(request, "retrospectives/one.html", context)


@require_POST
@ANYBODY
def act(request: Any, retrospective_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the retrospective as it then is."""
    services.take(
        retrospective_id=retrospective_id,
        action=action,
        actor=request.actor,
        now=request.now,
        body=forms.body(request.POST),
    )
    return redirect("retrospectives:one", retrospective_id)


@require_POST
@DISSECTING
def open_by_hand(request: Any) -> HttpResponse:
    """Ask for the retrospective of a case, and show it."""
    number, text = request.POST.get("number", ""), request.POST.get("text", "")
    made = services.open_by_hand(number=number, text=text, actor=request.actor, now=request.now)
    return redirect("retrospectives:one", made.id)


@require_GET
@STAFF
def analysis(request: Any) -> HttpResponse:
    """涉企问题综合分析: causes, weak links, presumptions, over a period; every figure opens its cases."""
    since, until = presenters.period(request.GET, now=request.now)
    found = selectors.analysis(actor=request.actor, now=request.now, since=since, until=until)
    context = presenters.analysis(found) | {"views": presenters.tabs({"state": "analysis"}, {})}
    return render(request, "retrospectives/analysis.html", context)


@require_GET
@ANYBODY
def report(request: Any, retrospective_id: uuid.UUID, form: str) -> HttpResponse:
    """The report as word-processing file or PDF, drawn anew from its stored text."""
    if form not in exports.MEDIA_TYPES:
        raise Http404
    version, sealed = selectors.report(retrospective_id=retrospective_id, actor=request.actor, now=request.now)
    headers = {"Content-Disposition": f'attachment; filename="{exports.name(version)}.{form}"'}
    content = exports.file(version, form, sealed=sealed)
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[form], headers=headers)
