"""Hiding personal data that a page shows only in part. Pure; what was masked can never be written back."""

import re

_MARK = "*"


def phone(value: str) -> str:
    """Return a telephone number with its middle hidden: 13600000917 becomes 136****0917, short ones keep two digits."""
    digits = re.sub(r"\D", "", value)
    if len(digits) < 7:
        return _MARK * 4 + digits[-2:]
    return digits[:3] + _MARK * 4 + digits[-4:]


def name(value: str) -> str:
    """Return a person's name with all but the family name hidden (Chinese: first character, else first letter)."""
    value = value.strip()
    return value[:1] + _MARK * 2 if value else ""


def email(value: str) -> str:
    """Return an address with its local part hidden except the first letter."""
    local, at, domain = value.partition("@")
    return f"{local[:1]}{_MARK * 3}{at}{domain}" if at else _MARK * 4


def identifier(value: str) -> str:
    """Return an identity or account number with only its first three and last two characters left."""
    value = value.strip()
    return value[:3] + _MARK * 6 + value[-2:] if len(value) > 7 else _MARK * 6


MASKS = {"phone": phone, "name": name, "email": email, "id": identifier}
