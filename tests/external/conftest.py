"""What tests on real registers share: databases of their own, filled by the command line as an operator fills them."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from benchmarks import accounting

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
MAPS = Path(__file__).resolve().parent / "maps"


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a command ended: its JSON document, exit status, seconds by the clock and of the processor, memory in MiB.

    cpu    of the command        server    of PostgreSQL meanwhile, its housekeeping left out
    """

    document: dict
    status: int
    wall: float
    cpu: float
    server: float
    memory: float


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One database and one data folder, worked on with `bihuan …`."""

    database: str
    folder: Path

    def run(self, *arguments: object) -> Run:
        """Run `bihuan` with `--json`, as somebody who operates it would."""
        environment = os.environ | {
            "BIHUAN_MODE": "production",
            "BIHUAN_DATABASE_URL": url_of(self.database),
            "BIHUAN_DATA": str(self.folder),
        }
        command = [Path(sys.executable).with_name("bihuan"), *map(str, arguments), "--json"]
        with (self.folder / "output").open("w+") as output:
            postmaster = _postmaster()
            began, server = time.monotonic(), accounting.cpu(postmaster)
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
            memory = 0.0
            # What wait4 tells of memory includes this process's own, at the moment it forked.
            while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
                memory = max(memory, _resident(process.pid))
                time.sleep(0.05)
            _pid, status, used = ended
            wall = time.monotonic() - began
            process.returncode = status
            output.seek(0)
            text = output.read()
        try:
            document = json.loads(text)
        except ValueError:
            pytest.fail(f"{command} says: {text[-2000:]}")
        return Run(
            document=document,
            status=os.waitstatus_to_exitcode(status),
            wall=wall,
            cpu=used.ru_utime + used.ru_stime,
            server=(accounting.cpu(postmaster) - server) / 1000,
            memory=memory,
        )


def _postmaster() -> int:
    """The process of the server, the parent of every backend."""
    with psycopg.connect(url_of("postgres")) as server:
        return int(Path(f"/proc/{server.info.backend_pid}/stat").read_text().rpartition(")")[2].split()[1])


def _resident(pid: int) -> float:
    """The most memory a process has had, in MiB; 0 when it is ending."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def url_of(database: str) -> str:
    own = connection.settings_dict
    who = f"{quote(own['USER'])}:{quote(own['PASSWORD'])}" if own["PASSWORD"] else quote(own["USER"])
    return f"postgresql://{who}@/{database}?host={quote(own['HOST'])}&port={own['PORT']}"


@contextlib.contextmanager
def database(name: str, *, like: str = "template0") -> Iterator[str]:
    """A database of this name, dropped afterwards."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        name = f"{connection.settings_dict['NAME']}_{name}_{os.getpid()}"
        server.execute(f'create database "{name}" template "{like}"')
        try:
            yield name
        finally:
            connection.close()
            server.execute(f'drop database "{name}"')


@pytest.fixture(scope="session")
def blank(django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """A database after `bihuan migrate`, to be copied."""
    with django_db_blocker.unblock(), database("blank") as name:
        made = Installation(database=name, folder=tmp_path_factory.mktemp("blank"))
        assert made.run("migrate").status == 0
        yield name


@contextlib.contextmanager
def installation(name: str, folder: Path, *, blank: str) -> Iterator[Installation]:
    """An installation that is migrated and empty."""
    connection.close()
    with database(name, like=blank) as own:
        yield Installation(database=own, folder=folder)


@contextlib.contextmanager
def looking_into(made: Installation) -> Iterator[None]:
    """Let this process read the installation's database through the product's own selectors."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = made.database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def boston_csv(tmp_path_factory) -> Path:
    with zipfile.ZipFile(REAL / "boston311" / "311_service_requests_2011.zip") as archive:
        (name,) = archive.namelist()
        return Path(archive.extract(name, tmp_path_factory.mktemp("boston")))
