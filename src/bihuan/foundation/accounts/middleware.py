"""What every request of a session goes through: idle sessions end, and what a person owes first comes first."""

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from bihuan.foundation.accounts import login, services
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, errors

SEEN, STRONG = "bihuan_seen", "bihuan_strong"
"""Session keys: when the person was last here (real clock), and that a second factor is in place."""
NOTE_EVERY = 60
"""Seconds between two notes of being here: one write a minute, not one a request."""
ALWAYS_OPEN = (
    "account_login",
    "account_logout",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "set_language",
)
"""Pages that stay open to somebody who must first change the password or set up the second factor."""


def session_guard(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: log out idle sessions (SESSION_IDLE); hold people who owe a new password or a second factor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if isinstance(person, Person):
            if _idle(request):
                logout(request)
                messages.info(request, _("You were logged out because nothing happened for a while."))
            elif owed := _owed(request, person):
                request.bihuan_owes = owed  # type: ignore[attr-defined]
        return get_response(request)

    def process_view(request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        owed = getattr(request, "bihuan_owes", None)
        match = request.resolver_match
        if owed is None or (match is not None and match.url_name in ALWAYS_OPEN):
            return None
        page, problem = owed
        return _refuse(request, page, problem)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _idle(request: HttpRequest) -> bool:
    """Tell whether the session has been idle too long; note that the person is here now if not."""
    now = time.time()
    seen = request.session.get(SEEN)
    if seen is not None and now - seen > settings.SESSION_IDLE.total_seconds():
        return True
    # A page that refreshes itself is no sign of a person.
    if request.headers.get("X-Bihuan-Poll") and seen is not None:
        return False
    if seen is None or now - seen >= NOTE_EVERY:
        request.session[SEEN] = now
        if isinstance(request.user, Person):
            services.note_seen(person_id=request.user.pk, now=clock.now())
    return False


def _owed(request: HttpRequest, person: Person) -> tuple[str, errors.Forbidden] | None:
    """Return the page a person must visit first and the problem an API call gets, or None."""
    if person.must_change_password:
        return "account_change_password", errors.Forbidden(
            _("Please choose a new password first."), code="password_change_required"
        )
    if request.session.get(STRONG):
        return None
    if not login.must_use_second_factor(person):
        return None
    if is_mfa_enabled(person):
        request.session[STRONG] = True
        return None
    return "mfa_activate_totp", errors.Forbidden(
        _("Your role needs a second factor; please set it up first."), code="second_factor_required"
    )


def _refuse(request: HttpRequest, page: str, problem: errors.Problem) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(problem.document(), status=problem.status, content_type="application/problem+json")
    if request.headers.get("HX-Request"):
        # htmx would follow a redirect inside the fragment; this header makes it load the page instead.
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(page)})
    return HttpResponse(status=302, headers={"Location": resolve_url(page)})
