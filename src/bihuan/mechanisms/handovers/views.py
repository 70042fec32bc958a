"""Pages of double hand-overs: the register, one with both accounts, and a new one."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import selectors as cases
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, ids
from bihuan.foundation.ui.components import Option

from . import permissions, presenters, selectors, services

STAFF = allow(*permissions.STAFF)
GIVERS = allow(*permissions.GIVING)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The register: open ones, late ones, those that ended."""
    only = request.GET.get("only", "open")
    before = ids.parse(request.GET.get("before", ""))
    rows, following = selectors.page(actor=request.actor, now=request.now, only=only, before=before)
    counts = selectors.counts(actor=request.actor)
    base = reverse("handovers:register")
    labels = {"open": _("Open"), "late": _("Late"), "ended": _("Ended"), "all": _("All")}
    views = [
        Option(label=label, url=f"{base}?only={name}", count=counts.get(name), current=name == only)
        for name, label in labels.items()
    ]
    context = {"rows": [presenters.row(one) for one in rows], "following": following, "only": only, "views": views}
    return render(request, "handovers/register.html", context)


@require_GET
@STAFF
def handover(request: Any, handover_id: uuid.UUID) -> HttpResponse:
    """One hand-over: both accounts side by side, and the trace of both."""
    found = selectors.find(handover_id=handover_id, actor=request.actor, now=request.now)
    trace = selectors.trace(found=found, actor=request.actor)
    return render(request, "handovers/handover.html", presenters.sheet(found, trace))


@require_POST
@STAFF
def act(request: Any, account_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on one account, and show the hand-over as it then is."""
    body = request.POST.dict()
    made = services.take(account_id=account_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("handovers:handover", made.handover_id)


@require_http_methods(["GET", "POST"])
@GIVERS
def give(request: Any, number: str) -> HttpResponse:
    """Hand a matter to its department and that one's supervisor at once."""
    if request.method == "POST":
        made = services.give(number=number, body=request.POST.dict(), actor=request.actor, now=request.now)
        return redirect("handovers:handover", made.id)
    with database.reading(request.actor.scope()):
        case = cases.find(number=number, actor=request.actor)
    permissions.check_gives(request.actor, case)
    units = directory.departments(case.region, on=answers.local_date(request.now))
    others = [one for one in units if one.id != case.lead_department_id]
    return render(request, "handovers/give.html", {"case": case, "units": others})
