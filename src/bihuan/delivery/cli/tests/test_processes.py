"""The supervisor, with tiny children."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest
from django.utils import translation

from bihuan.delivery.cli import processes
from bihuan.foundation import postgres
from bihuan.foundation.kernel import errors

FOREVER = "while :; do sleep 0.05; done"
POLITE = f"trap 'echo bye-$NAME >> log; exit 0' TERM; echo up-$NAME >> log; {FOREVER}"
HTTP = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(__import__("os").getuid()).encode())
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
NESTED = """
import sys; from pathlib import Path
from bihuan.delivery.cli import processes
script = "echo $$ > pid; while :; do sleep 0.05; done"
processes.supervise([processes.Program(name="c", command=["/bin/sh", "-c", script])],
    environment={"PATH": "/usr/bin:/bin"}, cwd=Path(sys.argv[1]), account=None, ready=lambda: True,
    on_ready=lambda: print("ready", flush=True), keep_up=None, say=lambda *_: None)
"""


def shell(name, script):
    return processes.Program(name=name, command=["/bin/sh", "-c", f"NAME={name}; {script}"])


def lines(folder):
    with contextlib.suppress(FileNotFoundError):
        return (folder / "log").read_text().split()
    return []


def until(condition, seconds=10):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def supervise(folder, programs, *, when, ready=lambda: True, number=signal.SIGTERM, **options):
    """Supervise until `when()` has come true, then end by signal, as a person or a service manager would."""

    over = threading.Event()

    def ending():
        with contextlib.suppress(AssertionError):
            until(lambda: over.is_set() or when(), 20)
        if not over.is_set():  # a signal after the end would hit pytest
            os.kill(os.getpid(), number)

    told = []
    given = {"account": None, "keep_up": None, "patience": 5.0, "on_ready": lambda: told.append("ready"), **options}
    thread = threading.Thread(target=ending)
    thread.start()
    try:
        environment = {"PATH": "/usr/bin:/bin"}
        status = processes.supervise(
            programs, environment=environment, cwd=folder, ready=ready, say=told.append, **given
        )
    finally:
        over.set()
        thread.join()
    return status, told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_end_politely(tmp_path, number):
    programs = [shell("a", POLITE), shell("b", POLITE)]
    status, told = supervise(tmp_path, programs, when=lambda: len(lines(tmp_path)) == 2, number=number)
    assert status == 0
    assert sorted(lines(tmp_path)) == ["bye-a", "bye-b", "up-a", "up-b"]
    assert told == ["ready", "Stopping…"]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_the_stubborn_are_killed_with_their_offspring(tmp_path):
    script = f"trap '' TERM; sleep 100 & echo $! >> log; {FOREVER}"
    began = time.monotonic()
    status, told = supervise(tmp_path, [shell("a", script)], when=lambda: lines(tmp_path), patience=0.4)
    assert (status, told) == (1, ["ready", "Stopping…", "a did not stop within 0.4 s and was killed"])
    assert time.monotonic() - began < 5
    until(lambda: not alive(lines(tmp_path)[0]))


def test_a_second_signal_does_not_wait(tmp_path):
    script = f"trap 'kill -INT {os.getpid()}' TERM; echo up >> log; {FOREVER}"
    began = time.monotonic()
    status, _told = supervise(tmp_path, [shell("a", script)], when=lambda: lines(tmp_path), patience=30)
    assert status == 1
    assert time.monotonic() - began < 10


def test_what_ends_is_started_again_and_leaves_nothing_behind(tmp_path):
    """A killed web server's own children would keep its port."""
    script = f"echo $$ >> log; sleep 100 & echo $! >> offspring; [ $(wc -l < log) -lt 3 ] && kill -9 $$; {FOREVER}"
    status, told = supervise(tmp_path, [shell("a", script)], when=lambda: len(lines(tmp_path)) == 3)
    assert status == 0
    assert [sentence.split()[0] for sentence in told] == ["ready", "a", "a", "Stopping…"]
    assert told[1] == "a ended (status -9) and is started again in 0.5 s"
    offspring = (tmp_path / "offspring").read_text().split()
    until(lambda: not any(alive(pid) for pid in offspring))


