"""What may be said of counts without saying something of one enterprise. Pure."""

import datetime as dt
from collections.abc import Sequence


def hide(counts: Sequence[int], *, least: int) -> list[int | None]:
    """Return the counts of one column as they may be published; None: fewer than `least`, or hidden to protect one.

    The total stands beside them. Were a single part hidden, it could be computed; then the next smallest goes too.
    """
    shown: list[int | None] = [count if count >= least else None for count in counts]
    # Hidden parts that are together nothing, or as many as a cell that may be shown, give nobody away.
    hidden = [count for count in counts if count < least]
    if len(hidden) == 1 and len(counts) > 1:
        smallest = min((count for count in counts if count >= least), default=None)
        if smallest is not None:
            shown[counts.index(smallest)] = None
    return shown


def share(part: int, whole: int, *, least: int) -> float | None:
    """Return part of whole between 0 and 1; None when either is too small to be published."""
    return part / whole if whole >= least and part >= least else None


def first_month(last: dt.date, *, months: int) -> dt.date:
    """Return the first day of the month that lies `months` - 1 before that of `last`."""
    index = last.year * 12 + last.month - months
    return dt.date(index // 12, index % 12 + 1, 1)


def months_between(first: dt.date, last: dt.date) -> list[str]:
    """Return the months from `first` to `last` as texts such as 2026-11, oldest first."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [f"{index // 12}-{index % 12 + 1:02}" for index in range(start, end + 1)]
