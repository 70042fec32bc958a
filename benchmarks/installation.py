"""A whole installation for the length of one run: embedded PostgreSQL, a district with its people, one web process.

Everything lies in a throw-away folder (or in `--data`, to be used again). PostgreSQL runs as the launcher sets it up,
fsync on; only autovacuum is off, so that nothing works in the background while CPU is counted.
"""

import contextlib
import datetime as dt
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

DISTRICT, NEIGHBOURS = "999901", tuple(f"9999{number:02}" for number in range(2, 12))
"""The district that is looked at, and ten others beside it."""
BLANK = "blank"
"""A copy of the database as it was migrated, before anything was entered."""
DEPARTMENTS = 30
FIRMS = 1000
"""Enterprises of the district that have a login and raise matters during the run."""
FLEETING = 0.4
"""Seconds in which a new web process has to answer before it is asked again."""


@dataclass
class Installation:
    """Where everything is: `url` for the product, `admin` for raw SQL (a superuser, whom no policy slows)."""

    folder: Path
    url: str
    admin: dict[str, Any]
    postmaster: int
    pgbench: Path
    version: str
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    firms: list[str] = field(default_factory=list)

    def connect(self) -> "psycopg.Connection[Any]":
        """Open a connection as the superuser."""
        return psycopg.connect(**self.admin, autocommit=True)


