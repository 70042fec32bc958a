"""Decisions of the accounts on plain values: what an appointment needs, who may not be what, names, passwords, tokens.

Nothing here reads a table, the clock or a setting; Django is used for the wording of refusals alone.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from bihuan.foundation.accounts import roles
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel.text import clean_line

TOKEN_PREFIX = "bh_"  # noqa: S105 - the public beginning of every token, not a secret
TOKEN_BYTES = 32
_TOKEN = re.compile(TOKEN_PREFIX + r"[A-Za-z0-9_-]{43}")
_USERNAME = re.compile("[a-z0-9\u3400-\u9fff][a-z0-9\u3400-\u9fff.@_-]{1,63}")

LONG_PASSWORD = 16
"""From this length on a password needs no mix of character classes (a sentence is fine)."""


def appointment_flaw(role: str, *, department: bool, board: bool, enterprise: bool) -> tuple[str, str] | None:
    """Return (field, sentence) for what an appointment to `role` lacks or has too much, or None if it is complete.

    department, board, enterprise: whether the appointment names one.
    """
    if role not in set(Role):
        return "role", _("There is no such role.")
    needs = (
        ("department", department, roles.NEEDS_DEPARTMENT, _("This role needs a department.")),
        ("board", board, roles.NEEDS_BOARD, _("This role needs a board.")),
        ("enterprise", enterprise, roles.NEEDS_ENTERPRISE, _("This role needs an enterprise.")),
    )
    for field, given, needing, sentence in needs:
        if given and role not in needing:
            return field, _("This role is not tied to a department, board or enterprise of this kind.")
        if not given and role in needing:
            return field, sentence
    return None


def rival_administration(role: str, held: Iterable[str]) -> Role | None:
    """Return the administration among `held` that one person may not combine with `role`, or None.

    System, security and audit administration exclude one another (三员, GB/T 22239-2019 §8.1.4); the same role in
    another region does not.
    """
    if role not in roles.ADMINISTRATORS:
        return None
    return next((Role(one) for one in sorted(held) if one in roles.ADMINISTRATORS and one != role), None)


def needs_second_factor(held: Iterable[str]) -> bool:
    """Tell whether somebody holding these roles must log in with a second factor."""
    return any(role in roles.STRONG_LOGIN for role in held)


def normalize_username(text: str) -> str:
    """Return a user name as it is stored and compared: one form of each character, lower case, no spaces around."""
    return clean_line(unicodedata.normalize("NFKC", text)).lower()


def is_username(name: str) -> bool:
    """Tell whether a normalized name can be a user name: 2 to 64 letters a–z, Chinese characters, digits, `. @ - _`."""
    return _USERNAME.fullmatch(name) is not None


def password_flaw(password: str) -> str | None:
    """Return why a password is too simple, or None: three of four character classes, or LONG_PASSWORD characters."""
    classes = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
    found = sum(any(belongs(character) for character in password) for belongs in classes)
    if found >= 3 or len(password) >= LONG_PASSWORD:
        return None
    return _("Mix three of: small letters, capitals, digits, signs; or use %(length)d characters or more.") % {
        "length": LONG_PASSWORD
    }


def is_token(text: str) -> bool:
    """Tell whether `text` has the form of a token of ours, so that nonsense never reaches the database."""
    return _TOKEN.fullmatch(text) is not None


def token_digest(plaintext: str) -> str:
    """Return what is stored of a token: SHA-256 in hex. Its 256 random bits make a slow or salted hash needless."""
    return hashlib.sha256(plaintext.encode()).hexdigest()
