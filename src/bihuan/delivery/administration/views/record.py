"""The security record, for the audit administrator: who did what, when, to whom."""

import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from bihuan.foundation.accounts import selectors
from bihuan.foundation.kernel import errors

from .. import exports
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


@require_GET
@AUDIT
def export(request: Any, ending: str) -> HttpResponse:
    """The same lines as a file (xlsx or csv), with names and addresses masked."""
    writers = {
        "xlsx": (exports.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "csv": (exports.write_csv, "text/csv; charset=utf-8"),
    }
    if ending not in writers:
        raise errors.NotFound
    write, media_type = writers[ending]
    out = io.BytesIO()
    write(out, exports.rows(reader=request.reader, narrowed=RecordFilter(request.GET).narrowed()))
    response = HttpResponse(out.getvalue(), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="security-{request.now:%Y%m%d}.{ending}"'
    return response
