"""Printed codes: choose what a code carries, print its sheet."""

import io
from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.casework.cases.rulebook import Channels
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Option

from .. import selectors, services, wording
from ..forms import LinkForm
from ..permissions import PRINTERS
from .raising import language

STAFF = allow(*PRINTERS)
IMAGES = {"svg": "image/svg+xml", "png": "image/png"}


@require_http_methods(["GET", "POST"])
@STAFF
def make(request: Any) -> HttpResponse:
    """Choose channel, region and place of a code."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            token = services.issue_link(**form.cleaned_data, actor=request.actor, now=request.now)
            return redirect("intake:sheet", token=token)
        except errors.Problem as problem:
            form.show(problem)
    return render(request, "intake/codes.html", {"form": form}, status=422 if form.errors else 200)


def _form(request: Any) -> LinkForm:
    on = answers.local_date(request.now)
    counties = selectors.served_for(regions=request.reader.regions_for(PRINTERS), on=on)
    known = rulebooks.in_force(counties[0].code if counties else "000000", request.now).section(Channels).root
    public = {row.id: row.name.in_language(language()) for row in known if row.public}
    channels = [(code, public[code]) for code in wording.SHEETS if code in public]
    regions = [(one.code, one.name) for one in counties]
    return LinkForm(request.POST if request.method == "POST" else None, channels=channels, regions=regions)


def _address(request: Any, token: str) -> str:
    return str(request.build_absolute_uri(reverse("intake:raise_by_code", args=[token])))


@require_GET
@STAFF
def sheet(request: Any, token: str) -> HttpResponse:
    """The sheet to print and hang up."""
    link = services.read_link(text=token)
    context = {
        "crumbs": [Option(label=_("Print a code"), url=reverse("intake:codes")), Option(label=link.place, url="")],
        "link": link,
        "token": token,
        "region": directory.region(link.region),
        "heading": wording.SHEETS.get(link.channel, wording.SHEETS["mobile"]),
        "address": _address(request, token),
    }
    return render(request, "intake/sheet.html", context)


@require_GET
@STAFF
def image(request: Any, token: str, ending: str) -> HttpResponse:
    """The code alone, for a place's own print (svg or png)."""
    services.read_link(text=token)
    if ending not in IMAGES:
        raise errors.NotFound
    out = io.BytesIO()
    segno.make(_address(request, token), error="m", micro=False).save(out, kind=ending, scale=12, border=4)
    response = HttpResponse(out.getvalue(), content_type=IMAGES[ending])
    response["Content-Disposition"] = f'attachment; filename="code.{ending}"'
    return response
