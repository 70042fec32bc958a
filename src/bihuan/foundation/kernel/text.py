"""Cleaning of text that people typed: what would hide, reorder or break other text is refused or removed."""

import re
import unicodedata

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
