"""What is measured: each operation as the product does it, and as raw SQL does it, in turns."""

import datetime as dt
import itertools
import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import accounting, raw
from benchmarks.accounting import Spent
from benchmarks.installation import DISTRICT, Installation, Web

BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": ("coordinator", {"tier": "ordinary", "board": "projects", "category": "approval"}),
    "dispatch": ("coordinator", {"lead": "housing"}),
    "sign": ("liaison", {}),
    "reply": ("liaison", {"text": "已会同消防部门复验，现场通过；意见书今日送达，请企业查收。", "kind": "resolved"}),
}
"""Action → who takes it and with which words, in the order of a case's way."""
NEVER = 2.0**40
"""An instant after which no id was made: nothing is new."""
READERS = ("coordinator", "liaison", "board_head", "city", "deputy", "enterprise")


@dataclass
class Figure:
    """CPU milliseconds an operation took, the median of the rounds; `ratio` is ours ÷ raw SQL (PostgreSQL's part alone)."""

    name: str
    what: str
    times: int
    web: float
    postgres: float
    ours: float
    spread: float = 0.0
    raw: float | None = None
    raw_client: float | None = None
    statements: int | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours ÷ raw."""
        return self.ours / self.raw if self.raw else None

    def plain(self) -> dict[str, Any]:
        """Return the figure for JSON."""
        return {**asdict(self), "ratio": self.ratio}


@dataclass
class Bench:
    """One volume of data, one web process, and the operations on them."""

    house: Installation
    web: Web
    scripts: raw.Scripts
    times: int
    raw_times: int
    rounds: int
    first: int
    figures: list[Figure] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    _keys: Iterator[int] = field(default_factory=itertools.count)

    def headers(self, who: str, *, key: bool = False) -> dict[str, str]:
        """Return what a program sends along."""
        found = {"Authorization": f"Bearer {self.house.tokens[who]}", "Accept-Language": "zh-Hans"}
        return found | ({"Idempotency-Key": f"{self.first}-{next(self._keys)}"} if key else {})

    def matter(self) -> dict[str, Any]:
        """Return the body of an intake of usual size."""
        number = next(self._keys)
        return {
            "title": f"丙类仓库扩建，消防验收退回三次（{number}）",
            "description": "仓库 9 月完工，验收退了三次，每次理由不一样，请一次讲清还差什么。厂房门口道路积水，货车进不来。"
            * 3,
            "channel": "hotline",
            "region": DISTRICT,
            "enterprise": random.choice(self.house.firms),
            "category": "approval",
            "contact": {"name": "王工", "phone": "13600000917"},
        }

    def measure(self, name: str, what: str, do: Callable[[], Any], *, script: str = "", times: int = 0) -> Figure:
        """Do it in rounds, in turns with raw SQL, and keep the medians."""
        times = times or self.times
        for _ in range(max(10, times // 10)):
            do()
        mine: list[Spent] = []
        theirs: list[tuple[float, float]] = []
        for number in range(self.rounds):
            accounting.settle()
            before = accounting.spent(web=self.web.pid, postmaster=self.house.postmaster)
            for _ in range(times):
                do()
            accounting.settle()
            after = accounting.spent(web=self.web.pid, postmaster=self.house.postmaster)
            mine.append((after - before) / times)
            if script:
                self.web.rest()
                theirs.append(self.raw(self.scripts.folder / f"{script}.sql", number))
        return self.keep(name, what, mine, theirs, times=times, statements=self.scripts.statements.get(script))

    def raw(self, script: Path, number: int) -> tuple[float, float]:
        """Replay a script for round `number`; often enough for the start of the backend to vanish."""
        return raw.run(self.house, script, times=self.raw_times, first=self.first + number * self.raw_times)

    def keep(self, name: str, what: str, mine: list[Spent], theirs: list[tuple[float, float]], **rest: Any) -> Figure:
        """Keep the medians of the rounds as a figure."""
        both = [one.both for one in mine]
        figure = Figure(
            name=name,
            what=what,
            web=statistics.median(one.web for one in mine),
            postgres=statistics.median(one.postgres for one in mine),
            ours=statistics.median(both),
            spread=max(both) - min(both),
            raw=statistics.median(one[1] for one in theirs) if theirs else None,
            raw_client=statistics.median(one[0] for one in theirs) if theirs else None,
            **rest,
        )
        self.figures.append(figure)
        print(line(figure), flush=True)
        return figure


def line(figure: Figure) -> str:
    """Return a figure as one line of text."""
    compared = f"   raw {figure.raw:7.3f}   ratio {figure.ratio:5.2f}" if figure.raw else ""
    return (
        f"  {figure.name:18} web {figure.web:7.3f} + postgres {figure.postgres:6.3f} = {figure.ours:7.3f} ms"
        f" (± {figure.spread / 2:.3f}){compared}"
    )


def catch(bench: Bench) -> None:
    """Take one case round in this process and keep its statements as scripts; the first time only warms up."""
    from config.wsgi import application

    for _ in range(2):
        bench.scripts.ids.clear()
        bench.scripts.since = time.time()
        number = _caught_life(bench, application)
    for who in READERS:
        with raw.catching() as caught:
            raw.request(application, "GET", "/api/v1/cases?sort=due", bench.headers(who))
        bench.scripts.keep_reads(f"list_{who}", caught)
    bench.scripts.since = NEVER
    with raw.catching() as caught:
        raw.request(application, "GET", f"/api/v1/cases/{number}", bench.headers("coordinator"))
        raw.request(application, "GET", f"/api/v1/cases/{number}/events", bench.headers("coordinator"))
    bench.scripts.keep_reads("page", caught)
    with raw.catching() as caught:
        raw.request(application, "GET", f"/api/v1/cases/{number}", bench.headers("coordinator"))
    bench.scripts.keep_reads("case", caught)


def _caught_life(bench: Bench, application: Any) -> str:
    headers = bench.headers("seat", key=True)
    with raw.catching() as caught:
        answer = raw.request(application, "POST", "/api/v1/cases", headers, bench.matter())
    bench.scripts.keep_writes("intake", caught, key=headers["Idempotency-Key"])
    number: str = answer["number"]
    for action, (who, body) in BODIES.items():
        headers = bench.headers(who, key=True)
        with raw.catching() as caught:
            raw.request(application, "POST", f"/api/v1/cases/{number}/actions/{action}", headers, body)
        bench.scripts.keep_writes(action, caught, key=headers["Idempotency-Key"])
    return number


def writes(bench: Bench) -> None:
    """Measure intake and then each action on the cases that came in."""

    def intake() -> None:
        headers = bench.headers("seat", key=True)
        answer = json.loads(bench.web.ask("POST", "/api/v1/cases", headers=headers, body=bench.matter()))
        bench.numbers.append(answer["number"])

    bench.measure("intake", "POST /api/v1/cases with token and Idempotency-Key", intake, script="intake")
    for action, (who, body) in BODIES.items():
        waiting = iter(list(bench.numbers))

        def act(action: str = action, who: str = who, body: dict[str, Any] = body, waiting: Any = waiting) -> None:
            path = f"/api/v1/cases/{next(waiting)}/actions/{action}"
            bench.web.ask("POST", path, headers=bench.headers(who, key=True), body=body)

        bench.measure(action, f"POST …/actions/{action}, the answer is the case", act, script=action)
    raw.remove(bench.house)


def reads(bench: Bench) -> None:
    """Measure lists, one case, and pages."""
    for who in READERS:
        headers = bench.headers(who)
        bench.measure(
            f"list_{who}",
            f"GET /api/v1/cases?sort=due as {who}",
            lambda headers=headers: bench.web.ask("GET", "/api/v1/cases?sort=due", headers=headers),
            script=f"list_{who}",
        )
    cases = itertools.cycle(bench.numbers[:200])
    headers = bench.headers("coordinator")
    bench.measure(
        "case",
        "GET /api/v1/cases/{number}",
        lambda: bench.web.ask("GET", f"/api/v1/cases/{next(cases)}", headers=headers),
        script="case",
    )
    cookies = {"Cookie": f"sessionid={bench.house.sessions['coordinator']}", "Accept-Language": "zh-Hans"}
    fewer = max(40, bench.times // 4)
    bench.measure(
        "case_page",
        "the page of a case (HTML)",
        lambda: bench.web.ask("GET", f"/cases/{next(cases)}/", headers=cookies),
        script="page",
        times=fewer,
    )
    bench.measure(
        "queue_page",
        "the page “my work” (HTML) with counts by light",
        lambda: bench.web.ask("GET", "/cases/", headers=cookies),
        times=fewer,
    )


def append(bench: Bench) -> None:
    """Measure `ledger.services.record` with the UPDATE of the head, in a transaction each; in this process."""
    from bihuan.casework.cases.models import Case
    from bihuan.foundation.kernel import clock, database
    from bihuan.foundation.ledger import services as ledger

    with database.writing():
        case = Case.objects.defer("search").get(number=bench.numbers[0])
    said = {"text": "已约消防部门周四上午现场复验，请企业准备好验收意见书原件。", "visible_to_enterprise": True}

    def record() -> None:
        with database.writing():
            ledger.record(
                subject=case,
                stream=case.id,
                kind="case.progress_reported",
                actor_id=case.raised_by,
                now=clock.now(),
                data=said,
                from_state="handling",
                to_state="handling",
            )
            case.save(update_fields=["last_seq", "last_hash"])

    with raw.catching() as caught:
        record()
    statements = [one for one in caught if one.lower().startswith(("insert", "update"))]
    seq, stream = f", {case.last_seq}, ", re.compile(f"{case.id}|{case.id.hex}")
    # Each replay appends to a stream of its own, so that (stream, seq) stays unique.
    bench.scripts.keep(
        "append",
        [
            "begin",
            *(stream.sub("00000099-0000-7000-8000-:n", one).replace(seq, ", 1, ") for one in statements),
            "commit",
        ],
    )
    mine, theirs = [], []
    times = bench.times
    for number in range(bench.rounds):
        before, own = accounting.cpu(bench.house.postmaster), time.process_time()
        for _ in range(times):
            record()
        own = (time.process_time() - own) * 1000
        accounting.settle()
        mine.append(Spent(own, accounting.cpu(bench.house.postmaster) - before) / times)
        path = bench.scripts.folder / "append.sql"
        theirs.append(bench.raw(path, number))
    bench.keep("append", "ledger.record in a transaction", mine, theirs, times=times, statements=4)
    raw.remove(bench.house)


def verify(bench: Bench) -> None:
    """Measure the proof of the whole ledger; in this process."""
    from bihuan.foundation.ledger import verification

    before, own = accounting.cpu(bench.house.postmaster), time.process_time()
    report = verification.verify()
    own = (time.process_time() - own) * 1000
    spent = Spent(own, accounting.cpu(bench.house.postmaster) - before)
    if not report.ok:
        raise SystemExit(f"the ledger is not whole: {report.flaws[:5]}")
    same = "select count(hash) filter (where length(canonical) > 0) from (select * from ledger_fact order by stream, seq) f"
    bench.scripts.keep("verify", [same])
    theirs = raw.run(bench.house, bench.scripts.folder / "verify.sql", times=1, first=bench.first)
    bench.keep(
        "verify",
        "the whole ledger",
        [spent],
        [theirs],
        times=1,
        statements=1,
        note=f"{report.facts:,} facts, none wrong",
    )


def scripts_in(folder: Path) -> raw.Scripts:
    """Return an empty set of scripts in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    return raw.Scripts(folder)


def first_number() -> int:
    """Return a counter of 12 digits that no earlier run has used."""
    return 100_000_000_000 + int(dt.datetime.now(dt.UTC).timestamp()) % 8_000_000 * 100_000
