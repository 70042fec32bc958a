"""Pages with published figures; anybody may read them."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.accounts.roles import REGION_WIDE
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors
from bihuan.foundation.ui.context import SIZE_COOKIE, THEME_COOKIE

from . import presenters, selectors

AGE = 600
"""For how many seconds a browser need not ask again."""


@require_safe
@allow(ANYONE)
def regions(request: Any) -> HttpResponse:
    """The places that publish; where there is one, its figures at once."""
    found = selectors.publishing(at=request.now)
    if not found:
        raise errors.NotFound(code="nothing_published")
    if len(found) == 1:
        return redirect("openness:figures", region=found[0].code)
    return render(request, "openness/regions.html", {"regions": found})


@require_safe
@allow(ANYONE)
def figures(request: Any, region: str) -> HttpResponseBase:
    """The published figures of a place, each with its definition and its table."""
    found = selectors.figures(region=region, at=request.now)
    language = translation.get_language() or "zh-hans"
    inside = request.reader is not None and region in request.reader.regions_for(REGION_WIDE)
    looks = (language, str(inside), *(request.COOKIES.get(name, "") for name in (SIZE_COOKIE, THEME_COOKIE)))
    tag = presenters.etag(found, *looks)
    if known := _unchanged(request, tag):
        return known
    context = {
        "found": found,
        "place": directory.region(region),
        "inside": inside,
        "tiles": presenters.tiles(found, inside=inside),
        "tables": presenters.tables(found, at=request.now, language=language, inside=inside),
        "heard": presenters.heard(found),
        "silent": presenters.count(found.silent, found.least),
    }
    return _keepable(render(request, "openness/figures.html", context), tag, private=True)


@require_safe
@allow(ANYONE)
def clues(request: Any, region: str) -> HttpResponse:
    """How many clues about staff came in, and what became of them: counts, never contents."""
    found = selectors.clues(region=region, at=request.now)
    context = {
        "found": found,
        "place": directory.region(region),
        "tables": presenters.clues(found),
        "received": presenters.count(found.received, found.least),
    }
    return render(request, "openness/clues.html", context)


@require_safe
@allow(ANYONE)
def document(request: Any, region: str) -> HttpResponseBase:
    """The same figures for programs."""
    found = selectors.figures(region=region, at=request.now)
    tag = presenters.etag(found)
    known = _unchanged(request, tag)
    return known or _keepable(answers.json(presenters.document(found)), tag, public=True)


def _unchanged(request: Any, tag: str) -> HttpResponseBase | None:
    """Return 304 when the reader has this page already; it is not even drawn then."""
    response = get_conditional_response(request, etag=tag)
    if response is not None:
        response["ETag"] = tag
    return response


def _keepable(response: HttpResponse, tag: str, **who: bool) -> HttpResponse:
    response["ETag"] = tag
    patch_cache_control(response, max_age=AGE, **who)
    return response
