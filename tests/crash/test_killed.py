"""`kill -9` of web, worker and database in the middle of 500 intakes at once: nothing acknowledged is lost or doubled.

`pytest -m crash tests/crash -rP` prints how often clients had to ask again.
"""

# ruff: noqa: T201 -- it prints what it measures

import contextlib
import csv
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from bihuan.foundation.ledger.services import CHECKPOINT_LOCK

from .house import REGION, House, Storm, house, storm, until

pytestmark = pytest.mark.crash
MATTERS = 500


@pytest.fixture(scope="module")
def running():
    """Memory where there is some: what is killed here are processes, not the machine."""
    scratch = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="bihuan-crash-", dir=scratch))
    folder.chmod(0o755)
    try:
        with house(folder) as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def defer(running: House, app: str, task: str) -> None:
    """Put a job into the queue, as the product does."""
    running.python(f"from bihuan.foundation.{app}.tasks import {task}; {task}.defer(timestamp=0)")


def jobs(running: House, task: str) -> list[tuple[str, int]]:
    with running.database() as connection:
        return connection.execute(
            "select status::text, attempts from procrastinate_jobs where task_name = %s order by id", [task]
        ).fetchall()


ORPHANS = {
    "cases without their first fact": (
        "select count(*) from cases_case c where not exists (select from ledger_fact f"
        " where f.stream = c.id and f.seq = 1 and f.kind in ('case.raised', 'case.imported'))"
    ),
    "facts without a case": "select count(*) from ledger_fact f where kind like 'case.%' and not exists"
    " (select from cases_case c where c.id = f.stream)",
    "clocks without a case": "select count(*) from deadlines_clock k where not exists"
    " (select from cases_case c where c.id = k.subject)",
    "cases without their clock": "select count(*) from cases_case c where c.source = '' and not exists"
    " (select from deadlines_clock k where k.subject = c.id and k.kind = 'acceptance')",
    "heads that are not the last fact": "select count(*) from cases_case c join lateral"
    " (select seq, hash from ledger_fact f where f.stream = c.id order by seq desc limit 1) f on true"
    " where (c.last_seq, c.last_hash) <> (f.seq, f.hash)",
}


def prove(running: House, result: Storm) -> None:
    """Everything acknowledged is there once, as it was acknowledged, and all is whole."""
    assert len(result.acknowledged) == MATTERS
    with running.database() as connection:
        rows = connection.execute(
            "select c.title, c.number, f.hash from cases_case c join ledger_fact f on f.stream = c.id and f.seq = 1"
            " where c.title = any(%s)",
            [list(result.acknowledged)],
        ).fetchall()
        told = [(title, body["number"], body["receipt"]["hash"]) for title, body in result.acknowledged.items()]
    assert sorted(rows) == sorted(told)
    prove_whole(running)


def prove_whole(running: House) -> None:
    """Numbers have no gap and none is there twice, nothing is without what it belongs to, and every chain is whole."""
    with running.database() as connection:
        for period, last in connection.execute("select period, last from cases_numbering where region = %s", [REGION]):
            given = connection.execute(
                "select right(number, 5)::int from cases_case where number like %s order by 1",
                [f"BH-{REGION}-{period}-%"],
            ).fetchall()
            assert [number for (number,) in given] == list(range(1, last + 1)), "gapless and unique"
        for what, question in ORPHANS.items():
            assert connection.execute(question).fetchone() == (0,), what
    status, report = running.bihuan("verify")
    assert (status, report["ok"], report["flaws"]) == (0, True, [])


def killed(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_web_killed(running):
    """First one of the processes that answer, then all of the web server."""
    blows = {100: lambda: killed(running.web_worker()), 250: lambda: killed(running.web())}
    result = storm(running, "web", matters=MATTERS, blows=blows)
    print(f"web: {result.retries} requests had to be sent again")
    assert result.retries
    prove(running, result)


def test_worker_killed(running):
    """The job that it had in hand is taken up by the next worker."""
    with contextlib.ExitStack() as held:
        connection = held.enter_context(running.database())
        connection.execute("select pg_advisory_lock(%s)", [CHECKPOINT_LOCK])
        before = len(jobs(running, "ledger.checkpoint"))
        defer(running, "ledger", "checkpoint")
        until(lambda: ("doing", 0) in jobs(running, "ledger.checkpoint")[before:], seconds=30, what="a job in hand")
        first = running.worker()
        result = storm(running, "worker", matters=MATTERS, blows={150: lambda: killed(first)})
    prove(running, result)
    assert ("doing", 0) in jobs(running, "ledger.checkpoint")[before:], "killed, it could not say so"
    until(lambda: running.worker() != first, seconds=20, what="another worker")
    with running.database() as connection:
        # Half a minute passes for the dead worker; the living one reports every ten seconds.
        connection.execute("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '31 seconds'")
    began = time.monotonic()
    defer(running, "kernel", "retry_stalled")

    def taken_up() -> bool:
        # Of the periodic job that may have come meanwhile one is enough: the killed one is then closed for it.
        states = {status for status, _attempts in jobs(running, "ledger.checkpoint")[before:]}
        return "succeeded" in states and "doing" not in states

    until(taken_up, seconds=60, what="the retry")
    print(f"worker: the job in hand was done {time.monotonic() - began:.1f} s after it counted as stalled")
    with running.database() as connection:
        assert connection.execute("select count(*) from ledger_checkpoint").fetchone() > (0,)


def test_database_killed(running):
    """The supervisor brings it back; what was not acknowledged is asked again and happens once."""
    struck = []

    def strike() -> None:
        killed(running.postmaster())
        struck.append(time.monotonic())

    result = storm(running, "database", matters=MATTERS, blows={200: strike})
    print(
        f"database: {result.retries} requests had to be sent again, {time.monotonic() - struck[0]:.1f} s till the last"
    )
    assert result.retries
    prove(running, result)
    until(running.ready, seconds=60, what="web, timers and jobs in order")
    done = len(jobs(running, "kernel.retry_stalled"))
    defer(running, "kernel", "retry_stalled")
    until(
        lambda: "succeeded" in [status for status, _ in jobs(running, "kernel.retry_stalled")[done:]],
        seconds=60,
        what="a worker that works again",
    )


def test_import_killed(running, tmp_path):
    """What was committed stays, what was not comes in when the import is run again."""
    path, rows = tmp_path / "register.csv", 4_000
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source_id", "title", "description", "region", "raised_at", "closed_at"])
        for number in range(rows):
            writer.writerow(
                [number, f"旧事 {number}", "验收退了三次。", REGION, "2025-03-01 09:00", "2025-03-04 10:00"]
            )

    def taken() -> int:
        with running.database() as connection:
            return connection.execute("select count(*) from cases_case where source = 'register'").fetchone()[0]

    command = [Path(sys.executable).with_name("bihuan"), "import", "cases", path]
    for enough in (1, 1_200):
        process = subprocess.Popen(command, env=running.environment, stdout=subprocess.DEVNULL)
        until(lambda enough=enough: taken() >= enough, seconds=60, what="a part of the rows")
        process.kill()
        process.wait()
    assert 1_200 <= (before := taken()) < rows
    status, report = running.bihuan("import", "cases", str(path))
    assert (status, report["rows"], report["refused"]) == (0, rows, 0)
    assert report["known"] >= before
    assert taken() == rows
    prove_whole(running)
