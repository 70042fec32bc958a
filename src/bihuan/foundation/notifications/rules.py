"""Pure decisions about notices: who is on which side, what is masked, when to try again, how webhooks are signed."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from bihuan.foundation.accounts.roles import ADMINISTRATORS, Role


class Audience(StrEnum):
    """A side of the table. A notice is written for one or several; nobody else ever gets it."""

    ENTERPRISE = "enterprise"
    STAFF = "staff"
    OVERSIGHT = "oversight"
    DISCIPLINE = "discipline"
    OUTSIDE = "outside"
    ADMINISTRATION = "administration"


_OUTSIDE = {Role.DEPUTY, Role.OBSERVER, Role.SPECIAL_SUPERVISOR}
_OVERSIGHT = {Role.SUPERVISION_OFFICE, Role.DISCIPLINE, Role.JUSTICE_SUPERVISOR}
_MEMBERS: dict[Audience, frozenset[Role]] = {
    Audience.ENTERPRISE: frozenset({Role.ENTERPRISE}),
    Audience.STAFF: frozenset(set(Role) - {Role.ENTERPRISE} - _OUTSIDE - ADMINISTRATORS),
    Audience.OVERSIGHT: frozenset(_OVERSIGHT),
    Audience.DISCIPLINE: frozenset({Role.DISCIPLINE}),
    Audience.OUTSIDE: frozenset(_OUTSIDE),
    Audience.ADMINISTRATION: frozenset(ADMINISTRATORS),
}
EVERYBODY = frozenset(Audience)


def sides(roles: Iterable[str]) -> frozenset[Audience]:
    """Return the audiences that somebody with these roles belongs to; supervisors are staff too."""
    held = set(roles)
    return frozenset(audience for audience, members in _MEMBERS.items() if held & members)


# Hexadecimal neighbours mean a piece of an id or a hash, not a number that rings.
_MOBILE = re.compile(r"(?<![0-9A-Fa-f])((?:\+?86[- ]?)?1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?![0-9A-Fa-f])")
_LANDLINE = re.compile(r"(?<![0-9A-Fa-f])(0\d{2,3}[- ]?)\d{3,4}[- ]?(\d{4})(?![0-9A-Fa-f])")
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]*(@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _identity(match: re.Match[str]) -> str:
    """Mask an identity card number (GB 11643); a credit code that only looks like one has another check digit."""
    number = match[0].upper()
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[:6] + "*" * 12 if number[17] == "10X98765432"[total % 11] else match[0]


def mask(text: str) -> str:
    """Return `text` with telephone numbers, identity card numbers and e-mail addresses made unreadable in part."""
    text = _IDENTITY.sub(_identity, text)
    text = _MOBILE.sub(r"\1****\2", text)
    text = _LANDLINE.sub(r"\1****\2", text)
    return _EMAIL.sub(r"\1***\2", text)


def mask_name(name: str) -> str:
    """Return a person's name with all but the first character hidden: 王**."""
    return name[:1] + "*" * min(len(name[1:]), 2)


def masked(value: Any, *, names: Iterable[str] = (), key: str = "") -> Any:
    """Return plain data with everything personal masked; values under a key in `names` are persons' names."""
    hidden = frozenset(names)
    if isinstance(value, str):
        return mask_name(value) if key in hidden else mask(value)
    if isinstance(value, Mapping):
        return {str(inner): masked(one, names=hidden, key=str(inner)) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [masked(one, names=hidden, key=key) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value))


FIRST_RETRY = dt.timedelta(seconds=30)
LONGEST_RETRY = dt.timedelta(hours=6)
LEASE = dt.timedelta(minutes=5)
"""How long a worker may take over one attempt before another one takes it over."""
MAX_ATTEMPTS = 10
"""Attempts before a delivery is dead: about thirty hours."""


def retry_after(attempts: int) -> dt.timedelta:
    """Return how long to wait after the `attempts`-th failure: 30 s, 2 min, 8 min, … at most six hours."""
    return min(FIRST_RETRY * int(4 ** min(attempts - 1, 10)), LONGEST_RETRY)


DIGEST_WINDOW = dt.timedelta(hours=1)


def digest_window(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return beginning and end of the digest window that `now` falls into; windows begin on the full hour (UTC)."""
    begin = now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    return begin, begin + DIGEST_WINDOW


def signature(*, secret: str, timestamp: int, body: bytes) -> str:
    """Return the value of the `Bihuan-Signature` header: `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`."""
    proof = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={proof}"


def verify_signature(*, secret: str, header: str, body: bytes, now: int, tolerance: int = 300) -> bool:
    """Tell whether a webhook is genuine and at most `tolerance` seconds old: what a receiver has to check."""
    match = re.fullmatch(r"t=(\d{1,12}),v1=[0-9a-f]{64}", header)
    if match is None or abs(now - int(match[1])) > tolerance:
        return False
    return hmac.compare_digest(signature(secret=secret, timestamp=int(match[1]), body=body), header)
