"""The security record, for the audit administrator: who did what, when, to whom."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from bihuan.foundation.accounts import selectors

from ..forms import RecordFilter
from ..places import AUDIT
from ..presenters import record as presenters
from ..presenters.people import chips
from .cursors import cursor

PAGE = 50


@require_GET
@AUDIT
def record(request: Any) -> HttpResponse:
    """Newest first; narrowed to a kind, a person and days."""
    form = RecordFilter(request.GET)
    narrowed = form.narrowed()
    events = selectors.security_events(reader=request.reader, **narrowed, before=cursor(request), limit=PAGE + 1)
    query = {key: value for key, value in request.GET.items() if value and key != "cursor"}
    context = {
        "form": form,
        "lines": presenters.lines(events[:PAGE]),
        "next": str(events[PAGE - 1].pk) if len(events) > PAGE else "",
        "chips": chips(form, query, reverse("administration:record")),
    }
    return render(request, "administration/record.html", context)
