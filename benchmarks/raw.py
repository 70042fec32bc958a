"""The same rows in raw SQL: statements that the product sends, caught once and replayed by pgbench.

A whole case is taken round inside this process, as the web process would, and what is sent to PostgreSQL is written
down. Of a writing request pgbench replays the locks and all inserts, updates and deletes, in one transaction; of a
reading one all selects of cases, their parts and facts. What the product asks besides is not part of raw SQL: who may,
which rulebook, which calendar, and of a writing request reading the case again for the answer. Ids and numbers that
are new get a counter in their place, so each replay writes rows of its own. pgbench works as a superuser, whom no
row-level policy slows.
"""

import contextlib
import io
import json
import re
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import accounting
from benchmarks.installation import Installation

_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}(?![0-9a-f])")
_NUMBER = re.compile(r"\b[A-Z]{2,6}-\d{6}-\d{4}-\d{4,7}\b")
_WRITES = re.compile(r"\s*(insert|update|delete|with)\b", re.IGNORECASE)
_LOCKS = re.compile(r"\s*select\b.*\bfor update\b", re.IGNORECASE | re.DOTALL)
_MATTER = re.compile(r"\b(cases_|ledger_)", re.IGNORECASE)
_BESIDES = re.compile(r"accounts_apitoken|set_config")


@contextlib.contextmanager
def catching() -> Iterator[list[str]]:
    """Collect every statement that this process sends through psycopg, with its values."""
    caught: list[str] = []
    original = psycopg.Cursor.execute

    def execute(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        if "set_config" not in str(query):
            caught.append(psycopg.ClientCursor(self.connection).mogrify(query, params))
        return original(self, query, params, **options)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    try:
        yield caught
    finally:
        psycopg.Cursor.execute = original  # type: ignore[method-assign]


def request(
    application: Any, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None = None
) -> Any:
    """Ask the WSGI application in this process and return the parsed answer."""
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    address, _mark, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content), "wsgi.errors": io.StringIO(), "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(content)), "CONTENT_TYPE": "application/json",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }  # fmt: skip
    status: list[str] = []
    answer = application(environ, lambda line, _headers: status.append(line))
    text = b"".join(answer)
    answer.close()
    if not status[0].startswith("2"):
        raise SystemExit(f"{method} {path}: {status[0]} {text[:500].decode(errors='replace')}")
    return json.loads(text)


@dataclass
class Scripts:
    """pgbench scripts by the name of what they do. What is caught of one life of a case shares its new ids."""

    folder: Path
    since: float = field(default_factory=time.time)
    ids: dict[uuid.UUID, str] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)

    def keep_writes(self, name: str, caught: list[str], *, key: str) -> None:
        """Write the script of a writing request that was sent with the Idempotency-Key `key`."""
        kept = [one for one in caught if (_WRITES.match(one) or _LOCKS.match(one)) and not _BESIDES.search(one)]
        self._write(name, ["begin", *kept, "commit"], key)

    def keep_reads(self, name: str, caught: list[str]) -> None:
        """Write the script of a reading request."""
        kept = [one for one in caught if re.match(r"\s*select\b", one, re.IGNORECASE) and _MATTER.search(one)]
        self._write(name, kept, "")

    def keep(self, name: str, statements: list[str]) -> None:
        """Write a script of one's own."""
        self._write(name, statements, "")

    def _write(self, name: str, statements: list[str], key: str) -> None:
        text = ";\n".join(_at_line_start.sub(" ", one) for one in statements) + ";\n"
        text = _UUID.sub(lambda found: self._counted(found[0]), text)
        if key:
            text = _NUMBER.sub(lambda found: f"{found[0].rpartition('-')[0]}-:n", text).replace(key, "key:n")
        (self.folder / f"{name}.sql").write_text("\\set n :n + 1\n" + text)
        self.statements[name] = len(statements)

    def _counted(self, one: str) -> str:
        """Return an id as it stands in a script: a new one with the counter, an old one unchanged."""
        made = uuid.UUID(one)
        if made.int >> 80 < int(self.since * 1000):
            return one
        return self.ids.setdefault(made, f"{len(self.ids):08x}-0000-7000-8000-:n")


_at_line_start = re.compile(r"^\\", re.MULTILINE)


def run(house: Installation, script: Path, *, times: int, first: int) -> tuple[float, float]:
    """Replay a script; return CPU milliseconds each time, of pgbench and of PostgreSQL."""
    before = accounting.cpu(house.postmaster)
    command = [house.pgbench, "-n", "-c", "1", "-t", str(times), "-D", f"n={first}", "-f", script, "-M", "simple"]
    command += ["-h", house.admin["host"], "-p", "5432", "-U", "postgres", "bihuan"]
    with _child_cpu() as client:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode or f"{times}/{times}" not in done.stdout:
        raise SystemExit(f"pgbench {script.name}: {done.stderr[-2000:]}{done.stdout[-500:]}")
    accounting.settle()
    return client[0] / times, (accounting.cpu(house.postmaster) - before) / times


_TABLES = {
    "deadlines_timer": "clock_id", "deadlines_clock": "id", "cases_contact": "case_id", "ledger_fact": "stream",
    "cases_codepartment": "id", "notifications_notice": "id", "rest_given_answer": "id", "cases_case": "id",
}  # fmt: skip


def remove(house: Installation) -> None:
    """Take away the rows that raw SQL has written, and let the planner know: the register is as large as it was."""
    with house.connect() as database:
        database.execute("set session_replication_role = replica")
        database.execute("alter table ledger_fact disable trigger append_only")
        for table, column in _TABLES.items():
            database.execute(f"delete from {table} where {column} < '00010000-0000-0000-0000-000000000000'")
        database.execute("alter table ledger_fact enable always trigger append_only")
        for table in _TABLES:
            database.execute(f"vacuum (analyze) {table}")


@contextlib.contextmanager
def _child_cpu() -> Iterator[list[float]]:
    """Measure the CPU milliseconds of the children that end inside the block."""
    import resource

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (usage.ru_utime + usage.ru_stime) * 1000

    before, found = used(), [0.0]
    yield found
    found[0] = used() - before
