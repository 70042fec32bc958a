"""Pages of instruments: register, one instrument, a new one, figures."""

import uuid
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, ids

from . import exports, permissions, presenters, selectors, services, wording
from .states import KINDS

STAFF = allow(*permissions.STAFF)
DRAFTERS = allow(*permissions.DRAFTERS)


def _tabs(request: Any, current: str) -> Any:
    drafts = bool(permissions.draftable(request.actor))
    return presenters.tabs(current, selectors.counts(actor=request.actor), drafts=drafts)


@require_GET
@STAFF
def register(request: Any) -> HttpResponse:
    """The register: open ones, late ones, one kind, or whatever a figure counts."""
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "only")}
    before = ids.parse(request.GET.get("before", ""))
    rows, following = selectors.page(actor=request.actor, now=request.now, before=before, **asked)
    query = request.GET.copy()
    query.pop("before", None)
    current = asked["only"] or asked["state"] or ("" if asked["kind"] else "all")
    context = {
        "rows": [presenters.row(one) for one in rows],
        "following": following,
        "query": query.urlencode(),
        "kinds": [(name, word, name == asked["kind"]) for name, word in wording.KINDS.items()],
        "asked": asked,
        "views": _tabs(request, current),
    }
    return render(request, "instruments/register.html", context)


@require_GET
@STAFF
def instrument(request: Any, instrument_id: uuid.UUID) -> HttpResponse:
    """One instrument: what it says, where it stands, what the reader may do, and its trace."""
    found = selectors.find(instrument_id=instrument_id, actor=request.actor, now=request.now)
    trace = selectors.trace(found=found, actor=request.actor)
    letter = selectors.letter_if(found=found, actor=request.actor)
    return render(request, "instruments/instrument.html", presenters.sheet(found, trace) | {"letter": letter})


@require_POST
@STAFF
def act(request: Any, instrument_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the instrument as it then is."""
    body = request.POST.dict()
    services.take(instrument_id=instrument_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("instruments:instrument", instrument_id)


@require_GET
@STAFF
def letter(request: Any, instrument_id: uuid.UUID, form: str) -> HttpResponse:
    """The instrument as an official letter, to print or to file."""
    if form not in exports.MEDIA_TYPES:
        raise Http404
    found = selectors.letter(instrument_id=instrument_id, actor=request.actor, now=request.now)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.number)}.{form}"}
    return HttpResponse(exports.file(found, form), content_type=exports.MEDIA_TYPES[form], headers=headers)


@require_http_methods(["GET", "POST"])
@DRAFTERS
def new(request: Any) -> HttpResponse:
    """A new instrument: first its kind, then what it says."""
    region = selectors.region_of(request.actor)
    kinds = permissions.draftable(request.actor, region)
    kind = request.GET.get("kind", "")
    if request.method == "POST":
        body = request.POST.dict()
        made = services.draft(kind=kind, region=region, body=body, actor=request.actor, now=request.now)
        return redirect("instruments:instrument", made.id)
    row = KINDS[kind] if kind in kinds else None
    context = {
        "kinds": [(name, wording.KINDS[name], name == kind) for name in kinds],
        "kind": wording.KINDS[kind] if row else "",
        "parts": [(name, wording.PARTS[name]) for name in row.parts] if row else [],
        "departments": directory.departments(region, on=answers.local_date(request.now)),
        "case": request.GET.get("case", ""),
        "views": _tabs(request, "new"),
    }
    return render(request, "instruments/new.html", context)


@require_GET
@STAFF
def figures(request: Any) -> HttpResponse:
    """The registers with counts (O6): no names, no contents."""
    context = presenters.figures(selectors.figures(actor=request.actor))
    return render(
        request, "instruments/figures.html", context | {"now": request.now, "views": _tabs(request, "figures")}
    )
