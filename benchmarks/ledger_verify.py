"""The ledger: what proving a million facts costs, and what a fact costs beside the bare INSERT of the same row.

    BIHUAN_DATABASE_URL=postgresql:///scratch python -m benchmarks.ledger_verify [--facts 1000000]

Works in one transaction that is rolled back, on a migrated database. CPU of this process and of its PostgreSQL backend
(from /proc), wall time, and the memory this process gains. Target: 100,000 facts a second and core of this process.
"""

import argparse
import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection, transaction

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
FACTS_PER_STREAM = 4
ROUNDS = 5000
SAID = {"lead": "330114-012", "co": ["330114-003"], "note": "请两日内联系企业，了解用电增容办理进展并反馈"}
SHOWN = "{:28} {:>10} {:>12} {:>12} {:>10}"


def _backend_cpu(backend: int) -> float:
    """CPU seconds used so far by a PostgreSQL backend."""
    ticks = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def _resident() -> float:
    """Resident memory of this process in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _measure(backend: int, name: str, count: int, work: Callable[[], Any]) -> tuple[float, float]:
    """Run `work`, print a line, and return microseconds of CPU per item: this process, its backend."""
    own, other, wall = time.process_time(), _backend_cpu(backend), time.perf_counter()
    work()
    wall = time.perf_counter() - wall
    own, other = (time.process_time() - own) / count * 1e6, (_backend_cpu(backend) - other) / count * 1e6
    print(SHOWN.format(name, f"{wall:.1f} s", f"{own:.1f}", f"{other:.1f}", f"{count / wall:,.0f}"))
    return own, other


def _fill(facts: int) -> None:
    """Write `facts` facts, each stream's spread over the whole table, as they are in real life."""
    from bihuan.foundation.kernel import ids
    from bihuan.foundation.ledger import services
    from bihuan.foundation.ledger.models import Chained

    class Matter(Chained):
        class Meta:
            app_label = "benchmarks"

    streams = [(Matter(region="330114"), ids.uuid7()) for _ in range(facts // FACTS_PER_STREAM)]
    for _ in range(FACTS_PER_STREAM):
        for start in range(0, len(streams), 5000):
            services.record_many(
                services.Entry(subject=matter, stream=stream, actor_id=stream, now=NOW, **_fact())
                for matter, stream in streams[start : start + 5000]
            )


def _fact() -> dict[str, Any]:
    states = {"from_state": "accepted", "to_state": "dispatched", "rulebook": 3}
    return {"kind": "benchmark.done", "reason": "企业反映用电增容办理慢，多次联系未果", "data": SAID, **states}


def _verify(facts: int) -> None:
    from bihuan.foundation.ledger import verification

    before, most = _resident(), [0.0]
    report = verification.verify(progress=lambda done, total: most.__setitem__(0, max(most[0], _resident())))
    if not report.ok or report.facts != facts:
        raise SystemExit(f"the ledger does not verify: {report.facts} facts, {report.flaw_count} flaws")
    print(f"{'':28} memory gained while verifying: {most[0] - before:.1f} MiB")


def _export(path: Path) -> None:
    from bihuan.foundation.ledger import exports

    with path.open("wb") as out:
        exports.export(out, now=NOW)


def _verify_export(path: Path) -> None:
    from bihuan.foundation.ledger import exports

    if not exports.verify_export(path).ok:
        raise SystemExit("the export does not verify")


def _one_by_one(backend: int) -> None:
    """Compare `record` with the bare INSERT of rows of the same content, one statement each."""
    from bihuan.foundation.kernel import ids
    from bihuan.foundation.ledger import services
    from bihuan.foundation.ledger.models import Chained, Fact

    subject, stream = Chained.__new__(Chained), ids.uuid7()
    subject.__dict__.update(region="330114", last_seq=0, last_hash="")
    given = {"subject": subject, "stream": stream, "actor_id": stream, "now": NOW, **_fact()}
    columns = [field.column for field in Fact._meta.concrete_fields if field.column != "position"]
    insert = f"insert into ledger_fact ({', '.join(columns)}) values ({', '.join(['%s'] * len(columns))})"

    def bare() -> None:
        for row in rows:
            with connection.cursor() as cursor:
                cursor.execute(insert, row)

    totals = {"bare INSERT": 0.0, "record": 0.0}
    for _ in range(3):  # turn about, so that a busy moment of the machine meets both
        facts = [services.record(**given) for _ in range(ROUNDS)]
        rows = [[ids.uuid7() if name == "stream" else getattr(fact, name) for name in columns] for fact in facts]
        savepoint = transaction.savepoint()
        totals["bare INSERT"] += sum(_measure(backend, "bare INSERT, one by one", ROUNDS, bare))
        transaction.savepoint_rollback(savepoint)
        work = lambda: [services.record(**given) for _ in range(ROUNDS)]  # noqa: E731
        totals["record"] += sum(_measure(backend, "record, one by one", ROUNDS, work))
    print(f"{'':28} record ÷ bare INSERT, CPU of both: {totals['record'] / totals['bare INSERT']:.2f}")


def run(facts: int) -> None:
    """Fill, measure, print, and leave nothing behind."""
    from bihuan.foundation.kernel import database
    from bihuan.foundation.ledger import facts as wordings
    from bihuan.foundation.ledger import heads

    wordings.register({"benchmark.done": "{actor} did it"})
    heads._providers.clear()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic(), connection.cursor() as cursor:
        settings.DATA_DIR = folder
        cursor.execute("select pg_backend_pid()")
        backend = cursor.fetchone()[0]
        print(SHOWN.format("", "wall", "own µs each", "backend µs", "a second"))
        with database.writing():
            _one_by_one(backend)
            cursor.execute("select count(*) from ledger_fact")
            before = cursor.fetchone()[0]
            _measure(backend, "record_many", facts, lambda: _fill(facts))
        cursor.execute("analyze ledger_fact")
        total, path = before + facts, Path(folder, "export.jsonl")
        _measure(backend, "verify", total, lambda: _verify(total))
        _measure(backend, "export", total, lambda: _export(path))
        _measure(backend, "verify the export", total, lambda: _verify_export(path))
        transaction.set_rollback(True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=1_000_000)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    run(arguments.facts)
