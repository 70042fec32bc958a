"""Decisions of the vault on plain values: codes, who has to keep out, coarse times. No database, no clock."""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection

# No 0/O, 1/I/L, U/V: a code is copied by hand from a screen.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 16
DISCIPLINE_ITSELF = "discipline"
"""What stands for the unit when a clue is about discipline inspection: it goes to the level above."""


def new_code() -> str:
    """Return a fresh secret code of 16 characters (about 77 bits) in four groups; it opens one dialogue."""
    raw = "".join(secrets.choice(ALPHABET) for _one in range(CODE_LENGTH))
    return "-".join(raw[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def new_number() -> str:
    """Return a number that says nothing: neither how many clues there are, nor when or where this one came."""
    return "XS-" + "".join(secrets.choice(ALPHABET) for _one in range(8))


def normal(code: str) -> str:
    """Return a code as it is compared: upper case, without separators."""
    return re.sub(r"[\s\-–—_]", "", code).upper()


def digest(value: str, *, purpose: str, pepper: str) -> str:
    """Return what is stored in place of a code or of the key of a form."""
    return hmac.new(pepper.encode(), f"vault\0{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def coarse(instant: dt.datetime) -> dt.datetime:
    """Return the full hour: the minute in which somebody wrote would find them in the log of a network."""
    return instant.replace(minute=0, second=0, microsecond=0)


def recused(*, name: str, departments: Collection[str], unit: str, said: str) -> bool:
    """Tell whether a clue concerns a reader: it is about a unit of theirs, or their name is in what was said.

    Rather too often than too seldom: another officer reads it then.
    """
    return (bool(unit) and unit in departments) or (len(name) > 1 and name in said)


def in_time(*, until: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether a request can still be decided or used."""
    return now < until
