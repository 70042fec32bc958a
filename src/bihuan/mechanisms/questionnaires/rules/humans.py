"""Telling people from programs without asking anybody to solve a riddle. Plain values only.

A page carries the instant at which it was drawn, signed for its link. Nobody reads questions in no time; a page of days
ago is drawn again. One field is hidden from people: whoever fills it in does not look.
"""

import datetime as dt
import hashlib
import hmac

HONEYPOT = "website"
PAGE_LIVES = dt.timedelta(hours=24)


def stamp(*, key: str, ident: str, now: dt.datetime) -> str:
    """Return the signed instant that a page of this link carries."""
    at = str(int(now.timestamp()))
    return f"{at}.{_proof(key, ident, at)}"


def why_not(*, key: str, ident: str, stamped: str, filled: str, now: dt.datetime, quickest: dt.timedelta) -> str | None:
    """Return why what came in is not taken: `robot` (the hidden field), `forged`, `stale`, `quick`; else None.

    quickest: how long a person needs at least between seeing the page and sending it.
    """
    if filled:
        return "robot"
    at, _dot, proof = stamped.partition(".")
    known = at.isascii() and at.isdecimal() and len(at) <= 12
    if not known or not hmac.compare_digest(proof.encode(), _proof(key, ident, at).encode()):
        return "forged"
    age = now.timestamp() - int(at)
    if age > PAGE_LIVES.total_seconds() or age < -1:
        return "stale"
    return "quick" if age < quickest.total_seconds() else None


def _proof(key: str, ident: str, at: str) -> str:
    return hmac.new(key.encode(), f"bihuan.questionnaires.page:{ident}:{at}".encode(), hashlib.sha256).hexdigest()[:32]
