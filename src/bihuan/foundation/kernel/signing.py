"""Short signed texts that lead to one row each: what a printed code or a link without login carries.

A text is one letter for what it is, sixteen letters that name its row, sixteen that prove it was made here for this
purpose. The row says the rest, so that a code can be closed or moved, and a link expire, while it is on paper. Plain
values only.
"""

import base64
import hashlib
import hmac

_PART = 16
LENGTH = 1 + 2 * _PART


def ident(chance: bytes) -> str:
    """Return the name of a row from ten bytes of chance: sixteen letters and digits 2–7, like no telephone number."""
    return base64.b32encode(chance).decode().lower()


def sign(*, key: str, purpose: str, what: str, ident: str) -> str:
    """Return the signed text. purpose: the same key signs other things for other purposes; what: one letter."""
    return f"{what}{ident}{_proof(key, purpose, what, ident)}"


def read(*, key: str, purpose: str, text: str) -> tuple[str, str] | None:
    """Return (what it is, name of its row), or None for a text that was not made with this key for this purpose."""
    what, name, proof = text[:1], text[1 : 1 + _PART], text[1 + _PART :]
    if len(text) != LENGTH:
        return None
    return (what, name) if hmac.compare_digest(proof.encode(), _proof(key, purpose, what, name).encode()) else None


def _proof(key: str, purpose: str, what: str, name: str) -> str:
    said = hmac.new(key.encode(), f"{purpose}:{what}:{name}".encode(), hashlib.sha256).digest()
    return ident(said[:10])
