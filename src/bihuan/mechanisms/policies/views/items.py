"""Service items: the catalogue, one of them with its reforms, promises and demanded papers."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors, ids

from .. import forms, permissions, presenters, selectors, services

READERS = allow(LOGGED_IN)
WRITERS = allow(*permissions.WRITING)


@require_GET
@READERS
def catalogue(request: Any) -> HttpResponse:
    """The catalogue: published items for everybody, drafts for those who write them."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:60]
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.items.page(actor=request.actor, kind=kind, text=text, before=before)
    places = selectors.library.places_of(request.actor, request.now)
    names: dict[str, str] = {}
    for region in {one.region for one in found} | {one.code for one in places[:1]}:
        names |= presenters.items.kinds(selectors.library.section(region, request.now))
    context = {
        "rows": [presenters.items.row(one, names) for one in found],
        "kinds": names.items(),
        "kind": kind,
        "text": text,
        "following": following,
        "writes": bool(places),
    }
    return render(request, "policies/catalogue.html", context)


@require_http_methods(["GET", "POST"])
@WRITERS
def new(request: Any) -> HttpResponse:
    """Begin a service item."""
    places = selectors.library.places_of(request.actor, request.now)
    region = request.POST.get("region") or (places[0].code if places else "")
    wrong = None
    if request.method == "POST":
        try:
            body = forms.item(request.POST.dict())
            made = services.draft_item(region=region, body=body, actor=request.actor, now=request.now)
            return redirect("policies:item", made.id)
        except (errors.Invalid, errors.Conflict) as problem:
            wrong = problem
    context = {
        "region": region,
        "departments": directory.departments(region, on=answers.local_date(request.now)),
        "kinds": presenters.items.kinds(selectors.library.section(region, request.now)).items(),
        "given": request.POST.dict(),
        "problem": wrong,
    }
    return render(request, "policies/new_item.html", context, status=wrong.status if wrong else 200)


@require_GET
@READERS
def item(request: Any, item_id: uuid.UUID) -> HttpResponse:
    """One item: guide, steps, papers, days; every reform with before and after; what to do."""
    found = selectors.items.find(item_id=item_id, actor=request.actor)
    book = selectors.library.section(found.item.region, request.now)
    return render(request, "policies/item.html", presenters.items.sheet(found, request.actor, book))


@require_POST
@allow(*permissions.ITEM_STAFF, Role.ENTERPRISE)
def act_on_item(request: Any, item_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on an item, and show it as it then is."""
    given = request.POST.dict()
    body = forms.item(given) if action in ("edit", "reform") else given
    services.take_item(item_id=item_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("policies:item", item_id)


@require_POST
@allow(*permissions.WRITING)
def act_on_promise(request: Any, promise_id: uuid.UUID, action: str) -> HttpResponse:
    """Note that a promise was kept or broken, and show its item."""
    body = request.POST.dict()
    made = services.take_promise(promise_id=promise_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("policies:item", made.item_id)
