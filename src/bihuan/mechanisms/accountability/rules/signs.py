"""苗头 (A3): what the loop shows of slow or evasive work, from plain values. None says that somebody did wrong."""

import re
from collections.abc import Collection, Iterable, Sequence

KINDS = ("silence", "returns", "extensions", "last_minute", "template", "ignored")
LOOKED_AT = 20
"""So many of a unit's latest answers are compared with a new one: the cost does not grow with what was."""
SHORTEST = 20
"""Shorter answers have no room to be anything but alike."""
_LOOSE = re.compile(r"[\W\d_]+")


def often(count: int, *, least: int) -> bool:
    """Tell whether something happened to a matter often enough to be a sign: returns, extensions."""
    return count >= least


def last_minute(shares: Sequence[float], *, least: float, times: int) -> bool:
    """Tell whether the newest answer came in the last minute, as at least `times` of the latest ones.

    shares: how much of its time each answer used, newest first; later than the limit is late, not last-minute.
    """
    close = [least <= share <= 1 for share in shares[:LOOKED_AT]]
    return bool(close) and close[0] and sum(close) >= times


def grams(text: str) -> frozenset[str]:
    """Return the runs of three signs of a text, without digits, spaces and punctuation: dates and sums vary."""
    plain = _LOOSE.sub("", text)
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2)) if len(plain) >= SHORTEST else frozenset()


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """Return how alike two texts are by their runs of signs: 0 nothing in common, 1 the same (Jaccard)."""
    mine, theirs = set(one), set(other)
    both = len(mine & theirs)
    return both / (len(mine) + len(theirs) - both) if both else 0.0


def alike(text: str, others: Iterable[str], *, least: float) -> list[int]:
    """Return the places of those of `others` that say the same as `text`."""
    own = grams(text)
    return [place for place, other in enumerate(others) if likeness(own, grams(other)) >= least]


def template(same: int, *, times: int) -> bool:
    """Tell whether as many answers (`same` earlier ones and the new one) say the same."""
    return same + 1 >= times
