"""`kill -9` of a sweeping process at any moment: what it had fired stays, what it had not fires once, nothing twice."""

import os
import signal
import subprocess
import sys
import time
import uuid
from urllib.parse import quote

import pytest
from django.db import connection

from bihuan.casework.deadlines import services
from bihuan.casework.deadlines.models import Timer
from bihuan.foundation.kernel.workdays import Duration

from .samples import THREE, at

LATER = at("2026-10-20 10:00")
CHILD = """
import datetime as dt, sys, time
import django; django.setup()
from django.db import connection
from bihuan.casework.deadlines import services
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.casework.deadlines.services import subjects
from bihuan.foundation.kernel import events

def consequence(event):
    with connection.cursor() as cursor:
        cursor.execute("insert into deadlines_tests_told values (%s, %s)", [event.clock_id, event.threshold])
    time.sleep(0.003)

subjects._tables.clear()
events._handlers[ThresholdCrossed] = [consequence]
print("ready", flush=True)
sys.stdin.readline()
services.sweep(now=dt.datetime.fromisoformat(sys.argv[1]), batch=10)
print("done", flush=True)
"""


def database_url() -> str:
    own = connection.settings_dict
    return f"postgresql://{quote(own['USER'])}:{quote(own['PASSWORD'])}@/{own['NAME']}?host={quote(own['HOST'])}&port={own['PORT']}"


def sweepers(count: int) -> "list[subprocess.Popen[bytes]]":
    """Start processes that wait for a line before they sweep."""
    environment = os.environ | {
        "BIHUAN_DATABASE_URL": database_url(),
        "BIHUAN_MODE": "test",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-c", CHILD, LATER.isoformat()]
    pipe = subprocess.PIPE
    children = [subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe) for _ in range(count)]
    for child in children:
        assert heard(child) == b"ready\n"
    return children


def heard(child: "subprocess.Popen[bytes]") -> bytes:
    assert child.stdout is not None
    return child.stdout.readline()


def let_go(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        assert child.stdin is not None
        child.stdin.write(b"go\n")
        child.stdin.flush()


def wait_for(told, so_many: int) -> None:
    for _ in range(10_000):
        told.execute("select count(*) from deadlines_tests_told")
        if told.fetchone()[0] >= so_many:
            return
        time.sleep(0.002)
    raise AssertionError("the workers fired nothing")


@pytest.fixture
def told(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("create table deadlines_tests_told (clock uuid, threshold text)")
        cursor.execute("grant all on deadlines_tests_told to bihuan_app")
        yield cursor
        cursor.execute("drop table deadlines_tests_told")


@pytest.mark.crash
def test_killed_workers_lose_nothing_and_repeat_nothing(told):
    new = [
        services.NewClock(
            subject=uuid.UUID(int=n), region="330114", kind="k", allotment=Duration.parse("5wd"), lights=THREE
        )
        for n in range(1, 201)
    ]
    services.start_many(clocks=new, now=at("2026-09-21 10:00"))
    *doomed, last = sweepers(5)
    for so_many, pair in ((10, doomed[:2]), (150, doomed[2:])):
        let_go(pair)
        wait_for(told, so_many)
        for child in pair:
            child.send_signal(signal.SIGKILL)
            child.wait()
    told.execute("select count(*) from deadlines_tests_told")
    before = told.fetchone()[0]
    assert before == Timer.objects.filter(fired_at__isnull=False).count()
    let_go([last])
    assert heard(last) == b"done\n"
    last.wait()
    told.execute("select count(*), count(distinct (clock, threshold)) from deadlines_tests_told")
    assert told.fetchone() == (600, 600)
    assert not Timer.objects.filter(fired_at=None).exists()
    assert 0 < before < 600, "the workers were killed in the middle of their work"
