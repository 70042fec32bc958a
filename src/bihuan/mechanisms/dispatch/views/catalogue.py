"""The dispatch catalogue: what holds, how each entry fares, its editions, and a new one from a spreadsheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import errors

from .. import exports, permissions, presenters, selectors, services
from ..forms import CatalogueForm
from .desk import language, region_of

READERS = allow(*permissions.CATALOGUE_READERS)
KEEPERS = allow(*permissions.KEEPERS)


def _page(request: Any, found: Any, *, flaws: Any = ()) -> HttpResponse:
    region = region_of(request)
    context = {
        "found": found,
        "rows": presenters.matters(found, now=request.now, language=language()),
        "editions": selectors.catalogue.editions(region),
        "holds": selectors.catalogue.current(region).edition,
        "keeps": bool(set(request.reader.roles) & set(permissions.KEEPERS)),
        "form": CatalogueForm(),
        "views": presenters.tabs("catalogue", request.reader.roles),
        "flaws": presenters.flaws(flaws),
        **presenters.headings(),
    }
    return render(request, "dispatch/catalogue.html", context, status=422 if flaws else 200)


@require_GET
@READERS
def catalogue(request: Any) -> HttpResponse:
    """The edition in force: matters, whose they are, by what law, how often used and overruled."""
    return _page(request, selectors.catalogue.current(region_of(request)))


@require_GET
@READERS
def edition(request: Any, number: int) -> HttpResponse:
    """One edition, as a draft to look at or as it once held."""
    return _page(request, selectors.catalogue.edition(region=region_of(request), number=number))


@require_GET
@READERS
def export(request: Any, number: int) -> HttpResponse:
    """One edition as a spreadsheet, to be changed and read again."""
    found = selectors.catalogue.edition(region=region_of(request), number=number)
    headers = {"Content-Disposition": f'attachment; filename="catalogue-{region_of(request)}-{number}.csv"'}
    return HttpResponse(exports.catalogue(found), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@KEEPERS
def read(request: Any) -> HttpResponse:
    """Read a spreadsheet: a draft to look at, or what is wrong in which row."""
    file, region = request.FILES.get("file"), region_of(request)
    if file is None:
        raise errors.Invalid(_("Please choose a file."), code="required", field="file")
    done = services.read_catalogue(
        region=region, file=file.file, filename=file.name, actor=request.actor, now=request.now
    )
    if done.edition is not None:
        return redirect("dispatch:edition", done.edition.number)
    return _page(request, selectors.catalogue.current(region), flaws=done.errors)


@require_POST
@KEEPERS
def put_in_force(request: Any, number: int) -> HttpResponse:
    """Let an edition hold from now on."""
    services.put_in_force(region=region_of(request), number=number, actor=request.actor, now=request.now)
    messages.success(request, _("Edition %(number)s is in force.") % {"number": number})
    return redirect("dispatch:catalogue")
