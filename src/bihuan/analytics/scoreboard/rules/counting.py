"""What one matter contributes to which figure, and in which month. The definitions of all indices stand here.

Taken out of every figure: what was merged, and what its raiser withdrew. Silence counts nowhere as praise.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from . import periods


class Index(StrEnum):
    """The indices, in the order of their positions in what is stored: new ones are added at the end."""

    ON_TIME = "on_time_rate"
    ORIGINAL_ON_TIME = "original_on_time_rate"
    ACHIEVED = "achieved_rate"
    OVERDUE_ACHIEVED = "overdue_achieved_rate"
    SATISFACTION = "satisfaction"
    PROCESS_SATISFACTION = "process_satisfaction"
    PLAN_SATISFACTION = "plan_satisfaction"
    SIGN = "sign_rate"
    RESPONSE = "response_rate"
    AT_ONCE = "at_once_rate"
    REFUSAL = "refusal_rate"
    RETURN = "return_rate"
    REPEAT = "repeat_rate"


DEFINITION = 1
"""Raised with every change of what a matter contributes: sums that were made by an older one are made anew."""
POSITION = {index: place for place, index in enumerate(Index)}
LESS_IS_BETTER = frozenset({Index.OVERDUE_ACHIEVED, Index.REFUSAL, Index.RETURN, Index.REPEAT})
RATINGS = frozenset({Index.SATISFACTION, Index.PROCESS_SATISFACTION, Index.PLAN_SATISFACTION})
"""Indices made of what raisers said: the rated side sees no small group of them, and no running month."""


class Outcome(IntEnum):
    """How a matter counts in an index."""

    MISS = 0
    HIT = 1
    EXCLUDED = 2


class Level(StrEnum):
    """Whose figures: every matter counts once in each."""

    REGION = "region"
    BOARD = "board"
    DEPARTMENT = "department"


ANSWERED = frozenset({"replied", "verifying", "closed", "archived"})
_CODES = 4
_ROOM = 32


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A matter as it stands. Instants are None where it has not come so far.

    lead: the department that leads; returned_by: those that sent it back; held: its clock stands. sign_due,
    contact_due, at_once_due: limits for signing, for the first word, and for “done at once”. satisfied_from: the lowest
    level of a rating that counts as satisfied.
    """

    state: str
    raised_at: dt.datetime
    region: str = ""
    lead: uuid.UUID | None = None
    returned_by: frozenset[uuid.UUID] = frozenset()
    board: str = ""
    category: str = ""
    tier: str = ""
    closed_kind: str = ""
    achieved: bool = False
    held: bool = False
    rating_plan: int | None = None
    rating_process: int | None = None
    rating_result: int | None = None
    again: int = 0
    dispatched_at: dt.datetime | None = None
    signed_at: dt.datetime | None = None
    first_contact_at: dt.datetime | None = None
    replied_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    original_due_at: dt.datetime | None = None
    sign_due: dt.datetime | None = None
    contact_due: dt.datetime | None = None
    at_once_due: dt.datetime | None = None
    satisfied_from: int = 3


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a matter contributes. outcomes: index → (month, outcome); settles_at: when it changes by itself."""

    region: str = ""
    lead: uuid.UUID | None = None
    returned_by: frozenset[uuid.UUID] = frozenset()
    board: str = ""
    category: str = ""
    tier: str = ""
    outcomes: Mapping[Index, tuple[int, Outcome]]
    settles_at: dt.datetime | None = None


class _Sheet:
    """Collects the outcomes of one matter; `day_of` says on which day of the place an instant lies."""

    def __init__(self, at: dt.datetime, day_of: Callable[[dt.datetime], dt.date]) -> None:
        self.at, self.day_of = at, day_of
        self.outcomes: dict[Index, tuple[int, Outcome]] = {}
        self.settles_at: dt.datetime | None = None

    def put(self, index: Index, when: dt.datetime, hit: bool) -> None:
        """Count the matter in the month of `when`."""
        self.outcomes[index] = (periods.month_of(self.day_of(when)), Outcome.HIT if hit else Outcome.MISS)

    def within(self, index: Index, done: dt.datetime | None, limit: dt.datetime | None) -> None:
        """Count something with a limit: in the month in which it was done or its limit passed, whichever came first."""
        if limit is None:
            return
        if done is not None:
            self.put(index, min(done, limit), done <= limit)
        elif limit < self.at:
            self.put(index, limit, False)
        else:
            self.settles_at = min(self.settles_at or limit, limit)


def count(
    matter: Matter,
    *,
    at: dt.datetime,
    day_of: Callable[[dt.datetime], dt.date],
    excluded: Collection[str] = (),
) -> Tally:
    """Return what the matter contributes as of `at`. excluded: indices it is taken out of (an empty text: all)."""
    sheet = _Sheet(at, day_of)
    if matter.state == "declined" or (matter.state == "archived" and not matter.closed_kind):
        sheet.put(Index.REFUSAL, matter.raised_at, True)
    elif matter.state != "merged" and matter.closed_kind != "withdrawn":
        _times(sheet, matter)
        _closing(sheet, matter)
        _ratings(sheet, matter)
    outcomes = {
        index: (month, Outcome.EXCLUDED if "" in excluded or index in excluded else outcome)
        for index, (month, outcome) in sheet.outcomes.items()
    }
    return Tally(
        region=matter.region,
        lead=matter.lead,
        returned_by=matter.returned_by,
        board=matter.board,
        category=matter.category,
        tier=matter.tier,
        outcomes=outcomes,
        settles_at=sheet.settles_at,
    )


def _times(sheet: _Sheet, matter: Matter) -> None:
    if matter.lead is None or matter.dispatched_at is None:
        return
    sheet.put(Index.RETURN, matter.dispatched_at, bool(matter.returned_by))
    sheet.within(Index.SIGN, matter.signed_at, matter.sign_due)
    if matter.signed_at is not None:
        sheet.within(Index.RESPONSE, matter.first_contact_at, matter.contact_due)
    answered = matter.replied_at if matter.state in ANSWERED else None
    if answered is None and matter.held:
        return
    sheet.within(Index.ON_TIME, answered, matter.due_at)
    sheet.within(Index.ORIGINAL_ON_TIME, answered, matter.original_due_at)
    if answered is not None:
        sheet.put(Index.REPEAT, answered, matter.again > 0)


def _closing(sheet: _Sheet, matter: Matter) -> None:
    closed = matter.closed_at
    if closed is None or not matter.closed_kind:
        return
    sheet.put(Index.REFUSAL, closed, matter.closed_kind == "explained")
    quick = matter.closed_kind == "resolved" and matter.again == 0
    if matter.at_once_due is not None and matter.replied_at is not None:
        sheet.put(Index.AT_ONCE, closed, quick and matter.replied_at <= matter.at_once_due)
    if matter.closed_kind == "tracked" and not matter.achieved and matter.due_at is not None:
        # What is still tracked is asked for when its own time is over (DOMAIN §1.3: `tracked_due`).
        if matter.due_at < sheet.at:
            sheet.put(Index.ACHIEVED, max(matter.due_at, closed), False)
        else:
            sheet.settles_at = min(sheet.settles_at or matter.due_at, matter.due_at)
        return
    sheet.put(Index.ACHIEVED, closed, matter.achieved)
    if matter.achieved and matter.replied_at is not None and matter.due_at is not None:
        sheet.put(Index.OVERDUE_ACHIEVED, closed, matter.replied_at > matter.due_at)


def _ratings(sheet: _Sheet, matter: Matter) -> None:
    level = matter.satisfied_from
    if matter.rating_plan is not None and matter.dispatched_at is not None:
        sheet.put(Index.PLAN_SATISFACTION, matter.dispatched_at, matter.rating_plan >= level)
    when = matter.closed_at or matter.replied_at
    if when is not None:
        if matter.rating_process is not None:
            sheet.put(Index.PROCESS_SATISFACTION, when, matter.rating_process >= level)
        if matter.rating_result is not None:
            sheet.put(Index.SATISFACTION, when, matter.rating_result >= level)


Cell = tuple[str, str, int, str, str, int]
"""(level, unit, month, category, tier, position of the index)."""
Counts = tuple[int, int, int]
"""(counted, hits, excluded)."""


def cells(tally: Tally) -> dict[Cell, Counts]:
    """Return where and how a tally counts: once for its region, its board and its department.

    A return counts for the department that sent the matter back, whoever leads it now.
    """
    found: dict[Cell, Counts] = {}
    for index, (month, outcome) in tally.outcomes.items():
        rest = (month, tally.category, tally.tier, POSITION[index])
        counts = _counts(outcome)
        found[Level.REGION.value, tally.region, *rest] = counts
        if tally.board:
            found[Level.BOARD.value, tally.board, *rest] = counts
        for unit in _units(tally, index):
            mine = counts
            if index == Index.RETURN and outcome != Outcome.EXCLUDED:
                mine = _counts(Outcome.HIT if unit in tally.returned_by else Outcome.MISS)
            found[Level.DEPARTMENT.value, str(unit), *rest] = mine
    return found


def _units(tally: Tally, index: Index) -> set[uuid.UUID]:
    lead = {tally.lead} if tally.lead is not None else set()
    return lead | tally.returned_by if index == Index.RETURN else lead


def _counts(outcome: Outcome) -> Counts:
    return (0, 0, 1) if outcome == Outcome.EXCLUDED else (1, int(outcome), 0)


def difference(before: Mapping[Cell, Counts], after: Mapping[Cell, Counts]) -> dict[Cell, Counts]:
    """Return what has to be added so that `before` becomes `after`; nothing for what stays."""
    found: dict[Cell, Counts] = {}
    for cell in before.keys() | after.keys():
        old, new = before.get(cell, (0, 0, 0)), after.get(cell, (0, 0, 0))
        if old != new:
            found[cell] = (new[0] - old[0], new[1] - old[1], new[2] - old[2])
    return found


def total(many: Collection[Mapping[Cell, Counts]]) -> dict[Cell, Counts]:
    """Return the sum of many, without what is nothing."""
    sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in many:
        for cell, counts in one.items():
            for place in range(3):
                sums[cell][place] += counts[place]
    return {cell: (row[0], row[1], row[2]) for cell, row in sums.items() if any(row)}


def key(index: Index, month: int, outcome: Outcome) -> int:
    """Return one number for (index, month, outcome), by which the matters behind a figure are found."""
    return (month * _ROOM + POSITION[index]) * _CODES + outcome


def keys(tally: Tally) -> list[int]:
    """Return the keys of a tally, sorted."""
    return sorted(key(index, month, outcome) for index, (month, outcome) in tally.outcomes.items())


def outcomes_of(numbers: Collection[int]) -> dict[Index, tuple[int, Outcome]]:
    """Return the outcomes that `keys` wrote down."""
    every = list(Index)
    found = {}
    for number in numbers:
        place, outcome = divmod(number, _CODES)
        month, position = divmod(place, _ROOM)
        found[every[position]] = (month, Outcome(outcome))
    return found
