"""A form that is sent twice, because the answer was lost on the way, raises one matter and shows one receipt.

The page holds a key of chance. The answer is kept in the transaction that raises the matter, under a digest of key and
words, and sealed with the key: whoever reads the database learns neither code nor sender.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from cryptography.fernet import Fernet
from django.conf import settings

from bihuan.casework.cases.services import Receipt
from bihuan.foundation.kernel import database

from ..models import SentForm

KEPT = dt.timedelta(hours=48)
"""How long a form may be sent again."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a raiser is shown once: number and follow-up code."""

    case_id: uuid.UUID
    number: str
    follow_up_code: str


class _TwinError(Exception):
    """Rolls back what a second sender did while the first was not done yet."""


def new_key() -> str:
    """Return a fresh key for a page with a form."""
    return secrets.token_urlsafe(24)


def once(*, key: str, said: str, now: dt.datetime, run: Callable[[], Receipt]) -> Sent:
    """Return what `run` raised, or what the same form (key and words) raised before; without a key, run.

    said: all that was said, as one text. The same key with other words is another form: nothing said is lost.
    """
    if not key:
        return _of(run())
    mark, seal = _mark(key, said), _seal(key)
    try:
        with database.writing():
            if kept := _kept(mark, seal):
                return kept
            sent = _of(run())
            if not _keep(mark, seal, sent, now):
                raise _TwinError
            return sent
    except _TwinError:
        with database.writing():
            found = _kept(mark, seal)
        assert found is not None, "the twin is committed, or its mark would not have been taken"
        return found


def forget(*, now: dt.datetime) -> int:
    """Delete answers older than KEPT; return how many."""
    with database.writing():
        return SentForm.objects.filter(sent_at__lt=now - KEPT).delete()[0]


def _of(receipt: Receipt) -> Sent:
    return Sent(case_id=receipt.case_id, number=receipt.number, follow_up_code=receipt.follow_up_code)


def _mark(key: str, said: str) -> str:
    return hmac.new(key.encode(), said.encode(), "sha256").hexdigest()


def _seal(key: str) -> Fernet:
    digest = hashlib.sha256(f"bihuan.intake.sent:{settings.SECRET_KEY}:{key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _kept(mark: str, seal: Fernet) -> Sent | None:
    found = SentForm.objects.filter(mark=mark).first()
    if found is None:
        return None
    case_id, number, code = orjson.loads(seal.decrypt(bytes(found.sealed)))
    return Sent(case_id=uuid.UUID(case_id), number=number, follow_up_code=code)


def _keep(mark: str, seal: Fernet, sent: Sent, now: dt.datetime) -> bool:
    sealed = seal.encrypt(orjson.dumps([sent.case_id, sent.number, sent.follow_up_code]))
    sql = (
        "insert into intake_sent_form (mark, sealed, sent_at) values (%s, %s, %s) on conflict do nothing returning mark"
    )
    return bool(database.fetch(sql, [mark, sealed, now]))
