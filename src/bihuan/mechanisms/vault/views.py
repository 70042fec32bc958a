"""Pages of the vault: report, dialogue (both without login), desk, one clue, identity, ledger of views, hand-over."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import selectors as cases
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database, errors, ids, throttle
from bihuan.foundation.kernel.text import clean_line

from . import permissions, presenters, selectors, services
from .forms import AboutForm, CodeForm, ReportForm, WordForm

OFFICERS = allow(*permissions.OFFICERS)
WATCHERS = allow(*permissions.WATCHERS)
GIVERS = allow(*permissions.GIVERS)
kept_nowhere: Callable[..., Any] = cache_control(private=True, no_store=True)
"""No browser and no proxy keeps a page of the vault."""


def _sender(request: Any) -> str:
    return services.unlinkable(throttle.address_of(request))


@require_GET
@allow(ANYONE)
def places(request: Any) -> HttpResponse:
    """Where the public may report; where there is one place, its form at once."""
    found = selectors.places(on=answers.local_date(request.now), at=request.now)
    if len(found) == 1:
        return redirect("vault:report", region=found[0].code)
    return render(request, "vault/places.html", {"places": found})


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
@kept_nowhere
def report(request: Any, region: str) -> HttpResponse:
    """Report something about staff: to discipline inspection alone, with or without a name. The code comes once."""
    place = next(
        (one for one in selectors.places(on=answers.local_date(request.now), at=request.now) if one.code == region),
        None,
    )
    if place is None:
        raise errors.NotFound(code="reports_not_taken")
    # A published list may lead here from one of its entries: the report then begins with it.
    about = clean_line(request.GET.get("about", ""))[:300]
    initial = {"text": _("It breaks this entry: %(about)s") % {"about": about} + "\n"} if about else {}
    given = {"region": region, "now": request.now, "language": presenters.language(), "initial": initial}
    form = ReportForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        throttle.count(limit=services.limit(), whom=_sender(request), now=request.now)
        try:
            received = services.report(matter=form.matter(), now=request.now)
        except errors.Problem as problem:
            form.show(problem)
        else:
            return render(request, "vault/received.html", {"received": received})
    status = 422 if form.errors else 200
    return render(request, "vault/report.html", {"form": form, "place": place}, status=status)


@require_http_methods(["GET", "POST"])
@allow(ANYONE)
@kept_nowhere
def dialogue(request: Any) -> HttpResponse:
    """The dialogue that a code opens. Each answer is drawn at once: no cookie and no address carries the code."""
    if request.method == "GET":
        return render(request, "vault/code.html", {"form": CodeForm()})
    form, word = CodeForm(request.POST), WordForm(request.POST if "text" in request.POST else None)
    if form.is_valid():
        code, sender = form.cleaned_data["code"], _sender(request)
        try:
            if word.is_valid():
                said = word.cleaned_data["text"]
                thread = services.say(code=code, text=said, sender=sender, now=request.now)
                word = WordForm()
            else:
                thread = services.thread(code=code, sender=sender, now=request.now)
        except errors.Problem as problem:
            form.show(problem)
        else:
            context = {"thread": thread, "code": code, "word": word, "shown": presenters.thread(thread)}
            return render(request, "vault/dialogue.html", context, status=422 if word.errors else 200)
    return render(request, "vault/code.html", {"form": form}, status=422)


@require_GET
@OFFICERS
@kept_nowhere
def desk(request: Any) -> HttpResponse:
    """The desk: clues that do not concern the reader, and requests that wait for a second officer."""
    stage = request.GET.get("stage", "open")
    rows, following = services.open_desk(
        actor=request.actor,
        now=request.now,
        stage="" if stage == "all" else stage,
        before=ids.parse(request.GET.get("before", "")),
    )
    context = {
        "rows": presenters.rows(rows, request.now),
        "following": following,
        "stage": stage,
        "views": presenters.tabs(stage),
        "waiting": selectors.waiting(actor=request.actor, now=request.now),
    }
    return render(request, "vault/desk.html", context)


@require_GET
@OFFICERS
@kept_nowhere
def clue(request: Any, clue_id: uuid.UUID) -> HttpResponse:
    """One clue; that it was opened is on record before it is shown."""
    found = services.open_clue(clue_id=clue_id, actor=request.actor, now=request.now)
    return render(request, "vault/clue.html", presenters.clue(found, request.now))


@require_POST
@OFFICERS
@kept_nowhere
def act(request: Any, clue_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the clue as it then is."""
    services.take(clue_id=clue_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("vault:clue", clue_id)


@require_POST
@OFFICERS
@kept_nowhere
def act_on_request(request: Any, request_id: uuid.UUID, action: str) -> HttpResponse:
    """Agree or refuse as the second officer; or see the identity, on this page and never again."""
    found = services.take_request(request_id=request_id, action=action, actor=request.actor, now=request.now)
    if found is None:
        return redirect("vault:desk")
    return render(request, "vault/identity.html", {"identity": presenters.identity(found)})


@require_GET
@WATCHERS
@kept_nowhere
def views(request: Any) -> HttpResponse:
    """The ledger of views: who looked at what, and when. It says nothing of what clues say."""
    before = request.GET.get("before", "")
    rows, following, region, regions = services.open_views(
        actor=request.actor,
        now=request.now,
        region=request.GET.get("region", ""),
        before=int(before) if before.isdecimal() and len(before) < 10 else None,
    )
    officer = bool(request.reader.roles & set(permissions.OFFICERS))
    context = {
        "rows": presenters.views(rows),
        "following": following,
        "region": region,
        "regions": directory.regions(regions, answers.local_date(request.now)),
        "views": presenters.tabs("views") if officer else [],
    }
    return render(request, "vault/views.html", context)


@require_http_methods(["GET", "POST"])
@GIVERS
@kept_nowhere
def transfer(request: Any, number: str) -> HttpResponse:
    """Hand over what a case shows about staff. One way: a receipt, and nothing afterwards."""
    with database.reading(request.actor.scope()):
        case = cases.find(number=number, actor=request.actor)
    if not permissions.may_give_case(request.actor, case):
        raise errors.Forbidden()
    given = request.POST or None
    form = AboutForm(given, region=case.region, now=request.now, language=presenters.language())
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("kind", "text", "unit")}
        words["person"] = clean_line(form.cleaned_data["person"])
        received = services.transfer_case(number=number, actor=request.actor, now=request.now, **words)
        return render(request, "vault/handed.html", {"received": received, "number": number})
    context = {"form": form, "number": number, "title": case.title}
    return render(request, "vault/transfer.html", context, status=422 if form.errors else 200)
