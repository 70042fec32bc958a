"""`Idempotency-Key`: a POST that is sent twice happens once, and both senders hear the same answer.

The answer is stored in the transaction of the effect. Of two twins at once the second finds the key taken when it
wants to store its own answer; its effect is rolled back and it hears the first one's. So the common case costs one
insert, and nothing is locked beforehand. Refusals (4xx, 5xx) have no effect and are not remembered.
"""

import base64
import datetime as dt
import functools
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.kernel.ids import uuid7

from .models import GivenAnswer

HEADER = "Idempotency-Key"
KEPT = dt.timedelta(hours=48)
"""How long an answer is remembered; at least a day is promised."""

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_INSERT = (
    "insert into rest_given_answer (id, principal, key, fingerprint, status, location, body, created_at)"
    " values (%s, %s, %s, %s, %s, '', %s, %s) on conflict (principal, key) do nothing returning id"
)


class _UndoneError(Exception):
    """Rolls back whatever the request did; carries its own answer, if that may be given."""

    def __init__(self, answer: HttpResponse | None) -> None:
        self.answer = answer


def once(
    *, request: HttpRequest, key: str, principal: str, now: dt.datetime, run: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the answer of `run()`, or the one given before under this key; then with `Idempotent-Replay: true`.

    Raises Invalid, `idempotency_key_invalid` for a key that is none, `idempotency_key_reused` for another request.
    """
    if not _KEY.fullmatch(key):
        raise errors.Invalid(
            _("An Idempotency-Key has 1 to 200 visible ASCII characters."), code="idempotency_key_invalid", field=HEADER
        )
    principal = _nameless(principal)
    try:
        with database.writing():
            answer = run()
            if answer.status_code >= 400:
                raise _UndoneError(answer)
            if not _remember(request, answer, key, principal, now):
                raise _UndoneError(None)
            return answer
    except _UndoneError as undone:
        given = GivenAnswer.objects.filter(principal=principal, key=key).first()
        if given is not None:
            return _replay(given, request)
        if undone.answer is not None:
            return undone.answer
        raise errors.Conflict(
            _("The same request is being carried out; please ask again."), code="in_progress"
        ) from None


def forget(*, now: dt.datetime) -> int:
    """Delete answers older than KEPT; return how many."""
    return GivenAnswer.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _nameless(principal: str) -> str:
    """Return a mark of who asked that names nobody: a matter raised without a name must not be found by its raiser."""
    return hmac.new(settings.SECRET_KEY.encode(), f"bihuan.rest.principal:{principal}".encode(), "sha256").hexdigest()


def _remember(request: HttpRequest, answer: HttpResponse, key: str, principal: str, now: dt.datetime) -> bool:
    location = answer.headers.get("Location", "")
    body = _cipher().encrypt(location.encode() + b"\n" + answer.content)
    values: list[Any] = [uuid7(), principal, key, fingerprint(request), answer.status_code, body, now]
    return bool(database.fetch(_INSERT, values))


def _replay(given: GivenAnswer, request: HttpRequest) -> HttpResponse:
    if given.fingerprint != fingerprint(request):
        raise errors.Invalid(
            _("This Idempotency-Key was used for another request."), code="idempotency_key_reused", field=HEADER
        )
    try:
        location, _line, body = _cipher().decrypt(bytes(given.body)).partition(b"\n")
    except InvalidToken as error:
        raise errors.Conflict(
            _("This request was carried out before; its answer can no longer be read."), code="answer_lost"
        ) from error
    answer = HttpResponse(body, status=given.status, content_type=answers.JSON, headers={"Idempotent-Replay": "true"})
    if location:
        answer["Location"] = location.decode()
    return answer


def fingerprint(request: HttpRequest) -> str:
    """Return the SHA-256 of what was asked. Of a form its parts count, not how they were divided."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name, files in sorted(request.FILES.lists()):
            digest.update(repr((name, [(file.name, _content(file)) for file in files])).encode())
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _content(file: "UploadedFile[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@functools.cache
def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"bihuan.rest.idempotency:" + str(key).encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
