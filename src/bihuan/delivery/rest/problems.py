"""Whatever goes wrong becomes a problem document (RFC 9457): never a stack trace, never a 500 for bad input."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as NinjaError
from pydantic import ValidationError

from bihuan.foundation.kernel import answers, errors, shapes

log = structlog.get_logger(__name__)


def as_problem(error: Exception) -> errors.Problem:
    """Return the problem that tells a caller about `error`; what nobody foresaw is logged and told as `internal`."""
    if isinstance(error, HttpError) and isinstance(error.__cause__, errors.Problem):
        # Ninja wraps whatever goes wrong while a body is read.
        error = error.__cause__
    if isinstance(error, errors.Problem):
        return error
    for kind, translate in _TRANSLATIONS:
        if isinstance(error, kind):
            return translate(error)
    reference = uuid.uuid4().hex[:12]
    log.error("request failed", reference=reference, exc_info=error)
    return Internal(_("Something went wrong on our side. Please name the reference when you ask."), reference=reference)


class Internal(errors.Problem):
    """A fault of ours; `reference` finds it in the log."""

    status = 500
    code = "internal"


def register(api: NinjaAPI) -> None:
    """Let every error that leaves an operation of `api` become a problem document."""

    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        return answers.problem(as_problem(error))

    # Ninja keeps handlers of its own for these; the most specific one wins.
    for kind in (Exception, Http404, HttpError, NinjaError):
        api.add_exception_handler(kind, answer)


def _input(error: Any) -> errors.Problem:
    # Locations begin with where the input came from and, for a whole model, the function's parameter that takes it.
    found = error.errors
    in_body = found[0]["loc"][0] in ("body", "form", "file")
    by_model = found[0]["loc"][0] == "body" or len(found[0]["loc"]) > 2
    return shapes.invalid(found, skip=2 if by_model else 1, code="invalid_body" if in_body else "invalid_parameter")


def _too_large(error: Any) -> errors.Problem:
    return errors.TooLarge(_("The body may have %(max)d KiB at most.") % {"max": answers.BODY_MAX // 1024})


def _unreachable(error: Any) -> errors.Problem:
    log.error("database does not answer", exc_info=error)
    return errors.Unavailable(code="database_unavailable", retry_after=2)


def _bad(error: Any) -> errors.Problem:
    return errors.Problem(_("The request cannot be read."), code="request_unreadable")


_TRANSLATIONS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Any], errors.Problem]], ...] = (
    (NinjaError, _input),
    (ValidationError, lambda error: shapes.invalid(error.errors(include_url=False, include_input=False))),
    (Http404, lambda error: errors.NotFound()),
    (PermissionDenied, lambda error: errors.Forbidden()),
    ((RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent), _too_large),
    ((BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, HttpError), _bad),
    ((DataError, psycopg.DataError), lambda error: errors.Invalid(code="value_not_storable")),
    ((OperationalError, InterfaceError, psycopg.errors.QueryCanceled), _unreachable),
)
