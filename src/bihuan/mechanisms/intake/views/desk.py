"""The seat's desk: one page, by keyboard alone, with what is known beside the form."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.casework.cases import api as cases_api
from bihuan.casework.cases import presenters as case_pages
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Enterprise, Region
from bihuan.foundation.kernel import answers, errors

from .. import selectors, services
from ..forms import DeskForm
from ..permissions import DESK
from . import holding
from .raising import language

SEATS = allow(*DESK)


def _counties(request: Any) -> tuple[Region, ...]:
    regions = request.reader.regions_for(DESK)
    return selectors.served_for(regions=regions, on=answers.local_date(request.now))


def _county(request: Any) -> Region:
    """Return the county the desk works for: the one chosen, else the first. Raises NotFound where nothing is served."""
    counties = _counties(request)
    chosen = next((one for one in counties if one.code == request.GET.get("county")), None)
    if not counties:
        raise errors.NotFound(code="region_not_served")
    return chosen or counties[0]


@require_http_methods(["GET", "POST"])
@SEATS
def desk(request: Any) -> HttpResponse:
    """Write down what somebody says, read number and code back, take the next one."""
    county = _county(request)
    posted = request.POST if request.method == "POST" else None
    form = DeskForm(posted, county=county, now=request.now, language=language())
    if posted is not None and form.is_valid():
        try:
            return _saved(request, form, county)
        except errors.Problem as problem:
            form.show(problem)
    return _show(request, form, county)


def _show(request: Any, form: DeskForm, county: Region) -> HttpResponse:
    saved = None if form.is_bound else holding.receipt_of(request)
    context = {"form": form, "county": county, "counties": _counties(request), "saved": saved}
    if form.is_bound:
        context |= _beside(request, county, request.POST)
    response = render(request, "intake/desk.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _saved(request: Any, form: DeskForm, county: Region) -> HttpResponse:
    matter = form.matter()
    actor = cases_api.speaking_for(request.actor, matter)  # type: ignore[arg-type]
    receipt = services.submit(matter=matter, files=[], actor=actor, now=request.now, key=form.cleaned_data["once"])
    page = reverse("intake:desk")
    response = redirect(f"{page}?county={county.code}")
    holding.keep_receipt(response, receipt, page=page)
    return response


@require_GET
@SEATS
def firms(request: Any) -> HttpResponse:
    """Enterprises that fit what is typed: by the beginning of the code or a part of the name."""
    typed = request.GET.get("enterprise", "")[:64]
    regions = directory.descendants(_county(request).code, towns=True)
    found = directory.search_enterprises(text=typed, regions=regions, limit=8)
    code = directory_rules.normalize_uscc(typed)
    flaw = directory_rules.uscc_flaw(code) if len(code) >= 18 and code.isascii() else None
    return render(request, "intake/_firms.html", {"firms": found, "typed": typed.strip(), "flaw": flaw and flaw[1]})


@require_GET
@SEATS
def beside(request: Any) -> HttpResponse:
    """The enterprise's recent cases, and those that may be the matter being written."""
    county = _county(request)
    return render(request, "intake/_beside.html", {"county": county, **_beside(request, county, request.GET)})


def _beside(request: Any, county: Region, typed: Any) -> dict[str, Any]:
    enterprise = _known(typed.get("enterprise", ""))
    if enterprise is None:
        return {}
    recent = selectors.recent_of(enterprise=enterprise, actor=request.actor, now=request.now)
    alike = selectors.alike(
        enterprise=enterprise,
        region=county.code,
        title=typed.get("title", "")[:200],
        description=typed.get("description", "")[:2_000],
        actor=request.actor,
        now=request.now,
    )
    lines = case_pages.lines(recent, now=request.now, language=language())
    return {"firm": enterprise, "recent": lines, "alike": alike}


def _known(typed: str) -> Enterprise | None:
    try:
        return directory.enterprise(typed[:64]) if typed else None
    except errors.Invalid:
        return None
