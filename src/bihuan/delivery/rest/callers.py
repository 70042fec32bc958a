"""Who calls: a bearer token, the session of a logged-in person, or the follow-up code of one case; else nobody."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.casework.cases.services import following
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.permissions import Reader
from bihuan.foundation.kernel import errors, throttle

CODE_HEADER = "X-Follow-Up-Code"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def identify(*, request: HttpRequest, number: str | None, now: dt.datetime) -> Actor:
    """Return who calls. A follow-up code counts for the case `number` of the address, beside whoever is logged in.

    Raises Unauthenticated for a token that opens nothing, Forbidden for a session without its CSRF token, NotFound for
    a wrong code, TooMany after too many wrong codes.
    """
    reader = _reader(request)
    code = request.headers.get(CODE_HEADER) or request.GET.get("code")
    if not code or number is None:
        return Actor(reader=reader)
    held = following.open_with_code(number=number, code=code, address=throttle.address_of(request), now=now)
    return Actor(reader=None, holds=held)


def _reader(request: HttpRequest) -> Reader | None:
    header = request.META.get("HTTP_AUTHORIZATION")
    if header:
        return bearer(header)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    if request.method not in SAFE_METHODS:
        _check_csrf(request)
    return accounts.reader_of(user.pk)


def bearer(header: str) -> Reader:
    """Return whose token an Authorization header carries. Raises Unauthenticated when it opens nothing."""
    scheme, _sep, token = header.partition(" ")
    reader = accounts.reader_by_token(token.strip()) if scheme.lower() == "bearer" else None
    if reader is None:
        raise errors.Unauthenticated(_("This token is wrong, has expired or was revoked."), code="token_invalid")
    return reader


def _refuse(request: HttpRequest) -> HttpResponse:
    raise AssertionError("only the checks of this middleware are used")


_csrf = CsrfViewMiddleware(_refuse)


def _check_csrf(request: HttpRequest) -> None:
    """A session rides along with any request of the browser, so it needs the proof that our own page sent it."""
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    _csrf.process_request(request)
    if _csrf.process_view(request, _refuse, (), {}) is not None:
        raise errors.Forbidden(_("The CSRF token is missing or wrong; please load the page again."), code="csrf_failed")


def principal(actor: Actor, request: HttpRequest) -> str:
    """Return for whom an Idempotency-Key counts: the person, the holder of a code, or (nobody known) the address."""
    if actor.holds:
        return f"code:{actor.holds}"
    if actor.reader:
        return f"person:{actor.reader.person_id}"
    return f"address:{throttle.address_of(request)}"
