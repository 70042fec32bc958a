"""Pure decisions of the conference: quorum, turns, guests, dates, and how long a matter lay with whom."""

import calendar
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A member of the leading group at a meeting: may the role preside, does it vote, and is the member here."""

    presides: bool
    votes: bool
    present: bool


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """needed: how many voting members have to be here; present: how many are; chaired: somebody may preside."""

    needed: int
    present: int
    chaired: bool

    @property
    def reached(self) -> bool:
        """Whether the meeting can decide."""
        return self.present >= self.needed > 0 and self.chaired


def quorum(seats: Iterable[Seat], *, share: float, presiding: bool) -> Quorum:
    """Return whether enough are here: at least `share` of the voting members, rounded up, and one who may preside."""
    seats = list(seats)
    voting = [seat for seat in seats if seat.votes]
    # 0.5 of 4 is 2; floating shares such as 2/3 written as 0.666667 must not ask for one more.
    needed = -int(-(len(voting) * share - 1e-6) // 1)
    present = sum(seat.present for seat in voting)
    chaired = not presiding or any(seat.presides and seat.present for seat in seats)
    return Quorum(needed=max(needed, 1) if voting else 0, present=present, chaired=chaired)


def next_host(hosts: Sequence[tuple[uuid.UUID, dt.datetime | None]]) -> uuid.UUID | None:
    """Return whose turn it is: who never hosted first, then whose last time is longest ago; in the order given."""
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return min(hosts, key=lambda host: host[1] or never)[0] if hosts else None


@dataclass(frozen=True, kw_only=True)
class Guest:
    """An enterprise that may be invited: its open matters, when it was invited last (None: never), and how often."""

    enterprise_id: uuid.UUID
    uscc: str
    open_matters: int
    invited_at: dt.datetime | None
    times: int = 0


def guests(pool: Iterable[Guest], *, count: int) -> list[Guest]:
    """Return whom to invite: those never invited first, then those not invited longest.

    Among equals those invited less often, then those with more open matters, so that it is never always the same.
    """
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(pool, key=lambda one: (one.invited_at or never, one.times, -one.open_matters, one.uscc))[:count]


def dates(
    *,
    weekday: int | None,
    day: int | None,
    first: dt.date,
    last: dt.date,
    next_workday: Callable[[dt.date], dt.date],
    is_workday: Callable[[dt.date], bool],
) -> list[dt.date]:
    """Return the days of a series from `first` to `last`; a rest day moves to the next working day, once each."""
    found = []
    date = first - dt.timedelta(days=14)
    while date <= last:
        longest = calendar.monthrange(date.year, date.month)[1]
        if date.isoweekday() == weekday or (day is not None and date.day == min(day, longest)):
            found.append(date if is_workday(date) else next_workday(date))
        date += dt.timedelta(days=1)
    return sorted({one for one in found if first <= one <= last})


@dataclass(frozen=True, kw_only=True)
class Stay:
    """How long a matter was in one tier, or with one holder. until: None while it is there."""

    where: str
    since: dt.datetime
    until: dt.datetime | None


CENTRE, RAISER, FRONT = "coordinator", "enterprise", "seat"
_WITH = {
    "submitted": FRONT,
    "supplement_requested": RAISER,
    "awaiting_enterprise": RAISER,
    "dispatched": "lead",
    "signed": "lead",
    "handling": "lead",
    "suspended": "lead",
}
_ENDED = frozenset({"closed", "declined", "merged", "archived"})


def stays(steps: Iterable[tuple[dt.datetime, Mapping[str, Any]]]) -> tuple[list[Stay], list[Stay]]:
    """Return the stays in tiers and with holders, oldest first, from (when, what the fact changed in the row).

    A holder is a role, the id of a department, or where the matter was taken up to.
    """
    row: dict[str, Any] = {}
    tiers: list[Stay] = []
    holders: list[Stay] = []
    for at, changed in steps:
        row |= {key: value for key, value in changed.items() if key in ("state", "tier", "escalated_to", _LEAD)}
        ended = row.get("state") in _ENDED
        _move(tiers, "" if ended else row.get("tier") or "", at)
        _move(holders, "" if ended else holder(row), at)
    return tiers, holders


_LEAD = "lead_department_id"


def holder(row: Mapping[str, Any]) -> str:
    """Return with whom a matter is: above if it was taken up, else by its state."""
    held = _WITH.get(str(row.get("state", "")), CENTRE)
    if row.get("escalated_to") and held != RAISER:
        return str(row["escalated_to"])
    return str(row.get(_LEAD) or CENTRE) if held == "lead" else held


def _move(found: list[Stay], where: str, at: dt.datetime) -> None:
    last = found[-1] if found else None
    if last is not None and last.until is None:
        if last.where == where:
            return
        found[-1] = Stay(where=last.where, since=last.since, until=at)
    if where:
        found.append(Stay(where=where, since=at, until=None))


def totals(
    found: Iterable[Stay], *, now: dt.datetime, between: Callable[[dt.datetime, dt.datetime], dt.timedelta]
) -> dict[str, dt.timedelta]:
    """Return where → time together, in the order of the first arrival, counted by `between` (working time)."""
    added: dict[str, dt.timedelta] = {}
    for stay in found:
        added[stay.where] = added.get(stay.where, dt.timedelta()) + between(stay.since, min(stay.until or now, now))
    return added
