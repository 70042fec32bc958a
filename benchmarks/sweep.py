"""The sweep: what an empty one costs, and each due timer, as the number of open clocks grows.

    BIHUAN_DATABASE_URL=postgresql:///scratch python -m benchmarks.sweep [--most 1000000] [--json]

Works in one transaction that is rolled back, on a migrated database. CPU of this process and of its PostgreSQL backend
together (from /proc), and wall time. Targets: an empty sweep under 5 ms, and the cost of a due timer at a million open
clocks at most 1.5 times that at ten thousand.
"""

import datetime as dt
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection, transaction

from benchmarks import apart
from benchmarks.report import Section, Target

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
DUE = 1000
GROWTH, EMPTY = 1.5, 5.0
"""The most that the cost of a due timer may grow, and the most milliseconds of an empty sweep."""

_CLOCKS = """
insert into deadlines_clock (id, region, subject, kind, part, cycle, state, started_at, allotment, due_at,
    original_due_at, light_ids, light_at, void, provisional, alarms, calendar_version, rulebook_version, holder_role,
    facts)
select gen_random_uuid(), '330114', gen_random_uuid(), 'handling', '', 1, 'running', %(now)s - interval '9 days', '5wd',
    at, at, array['yellow', 'orange', 'red'], array[at - interval '4 hours', at - interval '2 hours', at],
    false, false, true, 1, '', 'liaison',
    '[{"kind": "started", "at": "2026-11-11T02:00:00+00:00", "allotment": "5wd", "lights": []}]'
from (select %(now)s::timestamptz + interval '5 hours' + n * interval '7 seconds' as at
      from generate_series(%(first)s, %(last)s) n) clocks
"""
_TIMERS = """
insert into deadlines_timer (clock_id, threshold, position, fire_at, failures)
select id, light_ids[n], n - 1, light_at[n], 0 from deadlines_clock, generate_series(1, 3) n
where not exists (select from deadlines_timer t where t.clock_id = deadlines_clock.id)
"""
_MAKE_DUE = """
with chosen as (
    update deadlines_clock set light_at[1] = %(now)s - random() * interval '1 hour'
    where id in (
        select clock_id from deadlines_timer
        where fired_at is null and position = 0 and fire_at > %(now)s limit %(due)s)
    returning id, light_at[1] as at)
update deadlines_timer t set fire_at = chosen.at from chosen where t.clock_id = chosen.id and t.position = 0
"""


@dataclass(frozen=True)
class Swept:
    """With so many open clocks: milliseconds of CPU and of wall time of an empty sweep, and of each due timer."""

    clocks: int
    empty: float
    empty_wall: float
    timer: float
    timer_wall: float

    def shown(self) -> list[str]:
        """Return what a table shows of it."""
        return [f"{self.clocks:,}", *(f"{value:.3f}" for value in list(asdict(self).values())[1:])]


def cpu(backend: int) -> float:
    """CPU milliseconds used so far by this process and its PostgreSQL backend."""
    ticks = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() * 1000 + (int(ticks[11]) + int(ticks[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _measure(backend: int, rounds: int) -> tuple[float, float, int]:
    """Milliseconds of CPU and of wall time of one sweep, and how many timers it fired."""
    from bihuan.casework.deadlines import services

    used, wall, fired = cpu(backend), time.perf_counter(), 0
    for _ in range(rounds):
        fired += services.sweep(now=NOW).fired
    return (cpu(backend) - used) / rounds, (time.perf_counter() - wall) * 1000 / rounds, fired


def run(most: int) -> list[Swept]:
    """Measure with 10,000 open clocks, with ten times as many, and so on up to `most`."""
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        backend, made = cursor.fetchone()[0], 0
        for number in [n for n in (10_000, 100_000, 1_000_000, 5_000_000) if n <= most]:
            cursor.execute(_CLOCKS, {"now": NOW, "first": made + 1, "last": number})
            cursor.execute(_TIMERS)
            made = number
            cursor.execute("analyze deadlines_clock, deadlines_timer")
            empty = _measure(backend, 20)
            cursor.execute(_MAKE_DUE, {"now": NOW, "due": DUE})
            full = _measure(backend, 1)
            assert full[2] == DUE, full
            found.append(Swept(number, empty[0], empty[1], full[0] / DUE, full[1] / DUE))
        transaction.set_rollback(True)
    return found


def section(found: list[Swept]) -> Section:
    """Return what was measured as a part of the report."""
    growth, empty = found[-1].timer / found[0].timer, max(one.empty for one in found)
    sizes = f"due timer, CPU with {found[-1].clocks:,} open clocks ÷ with {found[0].clocks:,}"
    return Section(
        title=f"Sweep, {DUE:,} timers due",
        lines=[
            "| open clocks | empty sweep CPU ms | wall ms | due timer CPU ms | wall ms |",
            "|--:|--:|--:|--:|--:|",
            *(f"| {' | '.join(one.shown())} |" for one in found),
        ],
        targets=[
            Target(sizes, f"≤ {GROWTH:g} ×", f"{growth:.2f} ×", growth <= GROWTH),
            Target("empty sweep, CPU", f"< {EMPTY:g} ms", f"{empty:.2f} ms", empty < EMPTY),
        ],
        values=[asdict(one) for one in found],
    )


if __name__ == "__main__":
    apart.main(run, section, most=1_000_000)
