"""Visits: register, one visit, the form on the spot, and what the visited enterprise sees."""

import datetime as dt
import uuid
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import services as cases
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors, ids

from .. import permissions, presenters, selectors, services
from ..forms import WindowForm
from ..services import Picture, Written

GOERS = allow(*permissions.GOING)
VISITORS = allow(*sorted(permissions.VISITING))
FIRMS = allow(Role.ENTERPRISE)


@require_GET
@GOERS
def visits(request: Any) -> HttpResponse:
    """The visits the reader may see; those the reader goes on first in the tabs."""
    only = {name: request.GET.get(name, "") for name in ("state", "kind", "enterprise", "mine")}
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.visits_page(actor=request.actor, before=before, **only)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "rows": presenters.visit_rows(found),
        "following": following,
        "query": query.urlencode(),
        "means": selectors.visit_means(actor=request.actor, now=request.now),
        "views": presenters.visit_tabs("mine" if only["mine"] else "all", request.actor),
    }
    return render(request, "outreach/visits.html", context)


@require_http_methods(["GET", "POST"])
@VISITORS
def register(request: Any) -> HttpResponse:
    """Register a visit of one's own before it."""
    if request.method == "POST":
        visit = services.register_visit(
            region=request.POST.get("region", ""),
            enterprise=request.POST.get("enterprise", ""),
            on=day(request.POST.get("on", ""), "on"),
            purpose=request.POST.get("purpose", ""),
            announced=request.POST.get("announced") == "yes",
            actor=request.actor,
            now=request.now,
        )
        return redirect("outreach:visit", visit.id)
    places = directory.regions(selectors.visit_regions(request.actor), answers.local_date(request.now))
    context = {
        "regions": [(one.code, one.name) for one in places if directory.departments(one.code)],
        "today": answers.local_date(request.now),
        "enterprise": request.GET.get("enterprise", "")[:18],
        "views": presenters.visit_tabs("new", request.actor),
    }
    return render(request, "outreach/register_visit.html", context)


def day(text: str, field: str) -> dt.date:
    """Return a day as a form writes it. Raises Invalid."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        said = _("%(field)s: a date such as 2026-12-31") % {"field": field}
        raise errors.Invalid(said, code="invalid_body", field=field)
    return found


@require_GET
@GOERS
def visit(request: Any, visit_id: uuid.UUID) -> HttpResponse:
    """One visit: who goes where and why, and what was reported."""
    found = selectors.find_visit(visit_id, request.actor)
    return render(request, "outreach/visit.html", presenters.visit(found, request.actor, request.now))


@require_http_methods(["GET", "POST"])
@GOERS
def report(request: Any, visit_id: uuid.UUID) -> HttpResponse:
    """The form on the spot, made for the telephone: it waits for a connection and arrives once."""
    if request.method == "POST":
        kept = services.report(visit_id=visit_id, written=_written(request), actor=request.actor, now=request.now)
        return render(request, "outreach/reported.html", {"kept": kept, "visit_id": visit_id})
    found = selectors.find_visit(visit_id, request.actor)
    context = {"visit": found, "departments": directory.departments(found.region)}
    return render(request, "outreach/report.html", context)


def _written(request: Any) -> Written:
    given = request.POST
    texts = {name: given.get(name, "") for name in ("key", "text", "finding", "department", "stated_title", "stated")}
    photos = [Picture(name=one.name, content=one) for one in request.FILES.getlist("photos")]
    return Written(**texts, taken_at=instant(given.get("taken_at", "")), photos=photos)


def instant(text: str) -> dt.datetime | None:
    """Return an instant as a device writes it, or None: what was written is kept whatever its clock says."""
    try:
        found = parse_datetime(text)
        return found if found is None or timezone.is_aware(found) else timezone.make_aware(found)
    except (ValueError, OverflowError):
        return None


@require_POST
@GOERS
def call_off(request: Any, visit_id: uuid.UUID) -> HttpResponse:
    """Call a planned visit off, with a reason."""
    services.call_off(visit_id=visit_id, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("outreach:visit", visit_id)


@require_GET
@GOERS
def photo(request: Any, visit_id: uuid.UUID, photo_id: uuid.UUID) -> Any:
    """One photo; nothing but its pixels."""
    found = selectors.photo(visit_id=visit_id, photo_id=photo_id, actor=request.actor)
    response = FileResponse(cases.path_of(found.sha256).open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@FIRMS
def mine(request: Any) -> HttpResponse:
    """Who comes to the reader's enterprise and who came, with the way to rate each."""
    found, following = selectors.visits_page(actor=request.actor, before=ids.parse(request.GET.get("before", "")))
    rows = [(*row, selectors.visit_actions(row[0], request.actor, request.now)) for row in presenters.visit_rows(found)]
    return render(request, "outreach/mine.html", {"rows": rows, "following": following})


@require_http_methods(["GET", "POST"])
@FIRMS
def rate(request: Any, visit_id: uuid.UUID) -> HttpResponse:
    """Rate a visit, once, as the enterprise that was visited."""
    found = selectors.find_visit(visit_id, request.actor)
    given = request.POST if request.method == "POST" else None
    form = WindowForm(given, reasons=presenters.reasons(found.region, request.now))
    if form.is_bound and form.is_valid():
        services.rate_visit(visit_id=visit_id, said=form.said(), actor=request.actor, now=request.now)
        return redirect("outreach:mine")
    context = {"visit": found, "form": form}
    return render(request, "outreach/rate_visit.html", context, status=422 if form.errors else 200)
