"""The link of an invitation: `a` and hexadecimal digits only, so that no masking takes it for a telephone number."""

import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Collection

_LENGTH = 1 + 32 + 8 + 32


def make(*, key: str, ident: uuid.UUID, expires_at: dt.datetime) -> str:
    """Return the signed text of a link that says which invitation it is and until when it holds."""
    body = f"{ident.hex}{int(expires_at.timestamp()):08x}"
    return f"a{body}{_sign(key, body)}"


def read(*, key: str, token: str) -> tuple[uuid.UUID, dt.datetime] | None:
    """Return (invitation, instant until which it holds); None when the text was not made here with this key."""
    body, signature = token[1:41], token[41:]
    if (
        len(token) != _LENGTH
        or token[0] != "a"
        or not hmac.compare_digest(signature.encode(), _sign(key, body).encode())
    ):
        return None
    return uuid.UUID(body[:32]), dt.datetime.fromtimestamp(int(body[32:], 16), dt.UTC)


def _sign(key: str, body: str) -> str:
    # For this purpose only: the same key signs other things with other words before them.
    return hmac.new(key.encode(), f"bihuan.evaluation.rate:{body}".encode(), hashlib.sha256).hexdigest()[:32]


def ways(channel: str, *, written: Collection[str]) -> tuple[str, str]:
    """Return by which ways to write to a raiser without an account, the better one first.

    Whoever came in writing is answered in writing; whoever called or came in person is reached by telephone.
    """
    return ("email", "sms") if channel in written else ("sms", "email")


def device_class(*, key: str, region: str, looks: str) -> str:
    """Return the salted hash of what a browser says of its kind; no address goes in, and nothing comes out again."""
    return hmac.new(key.encode(), f"bihuan.evaluation.device:{region}:{looks}".encode(), hashlib.sha256).hexdigest()[
        :32
    ]
