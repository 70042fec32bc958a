"""What follows a rating, and what of many ratings may be shown to whom. Plain values only."""

import datetime as dt
from collections.abc import Sequence

LETTER, CALLBACK, NOTHING = "letter", "callback", ""


def follows(*, level: int, line: int, known: bool, by_known: str, by_unknown: str) -> str:
    """Return what a rating sets going: `letter`, `callback` or nothing.

    line: the best level that is still bad. known: whether somebody can be called; nobody can be called back who rated
    without a name, so a callback then becomes a letter.
    """
    if level > line:
        return NOTHING
    wanted = by_known if known else by_unknown
    return LETTER if wanted == CALLBACK and not known else wanted


def mean(levels: Sequence[int], *, least: int) -> float | None:
    """Return the mean of levels; None where there are fewer than `least`, so that nobody can be recognised."""
    return round(sum(levels) / len(levels), 2) if len(levels) >= least else None


def settled(today: dt.date) -> dt.date:
    """Return the first day of the month: what is rated learns of ratings before it, so that none can be dated."""
    return today.replace(day=1)