@contextlib.contextmanager
def installed(folder: Path | None) -> Iterator[Installation]:
    """Set up an installation in `folder` (kept), or in a temporary one that is removed."""
    kept = folder is not None
    folder = folder or Path(tempfile.mkdtemp(prefix="bihuan-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    # Started by root, the server runs as another user, who has to reach its folder.
    folder.chmod(0o755)
    os.environ |= {"BIHUAN_DATA": str(folder), "BIHUAN_MODE": "production", "BIHUAN_MFA": "0"}
    for name in ("BIHUAN_NOW", "BIHUAN_NOW_FIXED", "BIHUAN_HOSTS", "BIHUAN_HTTPS", "BIHUAN_SECRET_KEY"):
        os.environ.pop(name, None)
    from bihuan.foundation import postgres

    url = postgres.ensure(folder)
    os.environ["BIHUAN_DATABASE_URL"] = url
    try:
        yield _prepared(folder, url)
    finally:
        _let_go()
        postgres.stop(folder, force=True)
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path, url: str) -> Installation:
    from bihuan.foundation import postgres

    host = parse_qs(urlsplit(url).query)["host"][0]
    admin = {"host": host, "port": 5432, "user": "postgres", "dbname": "bihuan"}
    running = postgres.status(folder)
    house = Installation(
        folder=folder,
        url=url,
        admin=admin,
        postmaster=running.pid or 0,
        pgbench=_pgbench(running.pid or 0),
        version=running.version or "",
    )
    with house.connect() as database:
        database.execute("alter system set autovacuum = off")
        database.execute("select pg_reload_conf()")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from bihuan.delivery.cli import setting_up

    setting_up.migrate()
    setting_up.collect_static()
    known = folder / "bench.json"
    if not known.exists():
        _let_go()
        with house.connect() as database:
            database.execute(f'create database {BLANK} template "{admin["dbname"]}"')
        known.write_text(json.dumps(_people()))
    for name, value in json.loads(known.read_text()).items():
        setattr(house, name, value)
    house.sessions = _sessions()
    _let_go()
    return house


@contextlib.contextmanager
def scratch(house: Installation) -> Iterator[str]:
    """A migrated, empty database beside the product's; yields its address. Dropped afterwards."""
    parts = urlsplit(house.url)
    with house.connect() as server:
        server.execute("drop database if exists scratch")
        server.execute(f'create database scratch template {BLANK} owner "{parts.username}"')
        try:
            yield parts._replace(path="/scratch").geturl()
        finally:
            server.execute("drop database scratch with (force)")


def _pgbench(postmaster: int) -> Path:
    """Return the pgbench that came with the running server."""
    beside = Path(f"/proc/{postmaster}/exe").resolve().with_name("pgbench")
    found = beside if beside.exists() else shutil.which("pgbench")
    if not found:
        raise SystemExit("pgbench is missing: install the client programs of PostgreSQL")
    return Path(found)


def _people() -> Mapping[str, Any]:
    """Make regions, departments, boards, firms, and a person for each kind of reader; return tokens and firms."""
    from bihuan.casework.cases import factories
    from bihuan.foundation.accounts import services as accounts
    from bihuan.foundation.directory import factories as places
    from bihuan.foundation.kernel import clock

    now = clock.now()
    for number, code in enumerate(NEIGHBOURS):
        places.make_region(code, f"邻区{number}")
        places.make_department("housing", region=code)
        places.make_board("projects", lead="housing", region=code)
    district = factories.District()
    for number in range(DEPARTMENTS - 3):
        places.make_department(f"office{number:02}", f"第{number}局")
    readers = {
        "coordinator": district.staff("coordinator"),
        "seat": district.staff("seat"),
        "liaison": district.liaison(),
        "board_head": district.person("board_head", "board_head", board="projects"),
        "deputy": district.staff("deputy"),
        "enterprise": district.owner,
    }
    readers["city"] = _of_the_city(now)
    tokens = {
        name: accounts.issue_token(person_id=actor.person_id, name="bench", now=now) for name, actor in readers.items()
    }
    return {"tokens": tokens, "firms": _firms(now)}


def _of_the_city(now: dt.datetime) -> Any:
    from bihuan.casework.cases.permissions import Actor
    from bihuan.foundation.accounts import selectors, services
    from bihuan.foundation.directory.permissions import OPERATOR

    person = services.create_person(
        username="city", display_name="city", actor_id=OPERATOR, now=now, must_change_password=False
    )
    since = now - dt.timedelta(days=30)
    services.appoint(person_id=person.id, role="coordinator", region="999900", actor_id=OPERATOR, now=now, since=since)
    return Actor(reader=selectors.reader_of(person.id))


def _firms(now: dt.datetime) -> list[str]:
    """Enter firms with a login each, in bulk; return their credit codes."""
    from bihuan.foundation.accounts.models import Appointment, Person
    from bihuan.foundation.directory import rules
    from bihuan.foundation.directory.models import Enterprise
    from bihuan.foundation.directory.permissions import OPERATOR

    firms = [
        Enterprise(
            uscc=rules.compose_uscc(region=DISTRICT, serial=1000 + number),
            name=f"澜川第{number}制造有限公司",
            pinyin=f"lanchuan {number}",
            region=DISTRICT,
            created_at=now,
            updated_at=now,
        )
        for number in range(FIRMS)
    ]
    Enterprise.objects.bulk_create(firms)
    people = [Person(username=f"firm{n}", display_name=f"firm{n}", pinyin="f", created_at=now) for n in range(FIRMS)]
    Person.objects.bulk_create(people)
    Appointment.objects.bulk_create(
        Appointment(
            person=person, role="enterprise", region=DISTRICT, enterprise=firm, since=now, appointed_by=OPERATOR
        )
        for person, firm in zip(people, firms, strict=True)
    )
    return [firm.uscc for firm in firms]


def _sessions() -> dict[str, str]:
    """Log the staff in, for the pages; return the session keys."""
    from django.conf import settings
    from django.test import Client

    from bihuan.foundation.accounts.models import Person

    found = {}
    for name in ("coordinator", "liaison-housing", "seat"):
        client = Client()
        client.force_login(Person.objects.get(username=name), "allauth.account.auth_backends.AuthenticationBackend")
        found[name.partition("-")[0]] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def _let_go() -> None:
    """Close this process's connections to the database, so that their backends end."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


@dataclass
class Web:
    """One web process, as `bihuan serve --workers 1` starts it, and one connection to it that stays open."""

    pid: int
    connection: http.client.HTTPConnection

    def rest(self) -> None:
        """Hang up before a longer pause, so that the next question does not find a line the server has given up."""
        self.connection.close()

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> bytes:
        """Send one request and return the answer's body; anything but success ends the run."""
        text = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        given = dict(headers) if text is None else {**headers, "Content-Type": "application/json"}
        self.connection.request(method, path, text, given)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:500].decode(errors='replace')}")
        return content


@contextlib.contextmanager
def serving() -> Iterator[Web]:
    """Run one web process on a free port."""
    from bihuan.delivery.cli import processes

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *processes.web(host="127.0.0.1", port=port, workers=1).command[1:]]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        give_up = time.monotonic() + 60
        while not processes.answers("127.0.0.1", port):
            if process.poll() is not None or time.monotonic() > give_up:
                raise SystemExit("the web process does not answer")
            time.sleep(FLEETING)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        yield Web(pid=process.pid, connection=connection)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()
