"""Counting a matter whenever something happened to it: what it contributed is taken away, what it contributes is added.

All in the transaction of the event. Rows are only added to the sums, so no transaction waits for another.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bihuan.casework.cases.rulebook import Tiers
from bihuan.foundation.kernel import answers, database
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import models
from ..rulebook import Scoreboard
from ..rules import counting
from ..rules.counting import Cell, Counts, Matter, Tally

_FIELDS = (
    "id region state lead_department_id objected_ids board category tier closed_kind achieved held_at rating_plan"
    " rating_process rating_result reworks reopenings raised_at accepted_at dispatched_at signed_at first_contact_at"
    " replied_at closed_at due_at original_due_at rulebook_version"
).split()
_WHAT = ", ".join(f"c.{name}" for name in _FIELDS)
_EXCLUDED = (
    "(select array_agg(e.index) from scoreboard_exclusion e"
    " where e.case_id = c.id and e.state in ('granted', 'ending'))"
)
_STORED = "t.lead, t.returned_by, t.board, t.category, t.tier, t.keys, t.settles_at"
_READ = (
    f"select {_WHAT}, {_EXCLUDED}, {_STORED}"  # noqa: S608
    " from cases_case c left join scoreboard_tally t on t.case_id = c.id"
)
_ONE = f"{_READ} where c.id = %s"
_SOME = f"{_READ} where c.region = %s and c.id > %s order by c.id limit %s"
_WRITE = """
with kept as (
    insert into scoreboard_tally (case_id, region, lead, returned_by, board, category, tier, keys, settles_at)
    values (%s, %s, %s::uuid, %s::uuid[], %s, %s, %s, %s::int[], %s::timestamptz)
    on conflict (case_id) do update set lead = excluded.lead, returned_by = excluded.returned_by,
        board = excluded.board, category = excluded.category, tier = excluded.tier, keys = excluded.keys,
        settles_at = excluded.settles_at
)
insert into scoreboard_rollup (region, level, unit, month, category, tier, index, counted, hits, excluded, folded)
select %s, *, false from unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %s::smallint[],
    %s::int[], %s::int[], %s::int[])
