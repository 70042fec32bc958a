"""Classes: the register for enforcers, one class with its whole calculation, the yearly rating, and records."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.kernel import answers, errors, ids

from .. import permissions, presenters, selectors, services, wording

READERS = allow(*permissions.READERS)
LISTERS = allow(*permissions.LISTING)


@require_GET
@READERS
def classes(request: Any) -> HttpResponse:
    """The classes of enterprises, for every enforcer of the region."""
    only = {name: request.GET.get(name, "")[:20] for name in ("grade", "state", "year", "enterprise")}
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.classes_page(actor=request.actor, before=before, **only)
    query = request.GET.copy()
    query.pop("before", None)
    region = selectors.region_of(request.actor, permissions.READERS)
    rates = selectors.region_of(request.actor, permissions.LISTING)
    enters = selectors.bodies_of(request.actor)
    context = {
        "rows": presenters.standing_rows(found),
        "following": following,
        "query": query.urlencode(),
        "only": only,
        "grades": presenters.grades(presenters.book(region, request.now)) if region else [],
        "rates": bool(rates),
        "bodies": enters,
        "categories": presenters.categories(enters[0].region[:6], request.now) if enters else {},
        "severities": list(wording.SEVERITIES.items()),
        "today": answers.local_date(request.now),
        "views": presenters.tabs("classes", request.actor),
    }
    return render(request, "inspections/classes.html", context)


@require_POST
@LISTERS
def rate(request: Any) -> HttpResponse:
    """Rate all enterprises of the region for a year, or one anew within the year."""
    region, given = selectors.region_of(request.actor, permissions.LISTING), request.POST
    if given.get("enterprise"):
        made = services.rate_one(
            enterprise=given["enterprise"],
            region=region,
            reason=given.get("text", ""),
            actor=request.actor,
            now=request.now,
        )
        return redirect("inspections:class", made.id)
    year = given.get("year", "")
    services.rate_region(region=region, year=int(year) if year.isdecimal() else 0, actor=request.actor, now=request.now)
    return redirect("inspections:classes")


@require_POST
@allow(*permissions.ENFORCERS)
def record(request: Any) -> HttpResponse:
    """Enter one record of an enterprise by hand."""
    given = request.POST
    department = selectors.body_of(request.actor, given.get("department", ""))
    services.enter_record(
        enterprise=given.get("enterprise", ""),
        department=department,
        entry=given.dict(),
        actor=request.actor,
        now=request.now,
    )
    return redirect("inspections:classes")


@require_GET
@allow(LOGGED_IN)
def standing(request: Any, standing_id: uuid.UUID) -> HttpResponse:
    """One class: the rule, each record with its points, and the objection."""
    found = selectors.find_standing(standing_id, request.actor)
    return render(request, "inspections/class.html", presenters.standing(found, request.actor, request.now))


@require_POST
@allow(LOGGED_IN)
def act(request: Any, standing_id: uuid.UUID, action: str) -> HttpResponse:
    """Object, or decide on an objection."""
    services.take_standing(
        standing_id=standing_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict()
    )
    return redirect("inspections:class", standing_id)


@require_POST
@allow(*permissions.ENFORCERS)
def records(request: Any) -> HttpResponse:
    """Take in a file of records, and show which rows were wrong."""
    department = selectors.body_of(request.actor, request.POST.get("department", ""))
    file = request.FILES.get("file")
    if file is None:
        raise errors.Invalid(_("Please choose a file."), code="required", field="file")
    made = services.import_records(
        department=department, file=file, filename=file.name, actor=request.actor, now=request.now
    )
    return redirect("inspections:batch", made.id)


@require_GET
@READERS
def batch(request: Any, batch_id: uuid.UUID) -> HttpResponse:
    """What became of a file: how many rows are new, known, wrong, and why."""
    found = selectors.find_batch(batch_id, request.actor)
    return render(
        request, "inspections/batch.html", {"batch": found, "views": presenters.tabs("classes", request.actor)}
    )


@require_GET
@READERS
def figures(request: Any) -> HttpResponse:
    """Figures of a year beside the year before, by body; for supervisors what stands out."""
    return render(request, "inspections/figures.html", presenters.figures(request.GET, request.actor, request.now))
