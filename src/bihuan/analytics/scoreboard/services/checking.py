"""Proof that the sums are what a recount of all matters gives, and the way back where they are not."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import database

from .. import notices
from ..models import Basis, Rollup, Tally
from ..rules import counting
from . import tallying

BATCH = 2_000
SHOWN = 20
Progress = Callable[[int, int], None]
_SUMS = """
with parts as (
    select t.lead, t.returned_by, t.board, t.category, t.tier, k / 128 as month, k / 4 %% 32 as index, k %% 4 as outcome
    from scoreboard_tally t cross join unnest(t.keys) k where t.region = %s
), counted as (
    select 'region' as level, %s::text as unit, month, category, tier, index, outcome from parts
    union all
    select 'board', board, month, category, tier, index, outcome from parts where board <> ''
    union all
    select 'department', lead::text, month, category, tier, index,
        case when index = 11 and outcome < 2 then (lead = any(returned_by))::int else outcome end
    from parts where lead is not null
    union all
    select 'department', r::text, month, category, tier, index, case when outcome < 2 then 1 else outcome end
    from parts cross join lateral (select distinct unnest(returned_by)) x(r)
    where index = 11 and r is distinct from lead
), wanted as (
    select level, unit, month, category, tier, index, count(*) filter (where outcome < 2) counted,
        count(*) filter (where outcome = 1) hits, count(*) filter (where outcome = 2) excluded
    from counted group by 1, 2, 3, 4, 5, 6
), have as (
    select level, unit, month, category, tier, index, sum(counted) counted, sum(hits) hits, sum(excluded) excluded
    from scoreboard_rollup where region = %s group by 1, 2, 3, 4, 5, 6
    having sum(counted) <> 0 or sum(hits) <> 0 or sum(excluded) <> 0
)
select level, unit, month, category, tier, index, h.counted, h.hits, h.excluded, w.counted, w.hits, w.excluded
from have h full join wanted w using (level, unit, month, category, tier, index)
where (h.counted, h.hits, h.excluded) is distinct from (w.counted, w.hits, w.excluded)
order by 1, 2, 3, 4, 5, 6
"""
"""Sums against tallies, in one statement and so at one instant. 11 is the position of the return rate."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check found. matters: those whose tally is not what a recount gives; cells: sums that are not theirs."""

    cases: int
    matters: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as a recount gives it."""
        return not self.matters and not self.cells


def check(*, now: dt.datetime, progress: Progress | None = None) -> Report:
    """Count every matter anew and compare: first each tally with its case, then the sums with the tallies."""
    tallying.settle(now=now)
    looked, suspects = 0, []
    for region, rows in _matters():
        looked += len(rows)
        suspects += [row[0] for row in rows if _differs(row, now)]
        if progress:
            progress(looked, looked)
        del region
    matters = [number for case_id in suspects if (number := _confirmed(case_id, now))]
    cells = []
    for region in _regions():
        with database.writing():
            found = database.fetch(_SUMS, [region, region, region])
        cells += [f"{region} {' '.join(map(str, row[:6]))}: {row[6:9]} instead of {row[9:]}" for row in found]
    return Report(cases=looked, matters=tuple(matters), cells=tuple(cells))


def check_nightly(*, now: dt.datetime) -> Report:
    """Check, and tell every system administrator when something differs."""
    report = check(now=now)
    if not report.ok:
        notices.alarm(matters=len(report.matters), cells=len(report.cells), now=now)
    return report


def rebuild(*, now: dt.datetime, progress: Progress | None = None) -> int:
    """Throw all sums away and count every matter anew, in one transaction; return how many matters there are."""
    done = 0
    with database.writing():
        database.fetch("lock table scoreboard_tally, scoreboard_rollup in exclusive mode")
        Rollup.objects.all().delete()
        Tally.objects.all().delete()
        for region in _regions():
            sums: dict[counting.Cell, counting.Counts] = {}
            for rows in _batches(region):
                tallies = [(row[0], tallying.computed(row, now)) for row in rows]
                kept = [pair for pair in tallies if pair[1].outcomes or pair[1].settles_at]
                tallying.keep(kept)
                sums = counting.total([sums, *(counting.cells(tally) for _id, tally in kept)])
                done += len(rows)
                if progress:
                    progress(done, done)
            tallying.add(region, sums)
        basis = {"definition": counting.DEFINITION, "made_at": now}
        Basis.objects.update_or_create(id=1, defaults=basis)
    return done


def outdated() -> bool:
    """Tell whether the sums were made by an older definition of the indices, or by one that nobody wrote down."""
    with database.writing():
        made = Basis.objects.filter(id=1).values_list("definition", flat=True).first()
    return made != counting.DEFINITION


def renew(*, now: dt.datetime, progress: Progress | None = None) -> int | None:
    """Make the sums anew where they are outdated, and return how many matters there are; None where they are not."""
    return rebuild(now=now, progress=progress) if outdated() else None


def _regions() -> list[str]:
    with database.writing():
        return list(Case.objects.order_by("region").values_list("region", flat=True).distinct())


def _batches(region: str) -> Iterator[list[tuple[Any, ...]]]:
    after = tallying.FIRST
    while rows := tallying.some(region, after, BATCH):
        yield rows
        after = rows[-1][0]


def _matters() -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    for region in _regions():
        after = tallying.FIRST
        while True:
            with database.writing():
                rows = tallying.some(region, after, BATCH)
            if not rows:
                break
            yield region, rows
            after = rows[-1][0]


def _differs(row: tuple[Any, ...], now: dt.datetime) -> bool:
    have, wanted = tallying.stored(row), tallying.computed(row, now)
    return have != wanted and not (have is None and not wanted.outcomes and wanted.settles_at is None)


def _confirmed(case_id: uuid.UUID, now: dt.datetime) -> str:
    """Look again with the case locked, for something may just have happened to it; return its number, if it differs."""
    with database.writing():
        case = Case.objects.select_for_update().only("number").filter(pk=case_id).first()
        row = tallying.one(case_id)
        return case.number if case and row and _differs(row, now) else ""
