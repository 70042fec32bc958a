"""The one door to every page: who reads, whether the page is for them, and problems as pages in plain words."""

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from bihuan.casework.cases.permissions import STAFF_ROLES, Actor
from bihuan.foundation.accounts import permissions, roles
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import clock, errors, ids

INSIDE = STAFF_ROLES | roles.ADMINISTRATORS
"""Who may hear how the house is organised; enterprises and strangers are told what they can do."""
MANY = 4
"""Offices that a page still names one by one."""
View = Callable[..., HttpResponse]


class Door:
    """Middleware. Pages find `request.reader` (None: nobody is logged in), `request.actor` and `request.now`.

    A page declares its readers with `@allow`; others are sent to log in, or told whose page it is.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: Any) -> HttpResponse:
        """Say who reads, and when; then let the page answer. Whatever is logged meanwhile carries the request's id."""
        request_id = request.META.setdefault("HTTP_X_REQUEST_ID", ids.uuid7().hex)[:64]
        with structlog.contextvars.bound_contextvars(request_id=request_id, number=None):
            request.now = clock.now()
            request.reader = accounts.reader_of(request.user.id) if request.user.is_authenticated else None
            request.actor = Actor(reader=request.reader)
            answer = self._answer(request)
        answer["X-Request-ID"] = request_id
        return answer

    def process_view(
        self, request: Any, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let in only those whom the page is for."""
        structlog.contextvars.bind_contextvars(number=kwargs.get("number"))
        try:
            permissions.check_allowed(getattr(view, "allowed", (permissions.ANYONE,)), request.reader)
        except errors.Unauthenticated as problem:
            # A fragment must not become a login page inside the page: bh.js keeps drafts and says so.
            return (
                show(request, problem)
                if request.headers.get("HX-Request")
                else redirect_to_login(request.get_full_path())
            )
        except errors.Forbidden as problem:
            return show(request, problem, whose=view)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show a problem as a page with its own status; unknown errors are not ours to hide."""
        return show(request, error) if isinstance(error, errors.Problem) else None


def show(request: Any, problem: errors.Problem, *, whose: View | None = None) -> HttpResponse:
    """Return the page that tells the reader what is the matter, whose the page is, and what to do."""
    allowed = getattr(whose, "allowed", ()) if whose else ()
    names = [str(roles.NAMES[role]) for role in Role if role in allowed]
    held: frozenset[Role] = request.reader.roles if request.reader else frozenset()
    context = {
        "problem": problem,
        "whose": gettext(", ").join(names) if len(names) <= MANY else gettext("staff who handle matters"),
        "inside": bool(held & INSIDE) if held else False,
        "office": gettext(", ").join(str(roles.NAMES[role]) for role in sorted(held)),
    }
    return render(request, "portal/problem.html", context, status=problem.status)
