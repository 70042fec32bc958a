"""Pages for those who hear: bad marks, the callback desk, and questions; the rated unit sees its own corrections."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.casework.cases import permissions as case_permissions
from bihuan.casework.cases import wording as case_words
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import answers, ids
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.ui.components import Option

from .. import exports, panels, permissions, presenters, selectors, services, wording
from ..rulebook import Evaluation
from ..selectors import SeenCall, SeenMark

QUEUE = allow(*permissions.HEARERS, *permissions.UNITS)
DESK = allow(*permissions.HEARERS)
WATCH = allow(*permissions.WATCHERS)


def _tabs(page: str, names: dict[str, Any], current: str) -> list[Option]:
    url = reverse(page)
    return [Option(label=label, url=f"{url}?state={name}", current=name == current) for name, label in names.items()]


def _state(request: Any, names: dict[str, Any]) -> tuple[str, str]:
    """Return the chosen tab and the state as selectors take it."""
    chosen = request.GET.get("state", "open")
    chosen = chosen if chosen in names else "open"
    return chosen, "" if chosen == "all" else chosen


@require_GET
@QUEUE
def marks(request: Any) -> HttpResponse:
    """The queue of bad marks."""
    names = {"open": _("Open"), "appealed": _("Appeals"), "closed": _("Concluded"), "all": _("All")}
    chosen, state = _state(request, names)
    rows, following = selectors.marks(
        actor=request.actor, now=request.now, state=state, before=ids.parse(request.GET.get("before", ""))
    )
    context = {
        "rows": [(row, wording.MARKS[row.state], _reasons(row, request)) for row in rows],
        "following": following,
        "chosen": chosen,
        "views": _tabs("evaluation:marks", names, chosen),
        "hears": bool(request.reader.roles & set(permissions.HEARERS)),
        "means": selectors.means(actor=request.actor, now=request.now)[:12],
    }
    return render(request, "evaluation/marks.html", context)


def _reasons(row: SeenMark, request: Any) -> list[str]:
    return presenters.reasons(rulebooks.in_force(row.region, request.now).section(Evaluation), row.reasons)


@require_GET
@QUEUE
def mark(request: Any, mark_id: uuid.UUID) -> HttpResponse:
    """One bad mark: what was said, what was done, what is next."""
    found = selectors.mark(mark_id=mark_id, actor=request.actor, now=request.now)
    trace = [] if found.as_unit else selectors.trace(thing_id=mark_id, actor=request.actor)
    context = {
        "found": found,
        "state": wording.MARKS[found.state],
        "parts": presenters.parts(found),
        "reasons": _reasons(found, request),
        "shared": wording.SHARED[found.shared],
        "appeal": wording.APPEALS[found.appeal],
        "acts": presenters.acts(found.available_actions),
        "beside": [] if found.as_unit else panels.beside(mark_id, request.actor),
        "entries": presenters.entries(trace, found.case) if found.case and trace else [],
    }
    return render(request, "evaluation/mark.html", context)


@require_POST
@QUEUE
def act_on_mark(request: Any, mark_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the mark as it then is; the queue where it is none of theirs any more."""
    services.take_mark(mark_id=mark_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("evaluation:mark", mark_id)


@require_GET
@DESK
def ratings(request: Any) -> HttpResponse:
    """The ratings of the last year as a file, without enterprises and matters."""
    content = exports.ratings(actor=request.actor, now=request.now)
    name = f"ratings-{answers.local_date(request.now):%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers=headers)


@require_GET
@DESK
def calls(request: Any) -> HttpResponse:
    """The callback desk: who is to be called, and what false closings came out."""
    names = {"open": _("To be called"), "false": _("False closings"), "done": _("Called"), "all": _("All")}
    chosen, state = _state(request, names)
    rows, following = selectors.calls(
        actor=request.actor, now=request.now, state=state, before=ids.parse(request.GET.get("before", ""))
    )
    context = {
        "rows": [(row, wording.CALLS[row.call.state], case_words.KINDS.get(row.case.closed_kind, "")) for row in rows],
        "following": following,
        "chosen": chosen,
        "views": _tabs("evaluation:calls", names, chosen),
    }
    return render(request, "evaluation/calls.html", context)


@require_GET
@DESK
def call(request: Any, call_id: uuid.UUID) -> HttpResponse:
    """One callback: whom to call, what to ask, and the two versions side by side."""
    found = selectors.one_call(call_id=call_id, actor=request.actor, now=request.now)
    rule = rulebooks.version(found.call.rulebook_version).section(Evaluation)
    trace = selectors.trace(thing_id=call_id, actor=request.actor)
    context = {
        "found": found,
        "state": wording.CALLS[found.call.state],
        "kind": case_words.KINDS.get(found.case.closed_kind, ""),
        "contact": _contact(found, request),
        "script": [one.in_language(request.LANGUAGE_CODE) for one in rule.callbacks.script],
        "levels": list(case_words.LEVELS.items()),
        "acts": presenters.acts(found.available_actions),
        "entries": presenters.entries(trace, found.case),
    }
    return render(request, "evaluation/call.html", context)


def _contact(found: SeenCall, request: Any) -> Any:
    """Return how to reach the raiser: for whoever has taken the call, and whoever may see it anyway."""
    mine = found.call.caller is not None and found.call.caller == request.actor.person_id
    if not mine and not case_permissions.may_see_contact(request.actor, found.case):
        return None
    return selectors.contact_of(case=found.case, actor=request.actor)


@require_POST
@DESK
def act_on_call(request: Any, call_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the call as it then is."""
    services.take_call(call_id=call_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("evaluation:call", call_id)


@require_GET
@WATCH
def questions(request: Any) -> HttpResponse:
    """What the detectors noticed: evidence, how often they are wrong, and a note instead of a verdict."""
    names = {"open": _("Open"), "answered": _("Answered"), "all": _("All")}
    chosen, state = _state(request, names)
    rows, following = selectors.questions(
        actor=request.actor, state=state, before=ids.parse(request.GET.get("before", ""))
    )
    shown = [
        (row, *wording.KINDS[row.question.kind], presenters.evidence(row), presenters.alarms(row.question.kind))
        for row in rows
    ]
    views = _tabs("evaluation:questions", names, chosen)
    context = {"rows": shown, "following": following, "chosen": chosen, "views": views}
    return render(request, "evaluation/questions.html", context)


@require_POST
@WATCH
def answer_question(request: Any, question_id: uuid.UUID) -> HttpResponse:
    """Answer a question with a note."""
    body = request.POST.dict()
    services.answer_question(question_id=question_id, actor=request.actor, now=request.now, body=body)
    return redirect("evaluation:questions")
