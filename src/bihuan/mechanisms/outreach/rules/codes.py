"""Signed texts of printed codes and of prompts: short, so that the code on paper stays coarse."""

from bihuan.foundation.kernel import signing
from bihuan.foundation.kernel.signing import LENGTH, ident

__all__ = ["CODE", "LENGTH", "PROMPT", "ident", "read", "sign"]

CODE, PROMPT = "c", "p"
_PURPOSE = "bihuan.outreach.code"


def sign(*, key: str, what: str, ident: str) -> str:
    """Return the text of a code or a prompt."""
    return signing.sign(key=key, purpose=_PURPOSE, what=what, ident=ident)


def read(*, key: str, text: str) -> tuple[str, str] | None:
    """Return (what it is, name of its row), or None for a text that was not made here with this key."""
    found = signing.read(key=key, purpose=_PURPOSE, text=text)
    return found if found is not None and found[0] in (CODE, PROMPT) else None
