"""What an enterprise sees: its class, who comes and came, and the way to rate each check."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import ids

from .. import presenters, selectors, services
from ..forms import CheckRatingForm

FIRMS = allow(Role.ENTERPRISE)


@require_GET
@FIRMS
def mine(request: Any) -> HttpResponse:
    """The reader's class and checks, newest first."""
    found, following = selectors.checks_page(actor=request.actor, before=ids.parse(request.GET.get("before", "")))
    rows = [(*row, selectors.check_actions(row[0], request.actor, request.now)) for row in presenters.rows(found)]
    standings, _following = selectors.classes_page(actor=request.actor, limit=5)
    context = {"rows": rows, "following": following, "standings": presenters.standing_rows(standings)}
    return render(request, "inspections/mine.html", context)


@require_http_methods(["GET", "POST"])
@FIRMS
def rate(request: Any, check_id: uuid.UUID) -> HttpResponse:
    """Rate a check, once; what is kept says body and month, and nothing else."""
    found = selectors.find_check(check_id, request.actor)
    form = CheckRatingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        services.rate_check(check_id=check_id, actor=request.actor, now=request.now, **form.said())
        return redirect("inspections:mine")
    return render(request, "inspections/rate.html", {"check": found, "form": form}, status=422 if form.errors else 200)
