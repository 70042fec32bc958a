"""Pages of the registers: institutions with their effect, proposals, competitions, model cases, warnings, library."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import errors, ids

from . import forms, permissions, presenters, selectors, services
from .rules import bodies

STAFF = allow(*permissions.STAFF)
READERS = allow(*permissions.READERS)


@require_http_methods(["GET", "POST"])
@READERS
def institutions(request: Any) -> HttpResponse:
    """The register of institutions; whoever keeps it enters drafts here."""
    actor, state = request.actor, request.GET.get("state", "")
    if request.method == "POST":
        made = services.draft(actor=actor, now=request.now, body=forms.body(request.POST))
        return redirect("registers:institution", made.id)
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.institutions(actor=actor, state=state, before=before)
    context = {"rows": presenters.rows(found, request.now), "following": following, "state": state}
    region = presenters.home_region(actor)
    context["inputs"] = presenters.inputs(bodies.Draft, "draft", region=region, now=request.now) if region else []
    context |= {"states": presenters.states(state), "views": presenters.tabs(actor, "institutions")}
    return render(request, "registers/institutions.html", context)


@require_GET
@READERS
def institution(request: Any, institution_id: uuid.UUID) -> HttpResponse:
    """One institution: its words, what it changed, the cases that called for it, and what the reader may do."""
    found = selectors.institution(institution_id=institution_id, actor=request.actor, now=request.now)
    context = presenters.institution(found, request.now)
    if found.staff:
        context["entries"] = presenters.entries(selectors.trace(thing_id=institution_id, actor=request.actor))
    return render(request, "registers/institution.html", context)


@require_POST
@STAFF
def act_on_institution(request: Any, institution_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the institution as it then is."""
    body = forms.body(request.POST)
    services.take(
        kind="institution", thing_id=institution_id, action=action, actor=request.actor, now=request.now, body=body
    )
    return redirect("registers:institution", institution_id)


@require_GET
@STAFF
def proposals(request: Any) -> HttpResponse:
    """The register of policy proposals: how far each has come."""
    before = ids.parse(request.GET.get("before", ""))
    context = presenters.proposals(request.actor, request.GET.get("state", ""), before)
    return render(request, "registers/proposals.html", context | {"views": presenters.tabs(request.actor, "proposals")})


@require_http_methods(["GET", "POST"])
@STAFF
def competitions(request: Any) -> HttpResponse:
    """The competitions for model cases; whoever keeps the registers calls for them here."""
    if request.method == "POST":
        body = forms.body(request.POST)
        made = services.call_competition(actor=request.actor, now=request.now, body=body)
        return redirect("registers:competition", made.id)
    context = presenters.competitions(request.actor, request.now, ids.parse(request.GET.get("before", "")))
    return render(request, "registers/competitions.html", context)


@require_http_methods(["GET", "POST"])
@STAFF
def competition(request: Any, competition_id: uuid.UUID) -> HttpResponse:
    """One competition: what takes part, the vote, the result; nominations are made here."""
    if request.method == "POST":
        services.propose_exemplar(actor=request.actor, now=request.now, body=forms.body(request.POST))
        return redirect("registers:competition", competition_id)
    found = selectors.competition(competition_id=competition_id, actor=request.actor)
    return render(request, "registers/competition.html", presenters.competition(found, request.actor, request.now))


@require_http_methods(["GET", "POST"])
@STAFF
def exemplars(request: Any) -> HttpResponse:
    """Model cases and who adopted them; nominations for the next competition are made here, too."""
    if request.method == "POST":
        services.propose_exemplar(actor=request.actor, now=request.now, body=forms.body(request.POST))
        return redirect(f"{request.path}?state=nominated")
    state, before = request.GET.get("state", "promoted"), ids.parse(request.GET.get("before", ""))
    return render(request, "registers/exemplars.html", presenters.exemplars(request.actor, request.now, state, before))


@require_http_methods(["GET", "POST"])
@STAFF
def warnings(request: Any) -> HttpResponse:
    """The warnings; whoever circulates them drafts new ones here."""
    if request.method == "POST":
        made = services.draft_warning(actor=request.actor, now=request.now, body=forms.body(request.POST))
        return redirect("registers:warning", made.id)
    context = presenters.warnings(request.actor, request.now, ids.parse(request.GET.get("before", "")))
    return render(request, "registers/warnings.html", context)


@require_GET
@STAFF
def warning(request: Any, warning_id: uuid.UUID) -> HttpResponse:
    """One warning. That a department has read it is noted when the first of its people opens it."""
    services.note_reading(warning_id=warning_id, actor=request.actor, now=request.now)
    context = presenters.warning(request.actor, warning_id, request.now)
    return render(request, "registers/warning.html", context)


@require_http_methods(["GET", "POST"])
@STAFF
def library(request: Any) -> HttpResponse:
    """The case library with its search; `case` opens the form for what one closed case taught."""
    if request.method == "POST":
        made = services.write_lesson(actor=request.actor, now=request.now, body=forms.body(request.POST))
        return redirect("registers:lesson", made.id)
    given = {name: request.GET.get(name, "") for name in ("q", "category", "case")}
    context = presenters.library(request.actor, request.now, ids.parse(request.GET.get("before", "")), **given)
    return render(request, "registers/library.html", context)


@require_GET
@STAFF
def lesson(request: Any, lesson_id: uuid.UUID) -> HttpResponse:
    """One entry of the case library."""
    return render(request, "registers/lesson.html", presenters.lesson(request.actor, lesson_id, request.now))


@require_POST
@STAFF
def act(request: Any, kind: str, shelf_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a competition, a model case, a warning or a lesson, and show where it stands."""
    if kind not in presenters.PAGES:
        raise errors.NotFound(code="kind_unknown")
    body = forms.body(request.POST)
    services.take(kind=kind, thing_id=shelf_id, action=action, actor=request.actor, now=request.now, body=body)
    page = presenters.PAGES[kind]
    return redirect(page) if kind == "exemplar" else redirect(page, shelf_id)
