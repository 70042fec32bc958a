"""Cleaning of text that people typed: what would hide, reorder or break other text is refused or removed."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from . import errors

# Bidirectional overrides and isolates reorder what a reader sees; zero-width characters hide it.
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def clean_text(value: str) -> str:
    """Return `value` with NFC normal form, Unix line ends, and no control, invisible or reordering characters."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", _INVISIBLE.sub("", value)).strip()


def clean_line(value: str) -> str:
    """Return `value` cleaned as text and folded into one line with single spaces."""
    return " ".join(clean_text(value).split())


def in_both(value: Any) -> bool:
    """Tell whether `value` is a name kept for readers of both languages: `{"zh": "预警", "en": "At risk"}`."""
    return isinstance(value, Mapping) and value.keys() == {"zh", "en"}


def in_language(name: Mapping[str, str], language: str) -> str:
    """Return of a name kept in both languages the Chinese one for Chinese readers, the English one for all others."""
    return name["zh" if language.startswith("zh") else "en"]


def needed_text(body: Mapping[str, Any], field: str = "text", *, most: int = 4_000) -> str:
    """Return the cleaned text that comes with an action in `field`. Raises Invalid when it is missing or too long."""
    given = body.get(field)
    found = clean_text(given) if isinstance(given, str) else ""
    if not found or len(found) > most:
        message = _("%(field)s: please write something, at most %(max)d characters") % {"field": field, "max": most}
        raise errors.Invalid(message, code="invalid_body", field=field)
    return found


def needed_day(body: Mapping[str, Any], field: str, *, first_year: int = 2000) -> dt.date:
    """Return the day that comes with an action in `field`, not before `first_year`. Raises Invalid `day_wrong`."""
    try:
        day = dt.date.fromisoformat(str(body.get(field) or ""))
    except ValueError as problem:
        raise errors.Invalid(_("A day, please."), code="day_wrong", field=field) from problem
    if not first_year <= day.year <= 2100:
        raise errors.Invalid(_("A day, please."), code="day_wrong", field=field)
    return day
