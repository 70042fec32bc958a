"""The page behind the link of an invitation: one tap rates, without logging in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from bihuan.casework.cases import wording as case_words
from bihuan.casework.cases.models import Plan
from bihuan.casework.cases.permissions import STAFF_ROLES
from bihuan.casework.cases.services import word
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import database, errors, throttle
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import presenters, services
from ..forms import RateForm
from ..models import Invitation
from ..rulebook import Evaluation
from ..services import Visit


def _visit(request: Any) -> Visit:
    looks = "\n".join(request.headers.get(name, "") for name in ("User-Agent", "Accept-Language"))
    staff = request.reader is not None and bool(request.reader.roles & STAFF_ROLES)
    return Visit(address=throttle.address_of(request), looks=looks, beside_staff=staff)


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
@sensitive_variables("token")
def rate(request: Any, token: str) -> HttpResponse:
    """Five faces, of which one tap rates; whoever was not content is then asked what was not good."""
    try:
        if "explain" in request.POST:
            return _explained(request, token)
        invitation = services.open_link(token=token, visit=_visit(request), now=request.now)
        form = _form(request, invitation)
        if request.method == "POST" and form.is_valid():
            services.rate_by_link(token=token, body=form.body, visit=_visit(request), now=request.now)
            return _page(request, "evaluation/rated.html", {"form": form, "bad": _is_bad(form)})
    except (errors.NotFound, errors.Conflict) as problem:
        return _page(request, "evaluation/link.html", {"problem": problem}, status=problem.status)
    return _page(request, "evaluation/rate.html", _context(invitation, form), status=422 if form.errors else 200)


def _page(request: Any, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return a page whose address is a secret: no other site learns it, and nobody keeps it."""
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


def _form(request: Any, invitation: Invitation) -> RateForm:
    rule = rulebooks.version(invitation.rulebook_version).section(Evaluation)
    with database.reading(database.SERVICE):
        planned = Plan.objects.filter(case_id=invitation.case_id).exists()
    parts: list[str] = [part for part in rule.parts if part != "plan" or planned]
    return RateForm(_given(request, parts), parts=parts, reasons=presenters.choices(rule))


def _given(request: Any, parts: list[str]) -> Any:
    """Return what was sent. One tap (`all`) rates every part alike."""
    if request.method != "POST":
        return None
    given = request.POST.copy()
    if (level := given.pop("all", [""])[-1]) in case_words.LEVELS:
        for part in {*parts, "process", "result"}:
            given[part] = level
    return given


def _is_bad(form: RateForm) -> bool:
    """Tell whether to ask what was not good: not where it was said with the rating."""
    levels = [form.body[part] for part in form.parts if part in form.body]
    return min(levels) <= word.DISSATISFIED and not form.body["reasons"] and not form.body["note"]


def _explained(request: Any, token: str) -> HttpResponse:
    reasons, words = request.POST.getlist("reasons"), request.POST.get("say", "")
    services.explain_by_link(token=token, reasons=reasons, words=words, visit=_visit(request), now=request.now)
    return _page(request, "evaluation/rated.html", {"bad": False})


def _context(invitation: Invitation, form: RateForm) -> dict[str, Any]:
    taps = [(level, case_words.LEVELS[level], mark) for level, mark in zip("54321", _FACES, strict=True)]
    return {
        "invitation": invitation,
        "case": invitation.case,
        "form": form,
        "taps": taps,
        "until": presenters.asked(invitation),
        "opened": form.is_bound,
    }


_FACES = ("mood-happy", "mood-smile", "mood-empty", "mood-sad", "mood-angry")
