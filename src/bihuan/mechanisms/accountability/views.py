"""Pages of simulated accountability: register, one inquiry, early signs, self-checks, network, letters, figures."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import presenters as cases
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import ids

from . import exports, forms, permissions, presenters, selectors, services

READERS = allow(*permissions.READERS)
CHECKED = allow(*permissions.CHECKED)
NETWORK = allow(*permissions.NETWORK)
STAFF = allow(*permissions.STAFF)
OBSERVING = allow(*permissions.OBSERVING)


def _page(request: Any, name: str, context: dict[str, Any], current: str) -> HttpResponse:
    views = presenters.tabs(current, request.reader.roles)
    return render(request, f"accountability/{name}.html", context | {"views": views})


def _before(request: Any) -> uuid.UUID | None:
    return ids.parse(request.GET.get("before", ""))


def _following(request: Any, following: object) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("before", None)
    return {"following": following, "query": query.urlencode()}


@require_GET
@READERS
def register(request: Any) -> HttpResponse:
    """The inquiries that concern the reader, or what a figure counts."""
    only = {name: request.GET.get(name, "") for name in ("outcome", "unit", "kind")}
    state = request.GET.get("state", "")
    rows, following = selectors.page(actor=request.actor, now=request.now, state=state, before=_before(request), **only)
    context = {"rows": presenters.rows(rows)} | _following(request, following)
    return _page(request, "register", context, "register" if not state and not any(only.values()) else state)


@require_GET
@READERS
def inquiry(request: Any, inquiry_id: uuid.UUID) -> HttpResponse:
    """One inquiry: what each side wrote, the responsibilities, and what the reader may do."""
    found = selectors.dossier(inquiry_id=inquiry_id, actor=request.actor, now=request.now)
    trace = selectors.trace(inquiry_id=inquiry_id, actor=request.actor)
    case = selectors.case_of(found.seen.inquiry)
    entries = cases.entries(trace, case=case) if trace else []
    letters = exports.letters_of(found, request.actor)
    context = presenters.dossier(found, letters) | {"entries": [replace(one, notes=one.notes[:1]) for one in entries]}
    return render(request, "accountability/inquiry.html", context)


@require_POST
@READERS
def act(request: Any, inquiry_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the inquiry as it then is."""
    body = request.POST.dict()
    services.take(inquiry_id=inquiry_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("accountability:inquiry", inquiry_id)


@require_http_methods(["GET", "POST"])
@READERS
def apply(request: Any, number: str) -> HttpResponse:
    """Apply in writing for a simulated accountability of a case."""
    if request.method == "POST":
        body = request.POST.dict()
        made = services.apply(number=number, actor=request.actor, now=request.now, body=body)
        return redirect("accountability:inquiry", made.id)
    case = selectors.case_to_apply(number, request.actor)
    return _page(request, "apply", presenters.application(case, request.actor, request.now), "")


@require_GET
@READERS
def paper(request: Any, inquiry_id: uuid.UUID, kind: str, form: str) -> HttpResponse:
    """Application, finding report, rectification report, or a letter, as a file."""
    made = exports.content(inquiry_id=inquiry_id, kind=kind, form=form, actor=request.actor, now=request.now)
    return _file(made, f"{kind}.{form}", form)


@require_GET
@READERS
def letter(request: Any, relief_id: uuid.UUID, form: str) -> HttpResponse:
    """A granted tolerance finding or letter as a file; the name is left blank."""
    made = exports.file(exports.letter(relief_id=relief_id, actor=request.actor), form)
    return _file(made, f"letter.{form}", form)


def _file(content: bytes, name: str, form: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=exports.MEDIA_TYPES[form], headers=headers)


@require_GET
@READERS
def signs(request: Any) -> HttpResponse:
    """Early signs, those to be looked at first of all."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    rows, following = selectors.signs(actor=request.actor, state=state, kind=kind, before=_before(request))
    context = {"rows": presenters.signs(rows, request.actor)} | _following(request, following)
    return _page(request, "signs", context, "signs")


@require_POST
@READERS
def act_on_sign(request: Any, sign_id: uuid.UUID, action: str) -> HttpResponse:
    """Explain an early sign, or find nothing in it."""
    body = request.POST.dict()
    services.take_sign(sign_id=sign_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("accountability:signs")


@require_http_methods(["GET", "POST"])
@CHECKED
def checks(request: Any) -> HttpResponse:
    """Rounds of self-checks; the centre opens one here."""
    if request.method == "POST":
        region, title = selectors.region_of(request.actor), request.POST.get("title", "")
        services.open_round(region=region, title=title, actor=request.actor, now=request.now)
        return redirect("accountability:checks")
    return _page(request, "checks", presenters.checks(request.actor, request.now), "checks")


@require_POST
@CHECKED
def act_on_check(request: Any, check_id: uuid.UUID, action: str) -> HttpResponse:
    """Answer for a board or a town, or close the round."""
    body = forms.self_check(request.POST)
    services.take_check(check_id=check_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("accountability:checks")


@require_http_methods(["GET", "POST"])
@NETWORK
def network(request: Any) -> HttpResponse:
    """Observation points, observers, and what became of their hints; the centre sets up new points here."""
    if request.method == "POST":
        region = selectors.region_of(request.actor)
        services.open_point(region=region, actor=request.actor, now=request.now, body=request.POST.dict())
        return redirect("accountability:network")
    return _page(request, "network", presenters.network(request.actor, request.now), "network")


@require_POST
@NETWORK
def act_on_point(request: Any, point_id: uuid.UUID, action: str) -> HttpResponse:
    """Appoint or release an observer, or close the point."""
    body = request.POST.dict()
    services.take_point(point_id=point_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("accountability:network")


@require_GET
@OBSERVING
def hints(request: Any) -> HttpResponse:
    """What became of the reader's own hints; made for the telephone."""
    return render(request, "accountability/hints.html", {"rows": presenters.hints(request.actor)})


@require_GET
@STAFF
def problems(request: Any) -> HttpResponse:
    """The problem list in force, with treatments and posts."""
    book = selectors.book_of(request.actor, request.now)
    return _page(request, "problems", presenters.problems(book), "problems")


@require_GET
@READERS
def reliefs(request: Any) -> HttpResponse:
    """Tolerance findings and letters."""
    rows, following = selectors.reliefs(
        actor=request.actor, state=request.GET.get("state", ""), before=_before(request)
    )
    return _page(request, "reliefs", {"rows": presenters.reliefs(rows)} | _following(request, following), "reliefs")


@require_POST
@READERS
def act_on_relief(request: Any, relief_id: uuid.UUID, action: str) -> HttpResponse:
    """Grant or refuse what was proposed."""
    body = request.POST.dict()
    services.take_relief(relief_id=relief_id, action=action, actor=request.actor, now=request.now, body=body)
    return redirect("accountability:reliefs")


@require_GET
@READERS
def figures(request: Any) -> HttpResponse:
    """Counts without names; each opens its list."""
    found = selectors.figures(actor=request.actor)
    context = presenters.figures(found, selectors.book_of(request.actor, request.now)) | {"now": request.now}
    return _page(request, "figures", context, "figures")
