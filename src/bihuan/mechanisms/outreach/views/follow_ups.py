"""What follows bad ratings: the queue, one of them, and the letter as a file."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts.permissions import allow
from bihuan.foundation.kernel import errors, ids

from .. import exports, permissions, presenters, selectors, services, wording

FOLLOWERS = allow(*permissions.FOLLOWING)


@require_GET
@FOLLOWERS
def follow_ups(request: Any) -> HttpResponse:
    """Bad ratings and what came of them; a unit sees the letters to it."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    found, following = selectors.follow_ups(
        actor=request.actor, state=state, kind=kind, before=ids.parse(request.GET.get("before", ""))
    )
    query = request.GET.copy()
    query.pop("before", None)
    rows = [
        (one, wording.FOLLOW_KINDS[one.kind], wording.FOLLOW_STATES[one.state], one.due_at and one.due_at < request.now)
        for one in found
    ]
    context = {"rows": rows, "following": following, "query": query.urlencode()}
    context["views"] = presenters.tabs("followups", request.actor)
    return render(request, "outreach/follow_ups.html", context)


@require_GET
@FOLLOWERS
def follow_up(request: Any, follow_up_id: uuid.UUID) -> HttpResponse:
    """One of them: the letter, the answer, and for supervisors the rating."""
    found = selectors.find_follow_up(follow_up_id, request.actor)
    return render(request, "outreach/follow_up.html", presenters.follow_up(found, request.actor, request.now))


@require_POST
@FOLLOWERS
def act_on_follow_up(request: Any, follow_up_id: uuid.UUID, action: str) -> HttpResponse:
    """Take an action, and show it as it then is."""
    services.take_follow_up(
        follow_up_id=follow_up_id, action=action, actor=request.actor, now=request.now, body=request.POST.dict()
    )
    return redirect("outreach:follow_up", follow_up_id)


@require_GET
@FOLLOWERS
def letter(request: Any, follow_up_id: uuid.UUID, form: str) -> HttpResponse:
    """The letter as PDF or DOCX, once it is sent."""
    found = selectors.find_follow_up(follow_up_id, request.actor)
    if not found.number or form not in exports.MEDIA_TYPES:
        raise errors.NotFound
    response = HttpResponse(exports.letter(found, form), content_type=exports.MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{found.number}.{form}"'
    return response
