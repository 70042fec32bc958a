"""Decisions on mandates, on plain values."""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

OUTCOMES = ("nothing", "advice", "matter")
"""What a report may come to."""
MOST = 200
"""How many windows or holders one form may enter."""


class Seat(NamedTuple):
    """Somebody at a window, and since when there."""

    mandate: str
    window: str
    since: dt.date


def ends_on(since: dt.date, months: int | None) -> dt.date | None:
    """Return the last day of a term of so many months that begins on `since`; None for one without an end.

    Two years from 1 December 2026 end on 30 November 2028.
    """
    if months is None:
        return None
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    day = min(since.day, calendar.monthrange(year, month + 1)[1])
    return dt.date(year, month + 1, day) - dt.timedelta(days=1)


def light(*, state: str, until: dt.date | None, today: dt.date, remind_days: int) -> str:
    """Return `ended`, `red` after the last day, `amber` when it is near, else `calm`."""
    if state != "serving":
        return "ended"
    if until is None:
        return "calm"
    if today > until:
        return "red"
    return "amber" if (until - today).days <= remind_days else "calm"


def lines(text: str) -> list[str]:
    """Return the lines of a text that say something, each once, in their order."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def due(seats: Iterable[Seat], *, today: dt.date, rotate_days: int | None) -> list[Seat]:
    """Return who has stood at one window for `rotate_days` or longer, the longest first."""
    if rotate_days is None:
        return []
    found = [seat for seat in seats if (today - seat.since).days >= rotate_days]
    return sorted(found, key=lambda seat: (seat.since, seat.mandate))


def propose(
    waiting: Sequence[Seat], *, free: Iterable[str], been: Mapping[str, Mapping[str, int]]
) -> list[tuple[Seat, str]]:
    """Return (seat, window to go to) for those who are due: to each other's windows, or to free ones (轮岗).

    been: mandate → window → how often there. The longest at one place chooses first, what is new before what is known.
    Nobody goes to the window where they are, or to one whose people stay; who finds none stays.
    """
    room = Counter(seat.window for seat in waiting) + Counter(set(free))
    chosen: list[tuple[Seat, str]] = []
    for seat in waiting:
        open_ = [window for window, places in room.items() if places > 0 and window != seat.window]
        if not open_:
            continue
        window = min(open_, key=lambda one: (been.get(seat.mandate, {}).get(one, 0), one))
        room[window] -= 1
        chosen.append((seat, window))
    moved = {seat.mandate for seat, _window in chosen}
    staying = {seat.window for seat in waiting if seat.mandate not in moved}
    # Whoever found nothing keeps the window: somebody who was to come there would find it taken.
    if staying and len(waiting) > 1:
        return _ring(waiting)
    return chosen


def _ring(waiting: Sequence[Seat]) -> list[tuple[Seat, str]]:
    """Return everybody at the next one's window, in a circle; who would stay where they are is left out."""
    following = [*waiting[1:], waiting[0]]
    pairs = zip(waiting, following, strict=True)
    return [(seat, other.window) for seat, other in pairs if seat.window != other.window]
