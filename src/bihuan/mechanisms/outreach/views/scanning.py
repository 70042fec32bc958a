"""What anybody sees who scans a code or opens a prompt: rate, or raise a matter. No login, no trace of who."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.rulebook import Channels
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import errors, throttle
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import presenters, services, wording
from ..forms import WindowForm
from ..services import Opened

SEEN = 600
"""For how many seconds one device that looks again is not counted again; the cookie says nothing but that it looked."""


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
@sensitive_variables("token")
def scanned(request: Any, token: str) -> HttpResponse:
    """The page behind a code: five faces, and the way to raise a matter."""
    try:
        opened = services.open_code(token=token, address=throttle.address_of(request), now=request.now)
        form = _form(request, opened)
        if request.method == "POST" and form.is_valid():
            address = throttle.address_of(request)
            services.rate(token=token, said=form.said(), address=address, now=request.now)
            return _private(render(request, "outreach/rated.html", {"token": token, "opened": opened}))
    except (errors.NotFound, errors.Conflict) as problem:
        return _private(render(request, "outreach/code_wrong.html", {"problem": problem}, status=problem.status))
    context = {"token": token, "opened": opened, "form": form}
    response = _private(render(request, "outreach/scan.html", context, status=422 if form.errors else 200))
    _count(request, response, opened)
    return response


def _form(request: Any, opened: Opened) -> WindowForm:
    given = request.POST if request.method == "POST" else None
    return WindowForm(given, reasons=presenters.reasons(opened.code.region, request.now))


def _private(response: HttpResponse) -> HttpResponse:
    """Return a page whose address is a secret: no other site learns it, and nobody keeps it."""
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


def _count(request: Any, response: HttpResponse, opened: Opened) -> None:
    if request.method == "GET" and opened.prompt is None and "bh-looked" not in request.COOKIES:
        services.scan(code_id=opened.code.id, region=opened.code.region, now=request.now)
        response.set_cookie("bh-looked", "1", max_age=SEEN, path=request.path, httponly=True, samesite="Lax")


@require_GET
@allow(ANYONE)
@sensitive_variables("token")
def raise_here(request: Any, token: str) -> HttpResponse:
    """Lead on to the form of a matter whose channel and place are those of the code."""
    try:
        opened = services.open_code(token=token, address=throttle.address_of(request), now=request.now)
    except (errors.NotFound, errors.Conflict) as problem:
        return _private(render(request, "outreach/code_wrong.html", {"problem": problem}, status=problem.status))
    code = opened.code
    channels = rulebooks.in_force(code.region, request.now).section(Channels)
    wanted = channels.find(wording.CHANNELS[code.kind])
    public = [one.id for one in channels.root if one.public]
    channel = wanted.id if wanted is not None and wanted.public else public[0]
    return redirect("intake:raise_by_code", cases.sign_link(channel=channel, region=code.region, place=code.place))