def test_pauses_grow(tmp_path):
    starts = []
    child = processes._Child(program=shell("a", "exit 3"))
    around = processes._Surroundings(
        environment={}, cwd=tmp_path, account=None, say=lambda _sentence: None, asked=processes._Asked()
    )
    now = 0.0
    for _ in range(8):
        processes._tend(child, around, now)
        child.process.wait()
        processes._tend(child, around, now + 0.1)
        starts.append(round(child.start_at - now - 0.1, 3))
        now = child.start_at
    assert starts == [0.5, 1, 2, 4, 8, 16, 30, 30]
    processes._tend(child, around, now)
    child.process.wait()
    processes._tend(child, around, now + processes.STEADY_AFTER)
    assert child.ends == 1, "it was steady"


def test_what_cannot_start_is_a_problem_and_nothing_stays(tmp_path):
    programs = [shell("a", POLITE), shell("b", "exit 7")]
    with pytest.raises(errors.Unavailable, match="b could not be started") as caught:
        supervise(tmp_path, programs, when=lambda: False, ready=lambda: False)
    assert caught.value.code == "not_ready"
    assert lines(tmp_path) == ["up-a", "bye-a"]


def test_children_do_not_outlive_a_killed_supervisor(tmp_path):
    nested = subprocess.Popen([sys.executable, "-c", NESTED, tmp_path], stdout=subprocess.PIPE)
    try:
        assert nested.stdout.readline()
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip())
    finally:
        nested.kill()
        nested.wait()
    until(lambda: not alive((tmp_path / "pid").read_text().strip()))


def test_ports():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(errors.Unavailable, match="taken by another program") as caught:
            processes.check_port("127.0.0.1", port, None)
    assert caught.value.code == "port_taken"
    processes.check_port("127.0.0.1", port, None)
    assert processes.answers("127.0.0.1", port) is False


@pytest.fixture
def data_dir(monkeypatch):
    scratch = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
    base = Path(tempfile.mkdtemp(prefix="pg-", dir=scratch))
    base.chmod(0o755)
    monkeypatch.setenv("BIHUAN_SERVER_HOME", str(base / "server-home"))
    yield base / "data"
    with contextlib.suppress(postgres.PostgresProblem):
        postgres.stop(base / "data", force=True)
    shutil.rmtree(base)


@pytest.mark.thorough
def test_serving_with_the_embedded_database(data_dir, monkeypatch):
    """Web answers, a killed database comes back, the end stops everything, and root lent what it could."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = postgres.ensure(data_dir)
    monkeypatch.setenv("BIHUAN_DATABASE_URL", url)
    python = "/usr/bin/python3" if os.geteuid() == 0 and Path("/usr/bin/python3").exists() else sys.executable
    monkeypatch.setattr(processes, "_can_run_python", lambda _account: python != sys.executable)
    http = processes.Program(name="web", command=[python, "-c", HTTP, str(port)])
    monkeypatch.setattr(processes, "web", lambda **_options: http)
    monkeypatch.setattr(processes, "worker", lambda: shell("worker", POLITE))
    seen = {}

    def meanwhile():
        try:
            until(lambda: processes.answers("127.0.0.1", port), 20)
            until(lambda: lines(data_dir), 20)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                seen["uid"] = int(answer.read())
            killed = postgres.status(data_dir).pid
            os.kill(killed, signal.SIGKILL)
            until(lambda: postgres.status(data_dir).running, 20)
            with psycopg.connect(url) as connection:
                seen["back"] = connection.execute("select 1").fetchone()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=meanwhile)
    thread.start()
    told = []
    status = processes.run(data_dir=data_dir, host="127.0.0.1", port=port, workers=1, say=told.append)
    thread.join()
    assert status == 0
    assert f"Bihuan answers at http://127.0.0.1:{port}" in told
    assert seen["back"] == (1,)
    assert seen["uid"] == data_dir.stat().st_uid
    assert lines(data_dir) == ["up-worker", "bye-worker"]
    assert postgres.status(data_dir).pid is None


def test_root_says_why_it_stays_root(tmp_path, monkeypatch):
    if os.geteuid() != 0:
        assert processes.child_account(tmp_path, print) is None
        pytest.skip("the rest needs root")
    (tmp_path / "letter").touch()
    told = []
    assert processes.child_account(tmp_path, told.append) is None
    assert str(tmp_path) in told[0]
