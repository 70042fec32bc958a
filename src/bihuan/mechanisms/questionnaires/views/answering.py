"""What an enterprise sees: the page behind its link, and the list of what it is asked."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors, throttle

from .. import presenters, selectors, services
from ..models import Recipient
from ..rules import humans
from ..services.answering import Sent


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
@sensitive_variables("token")
def answer(request: Any, token: str) -> HttpResponse:
    """The questionnaire behind a link: no login; it can be answered again until it is closed."""
    address = throttle.address_of(request)
    try:
        recipient = services.open_link(token=token, address=address, now=request.now)
        if request.method == "POST":
            services.answer(token=token, sent=_sent(request), address=address, now=request.now)
            return _private(render(request, "questionnaires/answered.html", {"token": token, "recipient": recipient}))
    except errors.Invalid as problem:
        return _private(_page(request, recipient, token, problem))
    except (errors.NotFound, errors.Conflict) as problem:
        return _private(render(request, "questionnaires/link_wrong.html", {"problem": problem}, status=problem.status))
    return _private(_page(request, recipient, token))


def _sent(request: Any) -> Sent:
    given = request.POST
    hidden = {"csrfmiddlewaretoken", "stamp", humans.HONEYPOT}
    raw = {name: given.getlist(name) for name in given if name not in hidden}
    return Sent(raw=raw, stamp=given.get("stamp", ""), filled=given.get(humans.HONEYPOT, ""))


def _page(request: Any, recipient: Recipient, token: str, problem: errors.Problem | None = None) -> HttpResponse:
    shown = selectors.page_of(recipient, request.now)
    context = presenters.page(shown, request.POST if problem else None, request.now)
    if problem:
        wrong = {key: text for key, text in problem.extra.get("wrong", {}).items() if key in context["form"].fields}
        for key, text in wrong.items():
            context["form"].add_error(key, text)
        if not wrong:
            context["form"].add_error(None, str(problem.detail))
    stamp = humans.stamp(key=settings.SECRET_KEY, ident=recipient.ident, now=request.now)
    # What was drawn a while ago is still looked at: only the first drawing has to be read.
    stamp = request.POST.get("stamp", stamp) if problem and problem.code in ("quick", "answers_wrong") else stamp
    context |= {"token": token, "stamp": stamp, "honeypot": humans.HONEYPOT}
    return render(request, "questionnaires/answer.html", context, status=422 if problem else 200)


def _private(response: HttpResponse) -> HttpResponse:
    """Return a page whose address is a secret: no other site learns it, nobody keeps it, and no log names it."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the path of every refusal
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@allow(Role.ENTERPRISE)
def mine(request: Any) -> HttpResponse:
    """What the reader's enterprise is asked, and what it has answered."""
    rows = selectors.firm_questionnaires(actor=request.actor)
    return render(request, "questionnaires/mine.html", {"rows": rows})
