"""What is listed: published items for everybody, and the lists for those who enter and publish."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors, ids

from .. import permissions, presenters, selectors, services, wording
from ..services import Entered

READERS = allow(*permissions.READERS)


@require_GET
@allow(ANYONE)
def items(request: Any) -> HttpResponse:
    """The published items with their legal basis, for everybody: what is not here may not be looked at."""
    only = {name: request.GET.get(name, "")[:40] for name in ("region", "category", "department")}
    found = selectors.published_items(**only)
    names: dict[str, dict[str, str]] = {}
    rows = []
    for one in found:
        known = names.setdefault(one.region, presenters.categories(one.region, request.now))
        rows.append((one, known.get(one.category, one.category)))
    return render(request, "inspections/items.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@READERS
def listed(request: Any, name: str) -> HttpResponse:
    """One list, and the form to enter something for it."""
    if name not in wording.LISTS:
        raise errors.NotFound()
    roles = set(request.actor.reader.roles)
    region = selectors.region_of(request.actor, permissions.ENTERING if name != "sheltered" else permissions.LISTING)
    if request.method == "POST":
        entered = Entered(
            name=name, region=region, department=request.POST.get("department", ""), fields=request.POST.dict()
        )
        services.enter(entered=entered, actor=request.actor, now=request.now)
        return redirect("inspections:list", name)
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.listed_page(name=name, actor=request.actor, before=before)
    lists = roles & set(permissions.LISTING)
    context = {
        "name": name,
        "title": wording.LISTS[name],
        "rows": presenters.listed_rows(name, found, request.actor, request.now),
        "following": following,
        "enters": bool(region) and bool(lists or (roles & set(permissions.ENTERING) and name != "sheltered")),
        "departments": directory.departments(region) if lists and region else selectors.bodies_of(request.actor),
        "categories": presenters.categories(region, request.now) if region else {},
        "subjects": list(wording.SUBJECTS.items()),
        "lenient": list(wording.LENIENT.items()),
        "today": answers.local_date(request.now),
        "views": presenters.tabs(name, request.actor),
    }
    return render(request, "inspections/list.html", context)


@require_POST
@READERS
def act(request: Any, name: str, listed_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on an entry of a list."""
    services.take_listed(
        name=name,
        listed_id=listed_id,
        action=action,
        actor=request.actor,
        now=request.now,
        body=request.POST.dict(),
    )
    return redirect("inspections:list", name)
