"""Pages on which a raiser follows a matter and speaks about it, with its code or logged in."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import api as cases_api
from bihuan.casework.cases import presenters as case_pages
from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases import services as case_services
from bihuan.casework.cases import wording as case_words
from bihuan.casework.cases.permissions import STAFF_ROLES, Actor
from bihuan.casework.cases.selectors import Dossier
from bihuan.casework.cases.services import attaching, following
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import answers, database, errors, throttle
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui import masking

from .. import presenters, selectors, services
from ..forms import JudgeForm, TrackForm, WordsForm
from . import holding
from .raising import language

SPOKEN = ("answer", "supplement", "rate_plan", "urge", "reopen", "withdraw")
"""Actions taken on the page of the matter; confirming, denying and rating have a page of their own."""


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
def track(request: Any) -> HttpResponse:
    """Open a matter with its number and code; the address that follows carries the number alone."""
    return _ask_code(request, number="")


def _ask_code(request: Any, *, number: str) -> HttpResponse:
    form = TrackForm(request.POST or None, initial={"number": number})
    if request.method == "POST" and form.is_valid():
        number, code = form.cleaned_data["number"].strip().upper(), form.cleaned_data["code"]
        try:
            address = throttle.address_of(request)
            case_id = following.open_with_code(number=number, code=code, address=address, now=request.now)
        except errors.Problem as problem:
            form.show(problem)
            return render(request, "intake/track.html", {"form": form}, status=problem.status)
        response = redirect("intake:follow", number=number)
        holding.hold(response, number=number, case_id=case_id)
        return response
    return render(request, "intake/track.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
def follow(request: Any, number: str) -> HttpResponse:
    """Everything the raiser may know of the matter, what it wants from them first."""
    if request.method == "POST":
        return _ask_code(request, number=number)
    actor = holding.actor_for(request, number)
    try:
        found = _found(number, actor, request)
    except errors.NotFound:
        if request.reader is not None and request.reader.roles & STAFF_ROLES:
            return redirect("cases:case", number=number)
        return _ask_code(request, number=number)
    return _page(request, found, actor)


def _found(number: str, actor: Actor | None, request: Any) -> Dossier:
    """Return the matter if the device's owner is its raiser. Raises NotFound otherwise."""
    if actor is None:
        raise errors.NotFound(code="case_not_found")
    found = cases.dossier(number=number, actor=actor, now=request.now)
    if not found.is_raiser:
        raise errors.NotFound(code="case_not_found")
    return found


