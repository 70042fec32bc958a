"""一企一策: all that the product knows of one enterprise, on one page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bihuan.foundation.accounts.permissions import LOGGED_IN, allow
from bihuan.foundation.directory import selectors as directory

from .. import panels, selectors


@require_GET
@allow(LOGGED_IN)
def firm(request: Any, uscc: str) -> HttpResponse:
    """One enterprise: a section from each context that has one, each as visible as it is elsewhere."""
    found = selectors.firm(uscc=uscc, actor=request.actor)
    town = directory.region(found.town or found.region)
    context = {
        "firm": found,
        "town": town.name if town else "",
        "sections": panels.of_firm(firm=found, actor=request.actor, now=request.now),
    }
    return render(request, "cases/firm.html", context)
