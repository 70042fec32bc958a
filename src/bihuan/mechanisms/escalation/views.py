"""Pages of upward escalation: what went up, what came from below, one matter, and other installations."""

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.casework.cases import presenters
from bihuan.casework.cases import wording as cases
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import errors, ids
from bihuan.foundation.ui.components import Option

from . import forms, permissions, selectors, services, wording

STAFF = allow(*permissions.STAFF)
ADMINISTRATOR = allow("system_admin")


def _tabs(request: Any, current: str) -> list[Option]:
    counts = selectors.counts(actor=request.actor)
    sent, below = reverse("escalation:sent"), reverse("escalation:below")
    pages = {
        "up": (_("With the level above"), sent),
        "up-all": (_("All that went up"), f"{sent}?state="),
        "below": (_("From below"), below),
        "below-all": (_("All from below"), f"{below}?state="),
    }
    return [
        Option(label=label, url=url, count=counts.get(name), current=name == current)
        for name, (label, url) in pages.items()
    ]


@require_GET
@STAFF
def sent(request: Any) -> HttpResponse:
    """What was sent up: what is above now, or all."""
    return _register(request, up=True)


@require_GET
@STAFF
def below(request: Any) -> HttpResponse:
    """What came from below: what is in work here, or all."""
    return _register(request, up=False)


def _register(request: Any, *, up: bool) -> HttpResponse:
    state = request.GET.get("state", "open")
    rows, following = selectors.page(
        actor=request.actor, now=request.now, up=up, state=state, before=ids.parse(request.GET.get("before", ""))
    )
    named = [(row, wording.STATES[row.thing.state], cases.STATES.get(row.thing.far_state, "")) for row in rows]
    views = _tabs(request, ("up" if up else "below") + ("" if state == "open" else "-all"))
    context = {"rows": named, "following": following, "state": state, "views": views, "up": up}
    return render(request, "escalation/register.html", context)


@require_GET
@STAFF
def thing(request: Any, thing_id: uuid.UUID) -> HttpResponse:
    """One matter between the levels, with both clocks, its history and what the reader may do."""
    found = selectors.one(thing_id=thing_id, actor=request.actor, now=request.now)
    trace = selectors.trace(thing_id=thing_id, actor=request.actor)
    context = {
        "found": found,
        "state": wording.STATES[found.thing.state],
        "far_state": cases.STATES.get(found.thing.far_state, ""),
        "near_state": cases.STATES[found.case.state],
        "kind": cases.KINDS.get(found.thing.answer_kind, "") if found.up else "",
        "actions": [(name, *wording.ACTIONS[name]) for name in found.available_actions],
        "entries": [replace(one, notes=one.notes[:1]) for one in presenters.entries(trace, case=found.case)],
    }
    return render(request, "escalation/thing.html", context)


@require_POST
@STAFF
def send(request: Any, number: str) -> HttpResponse:
    """Send a case up, and show it on its way."""
    made = services.send_up(number=number, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("escalation:thing", made.id)


@require_POST
@STAFF
def act(request: Any, thing_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the matter as it then is."""
    services.take(thing_id=thing_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("escalation:thing", thing_id)


@require_http_methods(["GET", "POST"])
@ADMINISTRATOR
def peers(request: Any) -> HttpResponse:
    """Other installations: the key of this one, those registered, and a form for another one."""
    form = forms.PeerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.register_peer(**form.cleaned_data, actor=request.actor, now=request.now)
            return redirect("escalation:peers")
        except (errors.Invalid, errors.Conflict) as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    context = {"form": form, "peers": selectors.peers(), "key": selectors.identity()}
    return render(request, "escalation/peers.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ADMINISTRATOR
def renew(request: Any, peer_id: uuid.UUID) -> HttpResponse:
    """Another key of an installation."""
    peer = selectors.peer(peer_id=peer_id)
    form = forms.KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.renew_key(peer_id=peer_id, **form.cleaned_data, actor=request.actor, now=request.now)
            return redirect("escalation:peers")
        except (errors.Invalid, errors.Conflict) as problem:
            form.add_error("public_key", str(problem.detail))
    return render(request, "escalation/key.html", {"form": form, "peer": peer}, status=422 if form.errors else 200)


@require_POST
@ADMINISTRATOR
def switch(request: Any, peer_id: uuid.UUID) -> HttpResponse:
    """Stop or start the exchange with an installation."""
    active = request.POST.get("active") == "yes"
    services.switch_peer(peer_id=peer_id, active=active, actor=request.actor, now=request.now)
    return redirect("escalation:peers")