def _page(
    request: Any,
    found: Dossier,
    actor: Actor | None,
    *,
    spoken: WordsForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    case = found.case
    assert actor is not None
    with database.reading(actor.scope()):
        trace = cases.trace(case=case, actor=actor)
    now, next_ = presenters.sentences(case)
    ask = selectors.ask_of(case, has_plan=bool(found.plans))
    limits = selectors.limits(rulebooks.version(case.rulebook_version))
    forms = {action: WordsForm(action=action, limits=limits) for action in SPOKEN if action in found.available_actions}
    if spoken is not None and spoken.action in forms:
        forms[spoken.action] = spoken
    if case.state not in ("merged", "archived"):
        forms["attach"] = WordsForm(action="attach", limits=limits)
    context = {
        "found": found,
        "case": case,
        "standing": presenters.standing_of(found, now=request.now, language=language()),
        "marks": case_pages.marks(case.region, request.now),
        "steps": case_pages.steps(found),
        "now_text": now,
        "next_text": next_,
        "ask": presenters.ask_for(ask, case) if ask in ("word", "rate") else None,
        "forms": forms,
        "may_judge": {"confirm", "deny", "rate"} & set(found.available_actions),
        "happened": presenters.happened(trace, case=case, now=request.now),
        "question": presenters.question(trace, state=case.state),
        "declined": case_words.REASONS.get(case.decline_reason, ""),
        "reply_kind": case_words.KINDS.get(case.reply_kind, ""),
        "phone": masking.MASKS["phone"](found.contact.phone) if found.contact and found.contact.phone else "",
        "by_code": actor.holds is not None,
        "problem": problem,
    }
    return render(request, "intake/follow.html", context, status=status)


@require_POST
@allow(ANYONE)
def act(request: Any, number: str, action: str) -> HttpResponse:
    """Take one of the raiser's actions; what was typed comes back when it cannot be taken."""
    actor = holding.actor_for(request, number)
    if actor is None:
        return _code_again(request, number)
    found = _found(number, actor, request)
    form = _spoken(request, action, found)
    problem, status = "", 422
    if form.is_valid():
        try:
            return _speak(request, number, form, actor)
        except errors.Problem as refused:
            problem, status = str(refused.detail), refused.status
    return _page(request, found, actor, spoken=form, problem=problem, status=status)


def _code_again(request: Any, number: str) -> HttpResponse:
    """Ask for the code; not a redirect, which would look as if the form had been taken (and end its draft)."""
    said = _("Please show your code once more. What you typed is kept on this device.")
    context = {"form": TrackForm(initial={"number": number}), "said": said}
    return render(request, "intake/track.html", context, status=422 if request.method == "POST" else 200)


def _spoken(request: Any, action: str, found: Dossier) -> WordsForm:
    if action not in SPOKEN:
        raise errors.NotFound(code="unknown_action")
    limits = selectors.limits(rulebooks.version(found.case.rulebook_version))
    return WordsForm(request.POST, request.FILES, action=action, limits=limits)


def _speak(request: Any, number: str, form: WordsForm, actor: Actor) -> HttpResponse:
    files = form.cleaned_data.get("uploads", [])
    services.speak(number=number, action=form.action, body=form.body(), files=files, actor=actor, now=request.now)
    messages.success(request, _("They have been told.") if form.action == "urge" else _("Sent. Thank you."))
    return redirect("intake:follow", number=number)


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
def judge(request: Any, number: str) -> HttpResponse:
    """Is it really done, and how was it handled?"""
    actor = holding.actor_for(request, number)
    if actor is None:
        return _code_again(request, number)
    found = _found(number, actor, request)
    form = _judge_form(request, found)
    if not {"done", "result"} & set(form.fields):
        return redirect("intake:follow", number=number)
    if request.method == "POST" and form.is_valid():
        try:
            return _judged(request, number, form, actor)
        except errors.Problem as problem:
            form.show(problem)
    status = 422 if form.errors else 200
    return render(request, "intake/judge.html", {"form": form, "case": found.case}, status=status)


def _judge_form(request: Any, found: Dossier) -> JudgeForm:
    offered = set(found.available_actions)
    return JudgeForm(
        request.POST if request.method == "POST" else None,
        asks_word=bool({"confirm", "deny"} & offered),
        asks_rating="rate" in offered,
        has_plan=bool(found.plans),
        said=found.case.word,
        reasons=selectors.reasons(rulebooks.version(found.case.rulebook_version), language=language()),
    )


def _judged(request: Any, number: str, form: JudgeForm, actor: Actor) -> HttpResponse:
    services.judge(
        number=number, done=form.word, reason=form.cleaned_data["say"], rating=form.rating, actor=actor, now=request.now
    )
    messages.success(request, _("Thank you. Your word counts."))
    return redirect("intake:follow", number=number)


@require_POST
@allow(ANYONE)
def attach(request: Any, number: str) -> HttpResponse:
    """Add files to the matter."""
    actor = holding.actor_for(request, number)
    if actor is None:
        return _code_again(request, number)
    found, uploads = _found(number, actor, request), request.FILES.getlist("attach-uploads")
    if not uploads:
        return _page(request, found, actor, problem=_("Please choose a file first."), status=422)
    try:
        for upload in uploads:
            case_services.attach(number=number, actor=actor, now=request.now, name=upload.name, content=upload.file)
    except errors.Problem as problem:
        return _page(request, found, actor, problem=str(problem.detail), status=problem.status)
    messages.success(request, _("Added."))
    return redirect("intake:follow", number=number)


@require_GET
@allow(ANYONE)
def file(request: Any, number: str, file_id: uuid.UUID) -> HttpResponse:
    """Hand out a file that the raiser may see, always as a download."""
    found = _found(number, holding.actor_for(request, number), request)
    wanted = next((one for one in found.attachments if one.id == file_id), None)
    if wanted is None or not attaching.path_of(wanted.sha256).exists():
        raise errors.NotFound(code="attachment_not_found")
    return cases_api.handed_out(wanted)


@require_GET
@allow(ANYONE)
def receipt_file(request: Any, number: str) -> HttpResponse:
    """The receipt, with its proof once it is sealed: anybody can check it without us (the stand-alone verifier)."""
    actor = holding.actor_for(request, number)
    found = _found(number, actor, request)
    assert actor is not None
    with database.reading(actor.scope()):
        first = ledger.history(found.case.id, limit=1)[0]
        proof = ledger.proof(found.case.id, seq=1)
    response = answers.json({"number": number, "receipt": ledger.receipt(first), "proof": proof})
    response["Content-Disposition"] = f'attachment; filename="{found.case.number}-receipt.json"'
    return response


@require_POST
@allow(ANYONE)
def leave(request: Any, number: str) -> HttpResponse:
    """Forget the matter on this device."""
    response = redirect("intake:track")
    holding.release(response, number=number)
    return response
