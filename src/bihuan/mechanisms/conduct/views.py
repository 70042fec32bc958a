"""Pages of conduct lists: those in force and each version for everybody; the rest for those concerned."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import answers, errors

from . import permissions, presenters, selectors, services, wording
from .states import KINDS

EDITORS = allow(*permissions.EDITING)
EXAMINERS = allow(*permissions.EXAMINERS)


@require_GET
@allow(ANYONE)
def register(request: Any) -> HttpResponse:
    """The lists in force today; for those who write them, the drafts too."""
    today = answers.local_date(request.now)
    found = selectors.in_force(actor=request.actor, on=today)
    edits = bool(selectors.region_of(request.actor))
    context = {
        "cards": [presenters.card(one, today) for one in found],
        "drafts": selectors.drafts(actor=request.actor) if request.actor.reader else [],
        "edits": edits,
    }
    return render(request, "conduct/register.html", context)


@require_GET
@allow(ANYONE)
def sheet(request: Any, sheet_id: uuid.UUID) -> HttpResponse:
    """One version, ready to print as a card, with what the reader may do."""
    found = selectors.find(sheet_id=sheet_id, actor=request.actor)
    today = answers.local_date(request.now)
    actions = selectors.available_actions(found, request.actor)
    edits = permissions.edits(request.actor, found.region)
    context = presenters.card(found, today) | {
        "versions": selectors.versions(sheet=found, actor=request.actor),
        "actions": [(name, *wording.ACTIONS[name]) for name in actions if name in wording.ACTIONS],
        "edits": "edit" in actions,
        "examines": edits and found.kind == "integrity" and found.state == "published",
        "kinds": [(name, wording.KINDS[name], name == found.kind) for name in KINDS],
        "lines": presenters.lines(found),
        "labels": wording.SIDES,
    }
    return render(request, "conduct/sheet.html", context)


@require_POST
@allow(*permissions.STAFF)
def act(request: Any, sheet_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the version as it then is."""
    body = request.POST.dict()
    services.take(sheet_id=sheet_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("conduct:sheet", sheet_id)


@require_http_methods(["GET", "POST"])
@EDITORS
def new(request: Any) -> HttpResponse:
    """Draft the next version of a list."""
    region = selectors.region_of(request.actor)
    if request.method == "POST":
        made = services.draft(region=region, body=request.POST.dict(), actor=request.actor, now=request.now)
        return redirect("conduct:sheet", made.id)
    context = {
        "kinds": [(name, wording.KINDS[name], False) for name in KINDS],
        "labels": wording.SIDES,
        "today": answers.local_date(request.now).isoformat(),
    }
    return render(request, "conduct/new.html", context)


@require_http_methods(["GET", "POST"])
@EDITORS
def examine(request: Any, sheet_id: uuid.UUID) -> HttpResponse:
    """Examine one enterprise by an integrity list in force."""
    if request.method == "POST":
        body = request.POST.dict()
        made = services.examine(sheet_id=sheet_id, body=body, actor=request.actor, now=request.now)
        return redirect("conduct:examination", made.id)
    found = selectors.find(sheet_id=sheet_id, actor=request.actor)
    if not permissions.edits(request.actor, found.region):
        raise errors.Forbidden()
    results = list(wording.RESULTS.items())
    return render(request, "conduct/examine.html", {"sheet": found, "results": results})


@require_GET
@EXAMINERS
def examinations(request: Any) -> HttpResponse:
    """Examinations the reader may see: of the place, or of the own enterprise."""
    rows = selectors.examinations(actor=request.actor)
    return render(request, "conduct/examinations.html", {"rows": rows})


@require_GET
@EXAMINERS
def examination(request: Any, examination_id: uuid.UUID) -> HttpResponse:
    """One examination: entry by entry, the advice, and what the enterprise says."""
    found = selectors.examination(examination_id=examination_id, actor=request.actor)
    own = permissions.examined(request.actor, found) and found.state == "examined"
    context = {"found": found, "results": presenters.results(found), "may_comment": own}
    return render(request, "conduct/examination.html", context)


@require_POST
@EXAMINERS
def comment(request: Any, examination_id: uuid.UUID) -> HttpResponse:
    """Let the enterprise say something about its examination."""
    body = request.POST.dict()
    services.comment(examination_id=examination_id, actor=request.actor, now=request.now, body=body)
    return redirect("conduct:examination", examination_id)
