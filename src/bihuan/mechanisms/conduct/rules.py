"""Decisions on lists of conduct, on plain values."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

SHORT = {"positive": "P", "negative": "N", "advocated": "A"}
"""Side → the first letter of its entries' ids."""


class Version(NamedTuple):
    """A published version of one list, and the day from which it is in force."""

    number: int
    effective_on: dt.date


def entries(sides: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the entries of a list from one text a side, one entry a line; ids as printed: P1, P2, N1 …"""
    return [
        {"id": f"{SHORT[side]}{place}", "side": side, "text": line}
        for side in SHORT
        for place, line in enumerate((row.strip() for row in sides.get(side, "").splitlines() if row.strip()), 1)
    ]


def in_force(versions: Iterable[Version], on: dt.date) -> Version | None:
    """Return the version in force on a day: the newest one whose day has come, or None."""
    return max((one for one in versions if one.effective_on <= on), default=None)
