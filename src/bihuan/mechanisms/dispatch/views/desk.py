"""The triage desk: new matters with what is proposed; one key takes it, another opens it to be changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import errors, ids

from .. import permissions, presenters, selectors, services, wording
from ..forms import DecisionForm

DESK = allow(*permissions.DESK)


def language() -> str:
    """Return the code of the language of this page."""
    return get_language() or "zh-hans"


def region_of(request: Any) -> str:
    """Return the county of the reader's first office."""
    region: str = request.reader.grants[0].region[:6]
    return region


@require_GET
@DESK
def desk(request: Any) -> HttpResponse:
    """New matters, the oldest first, each with its proposal and the reasons for it."""
    after = ids.parse(request.GET.get("after", ""))
    rows, following = selectors.queue(actor=request.actor, now=request.now, after=after)
    learnt = selectors.learnt.of(region_of(request))
    context = {
        "lines": presenters.lines(rows, language=language()),
        "following": following,
        "views": presenters.tabs("desk", request.reader.roles),
        "no_model": wording.NO_MODEL.get(learnt.why, ""),
    }
    return render(request, "dispatch/desk.html", context)


@require_POST
@DESK
def take(request: Any, number: str) -> HttpResponse:
    """Take the proposal as it is."""
    try:
        case = services.take_proposal(number=number, actor=request.actor, now=request.now)
    except errors.Conflict as problem:
        messages.error(request, f"{number}: {problem.detail}")
        return redirect("dispatch:change", number)
    _say(request, case)
    return redirect("dispatch:desk")


def _say(request: Any, case: Any) -> None:
    said = _("%(number)s: accepted and dispatched") if case.state == "dispatched" else _("%(number)s: accepted")
    messages.success(request, said % {"number": case.number})


@require_http_methods(["GET", "POST"])
@DESK
def change(request: Any, number: str) -> HttpResponse:
    """Decide otherwise than proposed, or where nothing is proposed."""
    waiting = selectors.one(number=number, actor=request.actor, now=request.now)
    form = DecisionForm(request.POST or None, waiting=waiting, language=language(), now=request.now)
    if request.method == "POST" and form.is_valid() and (case := _decided(request, number, form)):
        _say(request, case)
        return redirect("dispatch:desk")
    (line,) = presenters.lines([waiting], language=language())
    return render(request, "dispatch/change.html", {"line": line, "form": form}, status=422 if form.errors else 200)


def _decided(request: Any, number: str, form: DecisionForm) -> Any:
    """Return the case as it then is; what stood against it comes back in the form."""
    try:
        return services.decide(number=number, decision=form.decision(), actor=request.actor, now=request.now)
    except errors.Problem as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.detail))
        return None
