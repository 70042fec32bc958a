"""Signed texts of printed codes and of prompts: short, so that the code on paper stays coarse.

A text is one letter for what it is (`c` code, `p` prompt), sixteen letters that name its row, sixteen that prove it was
made here. The row says the rest, so that a code can be closed, moved or revoked while it hangs on the wall.
"""

import base64
import hashlib
import hmac

CODE, PROMPT = "c", "p"
_PART = 16
LENGTH = 1 + 2 * _PART


def ident(chance: bytes) -> str:
    """Return the name of a row from ten bytes of chance: sixteen letters and digits 2–7, like no telephone number."""
    return base64.b32encode(chance).decode().lower()


def sign(*, key: str, what: str, ident: str) -> str:
    """Return the text of a code or a prompt."""
    return f"{what}{ident}{_proof(key, what, ident)}"


def read(*, key: str, text: str) -> tuple[str, str] | None:
    """Return (what it is, name of its row), or None for a text that was not made here with this key."""
    what, name, proof = text[:1], text[1 : 1 + _PART], text[1 + _PART :]
    if len(text) != LENGTH or what not in (CODE, PROMPT):
        return None
    return (what, name) if hmac.compare_digest(proof.encode(), _proof(key, what, name).encode()) else None


def _proof(key: str, what: str, name: str) -> str:
    # For this purpose only: the same key signs other things with other words before them.
    said = hmac.new(key.encode(), f"bihuan.outreach.code:{what}:{name}".encode(), hashlib.sha256).digest()
    return ident(said[:10])
