"""A whole installation, started as its user starts it, and clients that never give up before they are answered."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bihuan.foundation import postgres

REGION = "330114"
CLIENTS, ANSWER_WITHIN = 20, 60.0
INHABIT = "from bihuan.foundation.directory import factories; factories.make_board('projects', region='{region}')"
"""Where nobody looks after matters, none may be raised."""


def until(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, f"waited {seconds} s in vain: {what}"
        time.sleep(0.1)


def children(pid: int) -> dict[int, str]:
    """The processes that `pid` started, each with its command line."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            with contextlib.suppress(OSError):
                found[int(child)] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


@dataclass(kw_only=True)
class House:
    """`bihuan serve` with web, worker and embedded PostgreSQL."""

    folder: Path
    port: int
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen | None = None

    def bihuan(self, *arguments: str, seconds: float = 60) -> tuple[int, dict]:
        """Run a command to its end; its exit status and its JSON document."""
        done = subprocess.run(
            [Path(sys.executable).with_name("bihuan"), *arguments, "--json"],
            env=self.environment, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
        assert done.stdout, done.stderr[-2000:]
        return done.returncode, json.loads(done.stdout)

    def python(self, code: str) -> None:
        """Run some lines inside the product, on the database that is up."""
        with self.database() as connection:
            place = connection.info
            address = f"postgresql://{place.user}@/{place.dbname}?host={place.host}&port=5432"
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "config.settings", "BIHUAN_DATABASE_URL": address}
        lines = f"import django; django.setup(); {code}"
        subprocess.run([sys.executable, "-c", lines], env=environment, check=True, timeout=180)

    def serve(self) -> None:
        command = [Path(sys.executable).with_name("bihuan"), "serve", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=self.log.open("w"), stderr=subprocess.STDOUT, start_new_session=True
        )
        until(self.ready, seconds=180, what="web, timers and jobs in order")

    def ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        return False

    def web(self) -> int:
        (pid,) = (pid for pid, line in children(self.process.pid).items() if "granian" in line)
        return pid

    def web_worker(self) -> int:
        """One of the processes that answer requests."""
        return next(pid for pid, line in children(self.web()).items() if "resource_tracker" not in line)

    def worker(self) -> int:
        (pid,) = (pid for pid, line in children(self.process.pid).items() if "granian" not in line)
        return pid

    def postmaster(self) -> int:
        pid = postgres.status(self.folder).pid
        assert pid is not None
        return pid

    @contextlib.contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        """The database, with the eyes of the product itself."""
        url = postgres.status(self.folder).url
        assert url is not None
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("set bihuan.kind = 'service'")
            yield connection


@contextlib.contextmanager
def house(folder: Path, *, region: str = REGION, **given: str) -> Iterator[House]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    environment |= {
        "BIHUAN_DATA": str(folder / "data"),
        "BIHUAN_SERVER_HOME": str(folder / "server-home"),
        "BIHUAN_PUBLIC_INTAKE": "1000000",
    } | given
    made = House(folder=folder / "data", port=port, environment=environment, log=folder / "log")
    try:
        assert made.bihuan("migrate", seconds=400)[0] == 0
        made.serve()
        made.python(INHABIT.format(region=region))
        yield made
        made.process.send_signal(signal.SIGTERM)
        assert made.process.wait(30) in (0, 1)
    finally:
        if made.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(made.process.pid, signal.SIGKILL)
            made.process.wait()
            print(made.log.read_text())  # noqa: T201 -- shown when something went wrong
        with contextlib.suppress(postgres.PostgresProblem):
            postgres.stop(made.folder, force=True)


@dataclass(kw_only=True)
class Client:
    """Raises matters one after the other; asks again with the same key until each is acknowledged."""

    port: int
    titles: list[str]
    acknowledged: dict[str, dict]
    retries: int = 0
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        connection = None
        for title in self.titles:
            key, give_up = str(uuid.uuid4()), time.monotonic() + ANSWER_WITHIN
            matter = {
                "title": title,
                "description": "验收退了三次。",
                "region": REGION,
                "channel": "web",
                "anonymous": True,
            }
            headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Connection": "keep-alive"}
            while title not in self.acknowledged:
                if time.monotonic() > give_up:
                    self.wrong.append(f"{title}: no answer within {ANSWER_WITHIN} s")
                    return
                try:
                    connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                    connection.request("POST", "/api/v1/cases", json.dumps(matter), headers)
                    answer = connection.getresponse()
                    body = answer.read()
                    if answer.status == 201:
                        self.acknowledged[title] = json.loads(body)
                        continue
                    if answer.status not in (409, 503):
                        self.wrong.append(f"{title}: {answer.status} {body[:300]!r}")
                        return
                except (OSError, http.client.HTTPException):
                    if connection:
                        connection.close()
                    connection = None
                self.retries += 1
                time.sleep(0.2)


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What became of many matters raised at once: title → the answer; how often a client had to ask again."""

    acknowledged: dict[str, dict]
    retries: int


def storm(house: House, name: str, *, matters: int, blows: dict[int, Callable[[], None]]) -> Storm:
    """Raise `matters` matters from many clients at once; after so many acknowledgements strike each of the `blows`."""
    acknowledged: dict[str, dict] = {}
    titles = [f"{name} {number}" for number in range(matters)]
    clients = [
        Client(port=house.port, titles=titles[place::CLIENTS], acknowledged=acknowledged) for place in range(CLIENTS)
    ]
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    for after, blow in sorted(blows.items()):
        until(lambda after=after: len(acknowledged) >= after, seconds=60, what=f"{after} acknowledgements")
        blow()
        assert len(acknowledged) < matters, "the blow came too late to be one"
    for thread in threads:
        thread.join(ANSWER_WITHIN + 20)
    assert not [line for client in clients for line in client.wrong]
    assert not any(thread.is_alive() for thread in threads)
    return Storm(acknowledged=acknowledged, retries=sum(client.retries for client in clients))
