"""Errors a caller can act on: RFC 9457 problem documents, the same for page, API and command line."""

from typing import Any

from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """Something the caller can understand and mend.

    `code` is stable and for machines; `detail` is one plain sentence in the reader's language; `field` names the
    input concerned; `extra` carries more members of the problem document (for example `allowed_actions`).
    """

    status = 400
    code = "bad_request"
    title: Any = _("The request cannot be carried out")

    def __init__(self, detail: Any = "", *, code: str | None = None, field: str | None = None, **extra: Any) -> None:
        self.detail = detail or self.title
        self.code = code or self.code
        self.field = field
        self.extra = extra
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.detail)

    def document(self) -> dict[str, Any]:
        """Return the problem document (`application/problem+json`) with its texts in the active language."""
        body: dict[str, Any] = {
            "type": f"urn:bihuan:problem:{self.code}",
            "title": str(self.title),
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
        }
        if self.field:
            body["field"] = self.field
        return body | self.extra


class Invalid(Problem):
    """The input has the wrong shape or value."""

    status = 422
    code = "invalid"
    title = _("Something in the input is not right")


class NotFound(Problem):
    """There is no such thing, or the reader may not know of it."""

    status = 404
    code = "not_found"
    title = _("Not found")


class Unauthenticated(Problem):
    """Nobody is logged in, or the token is wrong, expired or revoked."""

    status = 401
    code = "unauthenticated"
    title = _("Please log in first")


class Forbidden(Problem):
    """The person may not do this."""

    status = 403
    code = "forbidden"
    title = _("You may not do this")


class Conflict(Problem):
    """The state of the thing does not allow it, or somebody was faster."""

    status = 409
    code = "conflict"
    title = _("This is not possible now")


class TooMany(Problem):
    """Asked too often; `retry_after` (seconds) says when to come back."""

    status = 429
    code = "too_many_requests"
    title = _("Too many attempts; please wait a little")


class TooLarge(Problem):
    """More bytes than allowed."""

    status = 413
    code = "too_large"
    title = _("This is too large")


class Unavailable(Problem):
    """A part of the system that is needed does not answer."""

    status = 503
    code = "unavailable"
    title = _("Please try again in a moment")
