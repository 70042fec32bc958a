"""Tokens of programs, for the security administrator: whose they are, when they were used, and taking one back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bihuan.foundation.accounts import selectors, services

from ..places import SECURITY
from .cursors import cursor

PAGE = 50


@require_GET
@SECURITY
def tokens(request: Any) -> HttpResponse:
    """The tokens that still open something, the newest first."""
    found = selectors.live_tokens(reader=request.reader, now=request.now, before=cursor(request), limit=PAGE + 1)
    following = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return render(request, "administration/tokens.html", {"tokens": found[:PAGE], "next": following})


@require_POST
@SECURITY
def revoke(request: Any, token_id: uuid.UUID) -> HttpResponse:
    """Make a token useless."""
    found = selectors.live_token(reader=request.reader, now=request.now, token_id=token_id)
    services.revoke_token(token_id=found.pk, actor_id=request.reader.person_id, now=request.now)
    messages.success(request, _("Taken back. Programs that use it are refused within five seconds."))
    return redirect("administration:tokens")
