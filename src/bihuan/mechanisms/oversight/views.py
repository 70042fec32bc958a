"""Pages of oversight: orders, one order, and the lists."""

import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.casework.cases import presenters
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import ids
from bihuan.foundation.ui import lights
from bihuan.foundation.ui.components import Option
from bihuan.foundation.ui.lights import Face

from . import exports, permissions, selectors, services, wording

STAFF = allow(*permissions.STAFF)


def _tabs(request: Any, current: str) -> list[Option]:
    counts = selectors.counts(actor=request.actor)
    pages = {
        "orders": (_("Open orders"), reverse("oversight:orders")),
        "closed": (_("Written off"), reverse("oversight:orders") + "?state=closed"),
        "warning": (wording.LISTS["warning"], reverse("oversight:entries", args=["warning"])),
    }
    return [
        Option(label=label, url=url, count=counts.get(name), current=name == current)
        for name, (label, url) in pages.items()
    ]


def _face(row: selectors.Seen) -> Face:
    """Return how the light looks that set the order or entry going, in the reader's language."""
    thing = row.thing
    known = presenters.faces_under(thing.rulebook_version).get(thing.light)
    return known or lights.face(thing.light, label=thing.light_name)


@require_GET
@STAFF
def orders(request: Any) -> HttpResponse:
    """The register of supervision orders: the open ones, or those of one state."""
    state = request.GET.get("state", "open")
    rows, following = selectors.orders(
        actor=request.actor, now=request.now, state=state, before=ids.parse(request.GET.get("before", ""))
    )
    named = [(row, _face(row), wording.STATES[row.thing.state], wording.OWNERS[row.thing.owner]) for row in rows]
    views = _tabs(request, "closed" if state == "closed" else "orders")
    return render(
        request, "oversight/orders.html", {"rows": named, "following": following, "state": state, "views": views}
    )


@require_GET
@STAFF
def order(request: Any, order_id: uuid.UUID) -> HttpResponse:
    """One order, ready to print, with its trace (which the raiser does not see) and what the reader may do."""
    found = selectors.order(order_id=order_id, actor=request.actor, now=request.now)
    trace = selectors.trace(order_id=order_id, actor=request.actor)
    context = {
        "found": found,
        "face": _face(found),
        "letter": selectors.letter_if(order_id=order_id, actor=request.actor),
        "state": wording.STATES[found.thing.state],
        "owner": wording.OWNERS[found.thing.owner],
        "actions": [(name, *wording.ACTIONS[name]) for name in found.available_actions],
        "entries": [replace(one, notes=one.notes[:1]) for one in presenters.entries(trace, case=found.case)],
    }
    return render(request, "oversight/order.html", context)


@require_GET
@STAFF
def letter(request: Any, order_id: uuid.UUID, form: str) -> HttpResponse:
    """The order as an official letter, to print or to file."""
    if form not in exports.MEDIA_TYPES:
        raise Http404
    return _file(selectors.letter(order_id=order_id, actor=request.actor), form)


def _file(found: Any, form: str) -> HttpResponse:
    name = quote(f"{found.number}.{form}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(exports.file(found, form), content_type=exports.MEDIA_TYPES[form], headers=headers)


@require_POST
@STAFF
def act(request: Any, order_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the order as it then is."""
    services.take(order_id=order_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("oversight:order", order_id)


@require_GET
@STAFF
def entries(request: Any, kind: str) -> HttpResponse:
    """A list: the warning list."""
    if kind not in wording.LISTS:
        raise Http404
    rows, following = selectors.entries(
        actor=request.actor, now=request.now, kind=kind, before=ids.parse(request.GET.get("before", ""))
    )
    shown = [
        (
            row,
            _face(row),
            wording.ENTRY_STATES[row.thing.state],
            [(one, *wording.ACTIONS[one]) for one in row.available_actions],
        )
        for row in rows
    ]
    context = {"rows": shown, "following": following, "title": wording.LISTS[kind], "views": _tabs(request, kind)}
    return render(request, "oversight/entries.html", context)


@require_POST
@STAFF
def act_on_entry(request: Any, entry_id: uuid.UUID, action: str) -> HttpResponse:
    """Note a matter as seen, or take it off its list."""
    made = services.take_entry(
        entry_id=entry_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict()
    )
    return redirect("oversight:entries", made.kind)
