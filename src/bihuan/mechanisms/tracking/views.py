"""Pages of tracking: the store, one followed matter, its bulletins, and the wall."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.casework.cases import wording as cases_wording
from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import ids
from bihuan.foundation.ui.components import Option

from . import exports, permissions, selectors, services, wording
from .states import TrackState

READERS = allow(*permissions.READERS)
STAFF = allow(*permissions.STAFF)
WALL_ROWS = 60


@require_GET
@READERS
def store(request: Any) -> HttpResponse:
    """The tracking store: filters, lights, and when the next update is due."""
    state = request.GET.get("state", TrackState.TRACKED)
    late = state == "late"
    rows, following = selectors.page(
        actor=request.actor,
        now=request.now,
        state=TrackState.TRACKED if late else state if state in set(TrackState) else "",
        late=late,
        before=ids.parse(request.GET.get("before", "")),
    )
    context = {"rows": _named(rows), "following": following, "state": state, "views": _views(request, state)}
    return render(request, "tracking/store.html", context)


def _views(request: Any, current: str) -> list[Option]:
    counts = selectors.counts(actor=request.actor)
    names = {**wording.STATES, "late": _("Update missing"), "all": _("All")}
    shown = [
        "tracked",
        "late",
        *(["candidate"] if permissions.sees_candidates(request.actor) else []),
        "achieved",
        "all",
    ]
    page = reverse("tracking:store")
    return [
        Option(label=names[one], url=f"{page}?state={one}", count=counts.get(one), current=one == current)
        for one in shown
    ]


def _named(rows: list[selectors.Followed]) -> list[tuple[selectors.Followed, Any]]:
    return [(row, wording.STATES[row.track.state]) for row in rows]


@require_GET
@STAFF
def wall(request: Any) -> HttpResponse:
    """挂图作战: the store for a screen on the wall, a column for each light, the most pressing first; no persons."""
    rows, _following = selectors.page(actor=request.actor, now=request.now, state=TrackState.TRACKED, limit=WALL_ROWS)
    columns: dict[Any, list[selectors.Followed]] = {}
    for row in sorted(rows, key=lambda row: -row.rank):
        columns.setdefault(row.face, []).append(row)
    context = {"columns": list(columns.items()), "counts": selectors.counts(actor=request.actor)}
    return render(request, "tracking/wall.html", context)


@require_GET
@READERS
def track(request: Any, track_id: uuid.UUID) -> HttpResponse:
    """One followed matter: plan with lights, rhythm, bulletins, and what the reader may do."""
    found = selectors.detail(track_id=track_id, actor=request.actor, now=request.now)
    actions = [(name, *wording.ACTIONS[name], wording.TEXT_OF.get(name, "reason")) for name in found.available_actions]
    staff = permissions.sees_candidates(request.actor)
    levels = cases_wording.LEVELS
    context = {
        "found": found,
        "state": wording.STATES[found.track.state],
        "actions": actions,
        "staff": staff,
        "plans": [(plan, levels[str(plan.level)] if plan.level and found.sees_ratings else "") for plan in found.plans],
    }
    return render(request, "tracking/track.html", context)


@require_POST
@STAFF
def act(request: Any, track_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show the matter as it then is."""
    services.take(track_id=track_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict())
    return redirect("tracking:track", track_id)


@require_POST
@STAFF
def open_track(request: Any, number: str) -> HttpResponse:
    """Put a case into the store by a person's own judgement."""
    reason = request.POST.get("reason", "")
    made = services.open_track(number=number, actor=request.actor, now=request.now, reason=reason)
    return redirect("tracking:track", made.id)


@require_GET
@READERS
def bulletin(request: Any, track_id: uuid.UUID, number: int) -> HttpResponse:
    """One bulletin, as it was sent, ready to print."""
    found = selectors.detail(track_id=track_id, actor=request.actor, now=request.now)
    shown = selectors.bulletin(track_id=track_id, number=number, actor=request.actor)
    return render(request, "tracking/bulletin.html", {"found": found, "bulletin": shown})


@require_GET
@READERS
def bulletin_document(request: Any, track_id: uuid.UUID, number: int) -> HttpResponse:
    """One bulletin as a document to file or send."""
    found = selectors.detail(track_id=track_id, actor=request.actor, now=request.now)
    shown = selectors.bulletin(track_id=track_id, number=number, actor=request.actor)
    name = f"{found.case.number}-{shown.number}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(exports.document(text=shown.text), content_type=exports.MEDIA_TYPE, headers=headers)
