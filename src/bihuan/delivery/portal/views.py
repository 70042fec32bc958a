"""Home by role, the numbers of the frame, and the inbox."""

import json
import uuid
import zlib
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from bihuan.casework.cases.permissions import STAFF_ROLES
from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow
from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role
from bihuan.foundation.kernel import errors
from bihuan.foundation.notifications import selectors, services
from bihuan.foundation.ui import navigation
from bihuan.foundation.ui.context import SIZE_COOKIE

YEAR = 365 * 24 * 3600

HOMES: tuple[tuple[frozenset[Role], str], ...] = (
    (frozenset({Role.COORDINATOR, Role.CATCH_ALL}), "cases:queue"),
    (frozenset({Role.SEAT}), "intake:desk"),
    (STAFF_ROLES, "cases:queue"),
    (frozenset({Role.ENTERPRISE}), "intake:home"),
    (ADMINISTRATORS, "administration:home"),
)
"""Roles and the screen that answers their first question (DOMAIN §7); the first line that fits rules. The queue itself
opens in the view of the office (`cases.presenters.presets`)."""


@allow(ANYONE)
def home(request: Any) -> HttpResponse:
    """Lead everybody to their first screen: whoever is not logged in to the one on which anybody raises a matter."""
    if request.reader is None:
        return redirect("intake:home")
    return redirect(next((page for roles, page in HOMES if request.reader.roles & roles), "inbox"))


@require_POST
@allow(ANYONE)
def display(request: Any) -> HttpResponse:
    """Remember on the device whether the reader wants larger and simpler pages; for browsers without scripts."""
    to = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    response = redirect(to if here else "home")
    size = "large" if request.POST.get("size") == "large" else "normal"
    response.set_cookie(SIZE_COOKIE, size, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def _cursor(request: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET["cursor"]) if "cursor" in request.GET else None
    except ValueError as error:
        raise errors.NotFound from error


def _answer(request: Any, template: str, context: dict[str, Any], shown: Any) -> HttpResponse:
    """Return a part of a page that asks again by itself; 304 when it has all that is `shown` already."""
    mark = f'"{zlib.crc32(repr((shown, request.LANGUAGE_CODE)).encode()):08x}"'
    if request.headers.get("HX-Request") and request.headers.get("If-None-Match") == mark:
        return HttpResponseNotModified(headers={"ETag": mark})
    poll = json.dumps({"If-None-Match": mark, "X-Bihuan-Poll": "1"})
    response = render(request, template, {**context, "poll": poll})
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@allow(LOGGED_IN)
def pulse(request: Any) -> HttpResponse:
    """The numbers of the frame: what waits behind each entry of the navigation, and unread messages."""
    nav = navigation.build(request, navigation.visitor_of(request), count=True)
    numbers = [(entry.ident, entry.badge) for section in nav for entry in section.entries if entry.counted]
    unread = navigation.unread_of(request)
    return _answer(request, "portal/pulse.html", {"nav": nav}, (numbers, unread))


@require_GET
@allow(LOGGED_IN)
def inbox(request: Any) -> HttpResponse:
    """What the product told the reader, newest first; `?unread=1` leaves out what was read."""
    only_new = bool(request.GET.get("unread"))
    page = selectors.inbox(reader=request.reader, cursor=_cursor(request), unread_only=only_new)
    context = {"page": page, "only_new": only_new, "next": str(page.next or "")}
    shown = [(entry.id, entry.count, entry.read_at) for entry in page.entries]
    return _answer(request, "portal/inbox.html", context, (shown, int(request.now.timestamp()) // 600))


@require_GET
@allow(LOGGED_IN)
def folded(request: Any, notice_id: uuid.UUID) -> HttpResponse:
    """The notices that were folded into one."""
    found = selectors.folded(reader=request.reader, notice_id=notice_id)
    if not found:
        raise errors.NotFound
    return render(request, "portal/folded.html", {"entries": found})


@require_POST
@allow(LOGGED_IN)
def read_inbox(request: Any) -> HttpResponse:
    """Mark all messages as read."""
    services.mark_all_read(person_id=request.reader.person_id, now=request.now)
    return redirect("inbox")


@require_POST
@allow(LOGGED_IN)
def read_one(request: Any, notice_id: uuid.UUID) -> HttpResponse:
    """Mark one message as read."""
    services.mark_read(notice_id=notice_id, person_id=request.reader.person_id, now=request.now)
    return redirect("inbox")