"""
_DUE = """
select c.id from scoreboard_tally t join cases_case c on c.id = t.case_id where t.settles_at < %s
order by t.settles_at limit %s for update of c skip locked
"""
_FOLD = """
with fresh as (
    delete from scoreboard_rollup where id in (select id from scoreboard_rollup where not folded order by id limit %s)
    returning region, level, month, unit, category, tier, index, counted, hits, excluded
), sums as (
    select region, level, month, unit, category, tier, index, sum(counted) counted, sum(hits) hits,
        sum(excluded) excluded
    from fresh group by 1, 2, 3, 4, 5, 6, 7
), put as (
    insert into scoreboard_rollup as r
        (region, level, month, unit, category, tier, index, counted, hits, excluded, folded)
    select *, true from sums
    on conflict (region, level, month, unit, category, tier, index) where folded do update set
        counted = r.counted + excluded.counted, hits = r.hits + excluded.hits,
        excluded = r.excluded + excluded.excluded
)
select count(*) from fresh
"""
_KEPT = "case_id region lead returned_by board category tier keys settles_at".split()
FOLD_LOCK = 0x6269_6875_616E_0E
"""Key of the advisory lock of folding: one at a time, for folded rows are shared."""
BATCH, FOLD_BATCH = 500, 20_000
FIRST = uuid.UUID(int=0)


def recount(*, case_id: uuid.UUID, now: dt.datetime) -> bool:
    """Count one matter anew; tell whether that changed anything. The caller holds the row of the case locked."""
    with database.writing():
        rows = database.fetch(_ONE, [case_id])
        return bool(rows) and _store(rows[0], now)


def settle(*, now: dt.datetime) -> int:
    """Count matters anew whose limit has passed without anything happening; return how many."""
    done = 0
    while True:
        with database.writing():
            due = database.fetch(_DUE, [now, BATCH])
            for (case_id,) in due:
                _store(database.fetch(_ONE, [case_id])[0], now)
        done += len(due)
        if len(due) < BATCH:
            return done


def fold() -> int:
    """Fold the rows that events added into one for each cell; return how many there were."""
    done: int = 0
    while True:
        with database.writing():
            database.fetch("select pg_advisory_xact_lock(%s)", [FOLD_LOCK])
            folded: int = database.fetch(_FOLD, [FOLD_BATCH])[0][0]
        done += folded
        if folded < FOLD_BATCH:
            return done


def _store(row: Sequence[Any], now: dt.datetime) -> bool:
    before, after = stored(row), computed(row, now)
    if before == after or (before is None and not after.outcomes and after.settles_at is None):
        return False
    added = counting.difference(counting.cells(before) if before else {}, counting.cells(after))
    database.fetch(_WRITE, [*_row(row[0], after), after.region, *_columns(added)])
    return True


def _row(case_id: uuid.UUID, tally: Tally) -> list[Any]:
    numbers = counting.keys(tally)
    returned = sorted(tally.returned_by)
    return [
        case_id,
        tally.region,
        tally.lead,
        returned,
        tally.board,
        tally.category,
        tally.tier,
        numbers,
        tally.settles_at,
    ]


def _columns(cells: Mapping[Cell, Counts]) -> list[list[Any]]:
    rows = [(*cell, *counts) for cell, counts in cells.items()]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(9)]


def add(region: str, cells: Mapping[Cell, Counts]) -> None:
    """Add sums of a region, already folded; there must be none of these cells yet."""
    sql = (
        "insert into scoreboard_rollup"
        " (region, level, unit, month, category, tier, index, counted, hits, excluded, folded)"
        " select %s, *, true from unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %s::smallint[],"
        " %s::int[], %s::int[], %s::int[])"
    )
    database.fetch(sql, [region, *_columns(cells)])


def keep(tallies: Iterable[tuple[uuid.UUID, Tally]]) -> None:
    """Store tallies of matters that have none."""
    rows = [dict(zip(_KEPT, _row(case_id, tally), strict=True)) for case_id, tally in tallies]
    models.Tally.objects.bulk_create([models.Tally(**row) for row in rows])


def some(region: str, after: uuid.UUID, limit: int) -> list[tuple[Any, ...]]:
    """Return up to `limit` matters of a region after an id, as `stored` and `computed` read them."""
    return database.fetch(_SOME, [region, after, limit])


def one(case_id: uuid.UUID) -> tuple[Any, ...] | None:
    """Return one matter, as `stored` and `computed` read it."""
    return next(iter(database.fetch(_ONE, [case_id])), None)


def stored(row: Sequence[Any]) -> Tally | None:
    """Return the tally that is stored for a matter, or None."""
    lead, returned_by, board, category, tier, numbers, settles_at = row[len(_FIELDS) + 1 :]
    if numbers is None:
        return None
    return Tally(
        region=row[1],
        lead=lead,
        returned_by=frozenset(returned_by),
        board=board,
        category=category,
        tier=tier,
        outcomes=counting.outcomes_of(numbers),
        settles_at=settles_at,
    )


def computed(row: Sequence[Any], now: dt.datetime) -> Tally:
    """Return the tally of a matter as it stands: computed from the case alone."""
    case = dict(zip(_FIELDS, row[: len(_FIELDS)], strict=True))
    return counting.count(_matter(case), at=now, day_of=answers.local_date, excluded=row[len(_FIELDS)] or ())


def _matter(case: Mapping[str, Any]) -> Matter:
    book = rulebooks.version(case["rulebook_version"])
    rule, tiers, tier = book.section(Scoreboard), book.section(Tiers), case["tier"]
    calendar = workcalendar.calendar_for(case["region"])
    limits = tiers.named(tier) if tier else None

    def after(start: dt.datetime | None, span: Any) -> dt.datetime | None:
        return calendar.add(start, span).at if start is not None and span is not None else None

    return Matter(
        state=case["state"],
        raised_at=case["raised_at"],
        region=case["region"],
        lead=case["lead_department_id"],
        returned_by=frozenset(case["objected_ids"]),
        board=case["board"],
        category=case["category"],
        tier=tier,
        closed_kind=case["closed_kind"],
        achieved=bool(case["achieved"]),
        held=case["held_at"] is not None,
        rating_plan=case["rating_plan"],
        rating_process=case["rating_process"],
        rating_result=case["rating_result"],
        again=case["reworks"] + case["reopenings"],
        dispatched_at=case["dispatched_at"],
        signed_at=case["signed_at"],
        first_contact_at=case["first_contact_at"],
        replied_at=case["replied_at"],
        closed_at=case["closed_at"],
        due_at=case["due_at"],
        original_due_at=case["original_due_at"],
        sign_due=after(case["dispatched_at"], limits and limits.sign_within),
        contact_due=after(case["signed_at"], limits and limits.first_contact_within),
        at_once_due=after(case["accepted_at"], rule.at_once) if case["closed_at"] else None,
        satisfied_from=rule.satisfied_from,
    )
