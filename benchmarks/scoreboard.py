"""What the scoreboard of a month costs as the register grows: CPU of the web process and PostgreSQL, and a recount.

python -m benchmarks --only scoreboard --cases 10000 1000000
"""

import datetime as dt
import statistics
import time
from dataclasses import asdict, dataclass

from benchmarks import accounting, report, volume
from benchmarks.installation import DISTRICT, Installation, Web, serving

MOST = 3.0
"""A scoreboard over the largest register may cost this many times one over the smallest."""
PATHS = ("/api/v1/scoreboard", "/scoreboard/")


@dataclass(frozen=True)
class Measured:
    """CPU milliseconds of the scoreboard of a month, API and page; seconds that recounting and checking took."""

    cases: int
    rollup: int
    api: float
    page: float
    rebuild: float
    check: float


def run(house: Installation, *, volumes: list[int], times: int, rounds: int) -> list[Measured]:
    """Bring the register to each volume, count it, and measure."""
    from bihuan.analytics.scoreboard import services

    found = []
    for cases in volumes:
        have = volume.count(house)
        if have < cases:
            volume.make(house, have=have, want=cases, now=dt.datetime.now(dt.UTC))
        now = dt.datetime.now(dt.UTC)
        began = time.perf_counter()
        services.rebuild(now=now)
        counted = time.perf_counter()
        report_ = services.check(now=now)
        checked = time.perf_counter()
        assert report_.ok, report_
        with house.connect() as database:
            database.execute("vacuum (analyze) scoreboard_rollup")
            database.execute("vacuum (analyze) scoreboard_tally")
            rollup = int(database.execute("select count(*) from scoreboard_rollup").fetchone()[0])
        with serving() as web:
            api, page = (statistics.median(_spent(house, web, path, times) for _ in range(rounds)) for path in PATHS)
        found.append(
            Measured(cases=cases, rollup=rollup, api=api, page=page, rebuild=counted - began, check=checked - counted)
        )
        print(f"  {found[-1]}", flush=True)
    return found


def _spent(house: Installation, web: Web, path: str, times: int) -> float:
    last = dt.datetime.now(dt.UTC).date().replace(day=1) - dt.timedelta(days=1)
    asked = f"{path}?region={DISTRICT}&period={last:%Y-%m}"
    headers = {"Accept-Language": "zh-Hans", "Cookie": f"sessionid={house.sessions['coordinator']}"}
    for _ in range(5):
        web.ask("GET", asked, headers=headers)
    accounting.settle()
    before = accounting.spent(web=web.pid, postmaster=house.postmaster)
    for _ in range(times):
        web.ask("GET", asked, headers=headers)
    accounting.settle()
    return ((accounting.spent(web=web.pid, postmaster=house.postmaster) - before) / times).both


def section(found: list[Measured]) -> report.Section:
    """Return the part of the report."""
    lines = [
        "| cases | rows of sums | API, CPU ms | page, CPU ms | recount all, s | check all, s |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.cases:,} | {one.rollup:,} | {one.api:.1f} | {one.page:.1f} | {one.rebuild:.1f} | {one.check:.1f} |"
        for one in found
    ]
    first, last = found[0], found[-1]
    ratios = {"API": last.api / first.api, "page": last.page / first.page}
    targets = [
        report.Target(
            f"scoreboard of a month ({what}), {last.cases:,} ÷ {first.cases:,} cases",
            f"≤ {MOST:g} ×",
            f"{ratio:.2f} ×",
            ratio <= MOST,
        )
        for what, ratio in ratios.items()
    ]
    return report.Section("Scoreboard of a month", lines, targets, [asdict(one) for one in found])
