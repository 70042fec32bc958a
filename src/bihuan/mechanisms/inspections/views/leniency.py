"""Lenient lists by violation, for everybody; and repairs of credit, for the enterprise and the body."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import ids

from .. import permissions, presenters, schemas, selectors, services, wording


@require_GET
@allow(ANYONE)
def lenient(request: Any) -> HttpResponse:
    """What the lenient lists say about a violation; with an enterprise, whether each entry applies to it."""
    given = {name: request.GET.get(name, "")[:120] for name in ("violation", "enterprise")}
    how = {name: request.GET.get(name, "yes") == "yes" for name in ("minor", "corrected")}
    firm = selectors.firm(given["enterprise"]) if given["enterprise"] else None
    found = selectors.lenient(
        violation=given["violation"], enterprise=firm, actor=request.actor, now=request.now, **how
    )
    context = {"rows": presenters.lenient_rows(found), "given": given, "how": how, "firm": firm}
    return render(request, "inspections/lenient.html", context)


@require_GET
@allow(Role.ENTERPRISE, *permissions.READERS)
def repairs(request: Any) -> HttpResponse:
    """Repairs the reader may see; for an enterprise, the records about which it may ask."""
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.repairs_page(actor=request.actor, before=before)
    staff = bool(request.actor.reader.roles & set(permissions.READERS))
    context = {
        "rows": [(one, wording.REPAIR_STATES[one.state]) for one in found],
        "following": following,
        "records": selectors.repairable(actor=request.actor),
        "views": presenters.tabs("repairs", request.actor) if staff else [],
    }
    return render(request, "inspections/repairs.html", context)


@require_POST
@allow(Role.ENTERPRISE)
def ask(request: Any) -> HttpResponse:
    """Ask how the credit can be repaired after one record."""
    (record,) = schemas.keys({"record": [request.POST.get("record", "")]}, "record")
    made = services.ask_repair(record_id=record, actor=request.actor, now=request.now)
    return redirect("inspections:repair", made.id)


@require_GET
@allow(LOGGED_IN)
def repair(request: Any, repair_id: uuid.UUID) -> HttpResponse:
    """One repair: the record, what is needed, how far it is."""
    found = selectors.find_repair(repair_id, request.actor)
    return render(request, "inspections/repair.html", presenters.repair(found, request.actor, request.now))


@require_POST
@allow(LOGGED_IN)
def act(request: Any, repair_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action on a repair."""
    services.take_repair(
        repair_id=repair_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict()
    )
    return redirect("inspections:repair", repair_id)
