"""Pages of frequent matters: the list, and one of them."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import answers, ids
from bihuan.foundation.ui.components import Option

from . import permissions, presenters, selectors, services

STAFF = allow(*permissions.STAFF)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The list: open ones, settled ones, or all."""
    state = request.GET.get("state", "open")
    before = ids.parse(request.GET.get("before", ""))
    asked = "" if state == "all" else state
    rows, following = selectors.page(actor=request.actor, now=request.now, state=asked, before=before)
    base = reverse("frequent:register")
    labels = {"open": _("Open"), "ordered": _("Supervision order set going"), "settled": _("Settled"), "all": _("All")}
    views = [Option(label=label, url=f"{base}?state={name}", current=name == state) for name, label in labels.items()]
    context = {"rows": [presenters.row(one) for one in rows], "following": following, "state": state, "views": views}
    return render(request, "frequent/register.html", context)


@require_GET
@STAFF
def matter(request: Any, frequent_id: uuid.UUID) -> HttpResponse:
    """One of them: how often, by how many, what was asked and answered, and the matters the reader may see."""
    found = selectors.find(frequent_id=frequent_id, actor=request.actor, now=request.now)
    trace = selectors.trace(found=found, actor=request.actor)
    leader = accounts.names({found.thing.leader}).get(found.thing.leader, "") if found.thing.leader else ""
    context = presenters.sheet(found, trace, leader) | {
        "matters": selectors.matters(found=found, actor=request.actor),
        "today": answers.local_date(request.now).isoformat(),
    }
    return render(request, "frequent/matter.html", context)


@require_POST
@STAFF
def act(request: Any, frequent_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show it as it then is."""
    body = request.POST.dict()
    services.take(frequent_id=frequent_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("frequent:matter", frequent_id)
