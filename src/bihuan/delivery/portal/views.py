"""Home by role, and the inbox."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from bihuan.casework.cases.permissions import STAFF_ROLES
from bihuan.foundation.accounts.permissions import ANYONE, LOGGED_IN, allow
from bihuan.foundation.kernel import errors
from bihuan.foundation.notifications import selectors, services


@allow(ANYONE)
def home(request: Any) -> HttpResponse:
    """Lead everybody to the screen that answers their first question (DOMAIN §7)."""
    if request.reader is None:
        return redirect("account_login")
    return redirect("cases:queue" if request.reader.roles & STAFF_ROLES else "inbox")


@allow(LOGGED_IN)
def inbox(request: Any) -> HttpResponse:
    """What the product told the reader, newest first."""
    try:
        cursor = uuid.UUID(request.GET["cursor"]) if "cursor" in request.GET else None
    except ValueError as error:
        raise errors.NotFound from error
    page = selectors.inbox(reader=request.reader, cursor=cursor)
    return render(request, "portal/inbox.html", {"page": page})


@require_POST
@allow(LOGGED_IN)
def read_inbox(request: Any) -> HttpResponse:
    """Mark all messages as read."""
    services.mark_all_read(person_id=request.reader.person_id, now=request.now)
    return redirect("inbox")
