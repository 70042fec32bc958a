"""The library, one policy, its clauses, and who fits them."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors, ids

from .. import forms, permissions, presenters, selectors, services, wording

READERS = allow(LOGGED_IN)
WRITERS = allow(*permissions.WRITING)
MATCHED = allow(*permissions.MATCHED)
FILLERS = allow(*permissions.FILLING)


@require_GET
@READERS
def register(request: Any) -> HttpResponse:
    """The library: policies in force for everybody, drafts for those who write them."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.library.page(actor=request.actor, state=state, text=text, before=before)
    places = selectors.library.places_of(request.actor, request.now)
    context = {
        "rows": [presenters.library.row(one) for one in found],
        "views": presenters.library.views_of(state, bool(places)),
        "asked": state,
        "text": text,
        "following": following,
        "writes": bool(places),
        "fills": bool(request.reader.roles & set(permissions.FILLING)),
        "staff": bool(request.reader.roles & set(permissions.MATCHED)),
    }
    return render(request, "policies/register.html", context)


@require_http_methods(["GET", "POST"])
@WRITERS
def new(request: Any) -> HttpResponse:
    """Begin a policy."""
    places = selectors.library.places_of(request.actor, request.now)
    region = request.POST.get("region") or request.GET.get("region") or (places[0].code if places else "")
    wrong = None
    if request.method == "POST":
        try:
            made = services.draft(region=region, body=request.POST.dict(), actor=request.actor, now=request.now)
            return redirect("policies:policy", made.id)
        except (errors.Invalid, errors.Conflict) as problem:
            wrong = problem
    context = {
        "places": places,
        "region": region,
        "departments": directory.departments(region, on=answers.local_date(request.now)),
        "levels": wording.LEVELS.items(),
        "given": request.POST.dict(),
        "problem": wrong,
    }
    return render(request, "policies/new.html", context, status=wrong.status if wrong else 200)


@require_GET
@READERS
def policy(request: Any, policy_id: uuid.UUID) -> HttpResponse:
    """One policy: who gets what, what to do, and its trace."""
    found = selectors.library.find(policy_id=policy_id, actor=request.actor, now=request.now)
    trace = selectors.library.trace(found=found, actor=request.actor)
    return render(request, "policies/policy.html", presenters.library.sheet(found, request.actor, request.now, trace))


@require_POST
@WRITERS
def act(request: Any, policy_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a policy, and show it as it then is."""
    body = request.POST.dict()
    services.take(policy_id=policy_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("policies:policy", policy_id)


@require_http_methods(["GET", "POST"])
@WRITERS
def new_clause(request: Any, policy_id: uuid.UUID) -> HttpResponse:
    """Add a clause; what is wrong with it comes back with what was typed."""
    found = selectors.library.find(policy_id=policy_id, actor=request.actor, now=request.now)
    wrong = None
    if request.method == "POST":
        try:
            body = forms.terms(request.POST.dict())
            services.write_clause(policy_id=policy_id, body=body, actor=request.actor, now=request.now)
            return redirect("policies:policy", policy_id)
        except (errors.Invalid, errors.Conflict) as problem:
            wrong = problem
    return _clause_page(request, found.policy, None, wrong)


@require_http_methods(["GET", "POST"])
@WRITERS
def amend(request: Any, clause_id: uuid.UUID) -> HttpResponse:
    """Change a clause from a day on; its versions stay to be read."""
    clause = selectors.library.find_clause(clause_id=clause_id, actor=request.actor)
    found = selectors.library.find(policy_id=clause.policy_id, actor=request.actor, now=request.now)
    wrong = None
    if request.method == "POST":
        try:
            body = forms.terms(request.POST.dict())
            services.amend(clause_id=clause_id, body=body, actor=request.actor, now=request.now)
            return redirect("policies:policy", clause.policy_id)
        except (errors.Invalid, errors.Conflict) as problem:
            wrong = problem
    shown = next(one for one in found.clauses if one.clause.id == clause_id)
    return _clause_page(request, found.policy, shown, wrong)


def _clause_page(request: Any, policy: Any, shown: Any, wrong: errors.Problem | None) -> HttpResponse:
    book = selectors.library.section(policy.region, request.now)
    newest = shown.versions[0] if shown else None
    context = presenters.library.clause_form(newest, book, request.POST.dict() or None)
    context |= {"policy": policy, "shown": shown, "problem": wrong, "today": answers.local_date(request.now)}
    return render(request, "policies/clause.html", context, status=wrong.status if wrong else 200)


@require_http_methods(["GET", "POST"])
@FILLERS
def imports(request: Any) -> HttpResponse:
    """Take in a file of profiles or of policies; rows that were refused come back with their line and why."""
    wrong, taken = None, None
    places = selectors.library.places_of(request.actor, request.now, permissions.FILLING)
    if request.method == "POST":
        try:
            file = request.FILES.get("file")
            if file is None:
                raise errors.Invalid(code="file_invalid", field="file")
            kind, region = request.POST.get("kind", ""), request.POST.get("region", "")
            given = {"kind": kind, "region": region, "file": file, "filename": file.name}
            taken = services.take_in(**given, actor=request.actor, now=request.now)
        except (errors.Invalid, errors.TooLarge) as problem:
            wrong = problem
    context = {
        "places": places,
        "kinds": wording.IMPORTS.items(),
        "rows": [(one, wording.IMPORTS[one.kind]) for one in selectors.library.imports(actor=request.actor)],
        "problem": wrong,
        "taken": taken,
    }
    return render(request, "policies/imports.html", context, status=wrong.status if wrong else 200)


@require_GET
@MATCHED
def fits(request: Any, clause_id: uuid.UUID) -> HttpResponse:
    """Enterprises that fit a clause, or miss something."""
    result, after = request.GET.get("result", "yes"), request.GET.get("after", "")
    clause, found, following = selectors.matched.page(
        clause_id=clause_id, actor=request.actor, result=result, after=int(after) if after.isdecimal() else -1
    )
    counted = selectors.matched.counted(clauses=[clause], actor=request.actor)[clause.id]
    context = {
        "clause": clause,
        "rows": found,
        "following": following,
        "result": result,
        "counted": counted,
        "word": wording.OUTCOMES[result],
    }
    return render(request, "policies/fits.html", context)
