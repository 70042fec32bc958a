"""Pages on which an enterprise, or anybody, raises a matter: home, form, receipt."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.casework.cases import api as cases_api
from bihuan.casework.cases import presenters as case_pages
from bihuan.casework.cases import selectors as cases
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, errors, throttle

from .. import presenters, selectors, services
from ..forms import FirmForm, RaiseForm
from ..services import Link
from . import holding

PAGE = 20
LOOKUPS = throttle.Limit(name="intake:lookup", times=300, per=dt.timedelta(hours=1))
"""How many right credit codes one address may look up without sending anything."""


def language() -> str:
    """Return the language of this page."""
    return translation.get_language() or "zh-hans"


@require_GET
@allow(ANYONE)
def home(request: Any) -> HttpResponse:
    """What an enterprise sees first: what waits for it, raise, follow, and its matters."""
    firms = selectors.own_firms(actor=request.actor)
    waiting = presenters.asks(selectors.waiting(actor=request.actor))
    context: dict[str, Any] = {"firms": firms, "waiting": waiting, "cards": []}
    if firms:
        filters = cases.Filters(enterprise=tuple(one.uscc for one in firms))
        cursor = request.GET.get("cursor") or None
        rows, following = cases.page(actor=request.actor, filters=filters, now=request.now, cursor=cursor, limit=PAGE)
        context |= {"cards": presenters.cards(rows, now=request.now, language=language()), "next": following}
        context["marks"] = case_pages.marks(firms[0].region[:6], request.now)
    return render(request, "intake/home.html", context)


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
def raise_matter(request: Any, link: Link | None = None) -> HttpResponse:
    """Raise a matter; wrong input comes back whole, with each thing named."""
    form = _form(request, link)
    if request.method == "POST" and form.is_valid():
        try:
            return _raised(request, form)
        except errors.Problem as problem:
            form.show(problem)
    return _show(request, form, link)


def _form(request: Any, link: Link | None) -> RaiseForm:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    return RaiseForm(
        *given,
        counties=selectors.served(on=answers.local_date(request.now)),
        firms=selectors.own_firms(actor=request.actor),
        link=link,
        now=request.now,
        language=language(),
    )


def _raised(request: Any, form: RaiseForm) -> HttpResponse:
    if request.reader is None:
        throttle.count(limit=cases_api.public_intake(), whom=throttle.address_of(request), now=request.now)
    mobile = "Mobi" in request.headers.get("User-Agent", "")
    region = form.link.region if form.link else form.cleaned_data["region"]
    channel = selectors.public_channel(region=region[:6], at=request.now, wanted="mobile" if mobile else "web")
    receipt = services.submit(
        matter=form.matter(channel=channel),
        files=form.cleaned_data["uploads"],
        actor=form.actor(request.actor),
        now=request.now,
        key=form.cleaned_data["once"],
    )
    response = redirect("intake:receipt")
    holding.keep_receipt(response, receipt, page=reverse("intake:receipt"))
    holding.hold(response, number=receipt.number, case_id=receipt.case_id)
    return response


def _show(request: Any, form: RaiseForm, link: Link | None) -> HttpResponse:
    region = link.region if link else str(form.fields["region"].initial or "")[:6]
    place = directory.region(region) if link else None
    context = {
        "form": form,
        "link": link,
        "place": place,
        "firm": _firm(request, _typed(form)),
        "promises": presenters.promises(region=region, at=request.now) if region else [],
    }
    return render(request, "intake/raise.html", context, status=422 if form.errors else 200)


def _typed(form: RaiseForm) -> str:
    return str(form["enterprise"].value() or "")[:64] if "enterprise" in set(form.fields) - set(form.errors) else ""


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
def raise_by_code(request: Any, token: str) -> HttpResponse:
    """Raise a matter by a printed code: channel and place are those of the code."""
    try:
        link = services.read_link(text=token)
    except errors.NotFound as problem:
        return render(request, "intake/code_wrong.html", {"problem": problem}, status=problem.status)
    return raise_matter(request, link=link)


@require_GET
@allow(ANYONE)
def firm(request: Any) -> HttpResponse:
    """While a credit code is typed: say what is wrong with it, or whose it is."""
    form = FirmForm(initial={"enterprise_name": request.GET.get("enterprise_name", "")[:120]})
    known = _firm(request, request.GET.get("enterprise", "")[:64])
    return render(request, "intake/_firm.html", {"firm": known, "form": form})


def _firm(request: Any, typed: str) -> dict[str, Any]:
    """Return what is known about a typed credit code: flaw (a sentence), name, whether it is whole and right."""
    code = directory_rules.normalize_uscc(typed)
    if not code:
        return {}
    if flaw := directory_rules.uscc_flaw(code):
        # While somebody types, a code that is only too short is not wrong yet.
        return {} if flaw[0] == "length" and len(code) < 18 else {"flaw": flaw[1]}
    try:
        throttle.count(limit=LOOKUPS, whom=throttle.address_of(request), now=request.now)
    except errors.TooMany:
        return {"right": True}
    found = directory.enterprise(code)
    return {"right": True, "name": found.name if found else ""}


@require_GET
@allow(ANYONE)
def receipt(request: Any) -> HttpResponse:
    """Number and follow-up code of the matter just raised: on this device, for a few minutes, and never again."""
    kept = holding.receipt_of(request)
    if kept is None:
        return redirect("intake:track")
    number, code = kept
    address = request.build_absolute_uri(reverse("intake:follow", args=[number]))
    response = render(request, "intake/receipt.html", {"number": number, "code": code, "address": address})
    response["Cache-Control"] = "no-store"
    return response
