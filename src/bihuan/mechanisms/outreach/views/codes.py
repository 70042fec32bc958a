"""Codes for those who put them up and watch over them: register, one code, new ones, sheets to print."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, ids

from .. import exports, permissions, presenters, selectors, services, wording

READERS = allow(*permissions.READERS)
ISSUERS = allow(*permissions.ISSUING)
FILTERS = ("kind", "state", "department", "q")


def _only(request: Any) -> dict[str, Any]:
    return {name: request.GET.get(name, "") for name in FILTERS}


@require_GET
@READERS
def codes(request: Any) -> HttpResponse:
    """All codes the reader may see, with how often each was scanned and how it was rated."""
    only = _only(request)
    before = ids.parse(request.GET.get("before", ""))
    found, following = selectors.codes_page(actor=request.actor, before=before, **only)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "rows": presenters.rows(found, request.actor, request.now),
        "figures": presenters.figures(request.actor),
        "following": following,
        "query": query.urlencode(),
        "only": only,
        "may_print": bool(request.reader.roles & set(permissions.ISSUING)),
        "views": presenters.tabs(only["kind"] or "all", request.actor),
    }
    return render(request, "outreach/codes.html", context)


@require_GET
@READERS
def code(request: Any, code_id: uuid.UUID) -> HttpResponse:
    """One code: its counts, what the reader may do, and, for supervisors, what was said."""
    found = selectors.find_code(code_id, request.actor)
    return render(request, "outreach/code.html", presenters.code(found, request.actor, request.now))


@require_POST
@READERS
def act(request: Any, code_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, or ask after a service, and show the code as it then is."""
    given = request.POST.dict()
    if action == "prompt":
        asked = {name: given.get(name, "") for name in ("enterprise", "service")}
        services.prompt(code_id=code_id, **asked, actor=request.actor, now=request.now)
    else:
        services.take_code(code_id=code_id, action=action, actor=request.actor, now=request.now, body=given)
    return redirect("outreach:code", code_id)


@require_http_methods(["GET", "POST"])
@ISSUERS
def issue(request: Any) -> HttpResponse:
    """Put up many codes at once, one a line."""
    regions = request.reader.regions_for(permissions.ISSUING)
    if request.method == "POST":
        kind, text = request.POST.get("kind", ""), request.POST.get("lines", "")
        wanted = list(services.lines(text=text, kind=kind))
        region = request.POST.get("region", "")
        services.issue(kind=kind, region=region, wanted=wanted, actor=request.actor, now=request.now)
        return redirect(f"{reverse('outreach:codes')}?kind={kind}")
    places = directory.regions(regions, answers.local_date(request.now))
    context = {
        "kinds": wording.KINDS.items(),
        "regions": [(one.code, one.name) for one in places if directory.departments(one.code)],
        "departments": [one for code in regions for one in directory.departments(code)],
        "views": presenters.tabs("issue", request.actor),
    }
    return render(request, "outreach/issue.html", context)


@require_GET
@ISSUERS
def sheets(request: Any) -> HttpResponse:
    """The sheets of the codes that the filter shows, or of one (`code`), to print: one or eight a page."""
    one = ids.parse(request.GET.get("code", ""))
    found = selectors.to_print(actor=request.actor, ids=[one] if one else [], most=services.MOST, **_only(request))
    a_page = 8 if request.GET.get("a_page") == "8" else 1

    def address(token: str) -> str:
        return str(request.build_absolute_uri(reverse("outreach:scanned", args=[token])))

    response = HttpResponse(exports.printed(found, address=address, a_page=a_page), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="codes.pdf"'
    return response
