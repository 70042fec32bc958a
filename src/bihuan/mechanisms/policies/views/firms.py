"""What an enterprise is entitled to, why, what is missing, and its profile."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory.models import Enterprise

from .. import permissions, presenters, selectors, services

READERS = allow(LOGGED_IN)


@require_GET
@READERS
def firm(request: Any, uscc: str) -> HttpResponse:
    """One enterprise: what fits it, what would, what does not, each with its reasons."""
    found = selectors.judged.entitlements(uscc=uscc, actor=request.actor, now=request.now)
    enterprise, profile = selectors.judged.firm(uscc=uscc, actor=request.actor)
    book = selectors.library.section(profile.area if profile else enterprise.region, request.now)
    services.know(enterprise_id=enterprise.id, actor=request.actor, now=request.now)
    grants = selectors.delivery.of_firm(enterprise_id=enterprise.id, actor=request.actor)
    context = presenters.library.firm(enterprise, profile, found, book, request.actor)
    context["grants"] = [presenters.delivery.grant(one, request.actor) for one in grants]
    context["applying"] = selectors.judged.applying(found, request.now) if context["own"] else set()
    return render(request, "policies/firm_own.html" if context["own"] else "policies/firm.html", context)


@require_GET
@allow(Role.ENTERPRISE)
def mine(request: Any) -> HttpResponse:
    """The page of the reader's own enterprise."""
    firms = request.actor.scope().enterprises
    uscc = Enterprise.objects.filter(pk__in=firms).order_by("id").values_list("uscc", flat=True).first()
    return redirect("policies:firm", uscc) if uscc else redirect("intake:home")


@require_POST
@allow(*permissions.FILLING, Role.ENTERPRISE)
def fill(request: Any, uscc: str) -> HttpResponse:
    """Fill in fields of a profile, and show what fits now."""
    values = {name: value for name, value in request.POST.dict().items() if name != "csrfmiddlewaretoken"}
    services.fill(uscc=uscc, values=values, actor=request.actor, now=request.now)
    return redirect("policies:firm", uscc)
