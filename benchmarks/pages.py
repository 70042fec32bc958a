"""What pages of a full register cost beside an empty page: CPU of the web process and PostgreSQL, for the same reader."""

import datetime as dt
import statistics
from dataclasses import asdict, dataclass

from benchmarks import accounting, report, volume
from benchmarks.accounting import Spent
from benchmarks.installation import DISTRICT, Installation, Web, serving

MOST = 3.0
"""A page full of rows may cost this many times an empty one."""
PAGES = (
    ("coordinator", "/queue/", "my work, for the centre"),
    ("coordinator", "/queue/?view=all", "my work, all open"),
    ("coordinator", "/queue/?light=red", "my work, overdue"),
    ("coordinator", "/cases/", "the register"),
    ("liaison", "/queue/", "my work, to do"),
    ("liaison", "/queue/?view=all", "my work, all open"),
    ("seat", "/queue/", "my work, to accept"),
)
"""Reader, address, and what it shows."""
EMPTY = "/inbox/"
"""A page with the same frame and nothing in it."""


@dataclass(frozen=True)
class Paged:
    """CPU milliseconds of one page, and of an empty page for the same reader."""

    reader: str
    path: str
    what: str
    web: float
    postgres: float
    empty: float

    @property
    def ratio(self) -> float:
        """The page ÷ an empty page."""
        return (self.web + self.postgres) / self.empty


def run(house: Installation, *, most: int, times: int, rounds: int) -> list[Paged]:
    """Bring the open cases of the district to `most`, then measure each page in turns with an empty one."""
    missing = most - volume.count_open(house, DISTRICT)
    if missing > 0:
        have = volume.count(house)
        # Every other case is one of the district.
        volume.make(house, have=have, want=have + 2 * missing, now=dt.datetime.now(dt.UTC), open_share=1.0)
    found = []
    with serving() as web:
        for reader, path, what in PAGES:
            taken: dict[str, list[Spent]] = {EMPTY: [], path: []}
            for _ in range(rounds):
                for asked, spent in taken.items():
                    spent.append(_spent(house, web, reader, asked, times))
            empty = statistics.median(one.both for one in taken[EMPTY])
            own, its = (statistics.median(getattr(one, side) for one in taken[path]) for side in ("web", "postgres"))
            found.append(Paged(reader=reader, path=path, what=what, web=own, postgres=its, empty=empty))
            print(_line(found[-1]), flush=True)
    return found


def _spent(house: Installation, web: Web, reader: str, path: str, times: int) -> Spent:
    cookies = {"Cookie": f"sessionid={house.sessions[reader]}", "Accept-Language": "zh-Hans"}
    for _ in range(5):
        web.ask("GET", path, headers=cookies)
    accounting.settle()
    before = accounting.spent(web=web.pid, postmaster=house.postmaster)
    for _ in range(times):
        web.ask("GET", path, headers=cookies)
    accounting.settle()
    return (accounting.spent(web=web.pid, postmaster=house.postmaster) - before) / times


def _line(one: Paged) -> str:
    return (
        f"  {one.reader:12} {one.path:18} web {one.web:6.1f} + postgres {one.postgres:5.1f} ms,"
        f" empty page {one.empty:5.1f} ms, ratio {one.ratio:4.2f}"
    )


def section(pages: list[Paged], *, most: int) -> report.Section:
    """Return the part of the report."""
    lines = ["| page | reader | web ms | PostgreSQL ms | an empty page ms | **÷** |", "|---|---|--:|--:|--:|--:|"]
    lines += [
        f"| {one.what} (`{one.path}`) | {one.reader} | {one.web:.1f} | {one.postgres:.1f} | {one.empty:.1f} |"
        f" **{one.ratio:.2f}** |"
        for one in pages
    ]
    targets = [
        report.Target(
            f"{one.path} as {one.reader} ÷ an empty page, {most:,} open cases",
            f"≤ {MOST:g} ×",
            f"{one.ratio:.2f} ×",
            one.ratio <= MOST,
        )
        for one in pages
    ]
    return report.Section(f"Pages, {most:,} open cases in sight", lines, targets, [asdict(one) for one in pages])
