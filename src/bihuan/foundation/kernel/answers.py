"""What goes over HTTP as JSON: reading a body, writing an answer, and every error as an RFC 9457 problem document."""

import datetime as dt
import math
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.foundation.kernel import errors

JSON = "application/json"
PROBLEM = "application/problem+json"
BODY_MAX = 1024 * 1024
"""Largest JSON body in bytes; files come as multipart and have their own limit."""

_LOCAL = ZoneInfo(settings.TIME_ZONE)


def local(instant: dt.datetime | None) -> dt.datetime | None:
    """Return an instant with the offset of the place, as the API shows it."""
    return None if instant is None else instant.astimezone(_LOCAL)


def local_date(instant: dt.datetime) -> dt.date:
    """Return the calendar day of an instant in the place."""
    return instant.astimezone(_LOCAL).date()


def end_of_day(day: dt.date) -> dt.datetime:
    """Return the instant at which a calendar day of the place is over."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=_LOCAL)


def dumps(data: Any) -> bytes:
    """Return `data` as JSON. Translated texts and other plain-looking values become their text."""
    return orjson.dumps(data, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (bytes, memoryview)):
        raise TypeError
    return str(value)


def json(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return an answer with `data` as JSON."""
    return HttpResponse(dumps(data), status=status, content_type=JSON, headers=headers)


def page(items: list[Any], following: str | None) -> HttpResponse:
    """Return one page of a list: `{"items": […], "next": cursor or null}`."""
    return json({"items": items, "next": following})


def problem(error: errors.Problem) -> HttpResponse:
    """Return the problem document of an error, in the active language."""
    answer = HttpResponse(dumps(error.document()), status=error.status, content_type=PROBLEM)
    if error.status == errors.Unauthenticated.status:
        answer["WWW-Authenticate"] = "Bearer"
    if "retry_after" in error.extra:
        answer["Retry-After"] = str(math.ceil(error.extra["retry_after"]))
    return answer


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request; no body is an empty object.

    Raises TooLarge, BadJson (400), UnsupportedMedia (415), and Invalid for JSON that is not an object.
    """
    check_size(request)
    if not request.body:
        return {}
    check_json(request)
    try:
        found = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise BadJson(_("The body is not valid JSON: %(what)s.") % {"what": str(error)}) from error
    if not isinstance(found, dict):
        raise errors.Invalid(_("The body has to be a JSON object."), code="invalid_body", field="body")
    return found


def check_size(request: HttpRequest) -> None:
    """Raise TooLarge when the request announces more than a JSON body may have."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced) > BODY_MAX:
        raise errors.TooLarge(
            _("The body may have %(max)d KiB at most.") % {"max": BODY_MAX // 1024}, max_bytes=BODY_MAX
        )


def check_json(request: HttpRequest) -> None:
    """Raise UnsupportedMedia unless the body says that it is JSON."""
    if request.content_type != JSON and not (request.content_type or "").endswith("+json"):
        raise UnsupportedMedia(
            _("Please send JSON, with the header “Content-Type: application/json”."), accepted=[JSON]
        )


class BadJson(errors.Problem):
    """The body cannot be read."""

    status = 400
    code = "json_invalid"
    title = gettext_lazy("The body cannot be read")


class UnsupportedMedia(errors.Problem):
    """The body is of a kind that is not read here."""

    status = 415
    code = "unsupported_media_type"
    title = gettext_lazy("This kind of content is not read here")


class NoSuchMethod(errors.Problem):
    """The address is right, the method is not."""

    status = 405
    code = "method_not_allowed"
    title = gettext_lazy("This address does not know the method")
