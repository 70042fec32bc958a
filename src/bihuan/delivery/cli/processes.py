"""Start web and worker, keep them up, end them in order: what `bihuan serve` and `bihuan demo` do after preparing.

    bihuan serve ── this process: starts, watches, restarts; holds the embedded PostgreSQL
      ├─ web      granian, a process group of its own
      └─ worker   bihuan worker, likewise
    PostgreSQL is no child: it outlives a restart of this process if others still use it.

Started by root, the children run as the account that also runs PostgreSQL, if that account can reach the data folder
and this Python; otherwise they stay root, and that is said.
"""

import contextlib
import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections
from django.utils.translation import gettext as _

from bihuan.foundation import postgres
from bihuan.foundation.kernel import errors
from bihuan.foundation.postgres import accounts
from bihuan.foundation.postgres.accounts import Account

PATIENCE = 10.0
"""Seconds a child has to end by itself before it is killed."""
READY_WITHIN = 90.0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
"""A child that lived this many seconds begins with a short pause again when it ends."""
TRIES_BEFORE_READY = 3
CHECK_DATABASE_EVERY = 2.0

Say = Callable[[str], None]
"""Told what happens, in a sentence of the active language."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One child to keep running; `name` is for messages."""

    name: str
    command: Sequence[str]


@dataclass(kw_only=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    ends: int = 0


@dataclass(frozen=True, kw_only=True)
class _Surroundings:
    """What all children share."""

    environment: Mapping[str, str]
    cwd: Path
    account: Account | None
    say: Say
    asked: "_Asked"


@dataclass
class _Asked:
    """Requests to end that came by signal: the first ends cleanly, the second at once."""

    event: threading.Event = field(default_factory=threading.Event)
    times: int = 0

    def __call__(self, _number: int, _frame: object) -> None:
        self.times += 1
        self.event.set()


def web(*, host: str, port: int, workers: int) -> Program:
    """Return the web server: granian with the WSGI application; a worker that dies is replaced.

    As many threads a worker as it has database connections (BIHUAN_POOL): more would only wait for one.
    """
    threads = os.environ.get("BIHUAN_POOL", "8")
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws", "--log-level", "error"]
    options += ["--workers", str(workers), "--blocking-threads", threads, "--workers-kill-timeout", "8"]
    options += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
    return Program(name="web", command=(sys.executable, "-P", "-m", "granian", *options, "config.wsgi:application"))


def worker() -> Program:
    """Return the worker of jobs and timers."""
    start = "import sys; from bihuan.delivery.cli import main; sys.argv = ['bihuan', 'worker']; main()"
    return Program(name="worker", command=(sys.executable, "-P", "-c", start))


def run(
    *,
    data_dir: Path,
    host: str,
    port: int,
    workers: int,
    say: Say = print,
    on_ready: Callable[[], None] | None = None,
) -> int:
    """Serve on `host`:`port` until Ctrl-C or SIGTERM, then stop web, worker and, if it is embedded, PostgreSQL.

    Call it last, when the data are prepared; it closes this process's connections to the database. The database is the
    one of BIHUAN_DATABASE_URL; if that is the embedded one of `data_dir`, it is kept up and stopped here. `on_ready` is
    called once when web answers; without it the address is said. Returns the exit status: 0 after a clean end, 1 when
    a child had to be killed.
    Raises errors.Unavailable port_taken, port_refused, not_ready; PostgresProblem.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # its threads must not live in a process that forks
    data_dir = data_dir.expanduser().resolve()
    embedded = os.environ["BIHUAN_DATABASE_URL"] == postgres.status(data_dir).url
    account = child_account(data_dir, say)
    check_port(host, port, account)
    environment = {**os.environ, "BIHUAN_DATA": str(data_dir)}
    if account:
        environment |= {"HOME": str(data_dir), "USER": account.name, "LOGNAME": account.name}
    try:
        return supervise(
            [web(host=host, port=port, workers=workers), worker()],
            environment=environment,
            cwd=data_dir,
            account=account,
            ready=lambda: answers("127.0.0.1" if host in ("0.0.0.0", "::") else host, port),  # noqa: S104
            on_ready=on_ready or (lambda: say(_("Bihuan answers at %(url)s") % {"url": f"http://{host}:{port}"})),
            keep_up=(lambda: _keep_database(data_dir, say)) if embedded else None,
            say=say,
        )
    finally:
        if embedded:
            postgres.stop(data_dir)


def child_account(data_dir: Path, say: Say) -> Account | None:
    """Return whom root lets web and worker run as, with the data folder handed over; None: as whoever we are."""
    if os.geteuid() != 0:
        return None
    account = accounts.service_account(data_dir)
    obstacle: Path | None = None
    if not accounts.adopt(data_dir, account) or not accounts.can_reach(account, data_dir):
        obstacle = data_dir
    elif not _can_run_python(account):
        obstacle = Path(sys.executable).resolve()
    if obstacle:
        say(
            _(
                "Web and worker run as root, because the account %(account)s cannot use %(path)s. For a real place,"
                " install Bihuan where it can, or start Bihuan as an ordinary user."
            )
            % {"account": account.name, "path": obstacle}
        )
        return None
    accounts.hand_over(data_dir, account)
    return account


def _can_run_python(account: Account) -> bool:
    probe = [sys.executable, "-c", "import bihuan.foundation.postgres, config, django"]
    try:
        done = subprocess.run(probe, capture_output=True, timeout=30, cwd="/", **account.popen_options())  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def check_port(host: str, port: int, account: Account | None) -> None:
    """Raise errors.Unavailable port_taken or port_refused unless `account` could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe, accounts.acting_as(account) if account else contextlib.nullcontext():
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                taken = _("Port %(port)s is taken by another program. Choose another one with --port.")
                raise errors.Unavailable(taken % {"port": port}, code="port_taken") from error
            refused = _("%(account)s may not listen on %(host)s port %(port)s. Choose a port above 1023.")
            who = account.name if account else accounts.name_of(os.geteuid())
            sentence = refused % {"account": who, "host": host, "port": port}
            raise errors.Unavailable(sentence, code="port_refused") from error


def answers(host: str, port: int) -> bool:
    """Tell whether `GET /healthz` is answered; a refusal of our host name (400) is an answer too."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _keep_database(data_dir: Path, say: Say) -> None:
    """Bring the embedded PostgreSQL back if something killed it; on failure say so, and try again next time."""
    try:
        postgres.ensure(data_dir)
    except postgres.PostgresProblem as problem:
        say(_("The database is not there: %(problem)s") % {"problem": _(problem.template) % problem.values})


def supervise(
    programs: Sequence[Program],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    account: Account | None,
    ready: Callable[[], bool],
    on_ready: Callable[[], None],
    keep_up: Callable[[], None] | None,
    say: Say,
    patience: float = PATIENCE,
) -> int:
    """Run `programs` until SIGINT, SIGTERM or SIGHUP; restart what ends, after growing pauses; then end them all.

    `ready()` is asked until it is true, then `on_ready()` is called once; `keep_up()` is called every two seconds.
    A second signal kills at once. Returns 0, or 1 when something had to be killed. Raises errors.Unavailable
    not_ready when a program ends three times, or time runs out, before `ready()`: then nothing is left running.
    """
    children = [_Child(program=program) for program in programs]
    with _signals() as asked:
        around = _Surroundings(environment=environment, cwd=cwd, account=account, say=say, asked=asked)
        try:
            _watch(children, around, ready=ready, on_ready=on_ready, keep_up=keep_up)
        finally:
            killed = _end_all(children, around, patience=patience)
    return 1 if killed else 0


@contextlib.contextmanager
def _signals() -> Iterator[_Asked]:
    asked = _Asked()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, asked) for number in numbers}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(
    children: list[_Child],
    around: _Surroundings,
    *,
    ready: Callable[[], bool],
    on_ready: Callable[[], None],
    keep_up: Callable[[], None] | None,
) -> None:
    is_ready, began = False, time.monotonic()
    next_check = began + CHECK_DATABASE_EVERY
    while not around.asked.event.is_set():
        now = time.monotonic()
        for child in children:
            _tend(child, around, now)
            if not is_ready and child.ends >= TRIES_BEFORE_READY:
                raise _not_ready(child)
        if not is_ready and ready():
            is_ready = True
            on_ready()
        elif not is_ready and now > began + READY_WITHIN:
            raise _not_ready(children[0])
        if keep_up and now > next_check:
            keep_up()
            next_check = time.monotonic() + CHECK_DATABASE_EVERY
        around.asked.event.wait(0.2 if is_ready else 0.05)


def _not_ready(child: _Child) -> errors.Unavailable:
    sentence = _("%(name)s could not be started; the lines above say why.") % {"name": child.program.name}
    return errors.Unavailable(sentence, code="not_ready")


def _tend(child: _Child, around: _Surroundings, now: float) -> None:
    """Start the child if its time has come; note its end, and when to start it again."""
    if child.process is None:
        if now >= child.start_at:
            child.process, child.started = _launch(child.program, around), now
        return
    status = child.process.poll()
    if status is None:
        return
    _kill_group(child.process)
    child.ends = child.ends + 1 if now - child.started < STEADY_AFTER else 1
    pause = min(LONGEST_PAUSE, 0.5 * 2 ** (child.ends - 1))
    child.process, child.start_at = None, now + pause
    sentence = _("%(name)s ended (status %(status)s) and is started again in %(seconds)s s")
    around.say(sentence % {"name": child.program.name, "status": status, "seconds": f"{pause:g}"})


def _launch(program: Program, around: _Surroundings) -> subprocess.Popen[bytes]:
    options = around.account.popen_options() if around.account else accounts.PopenOptions()
    parent = os.getpid()

    def with_parent() -> None:  # runs in the child: if this process is killed outright, end too
        if _LIBC:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(  # noqa: S603
        list(program.command),
        stdin=subprocess.DEVNULL,
        env=dict(around.environment),
        cwd=around.cwd,
        process_group=0,
        umask=0o077 if around.account else -1,
        preexec_fn=with_parent,
        **options,
    )


def _end_all(children: list[_Child], around: _Surroundings, *, patience: float) -> list[str]:
    """End every child: politely, after `patience` seconds or a second signal at once. Returns who had to be killed."""
    living = [child for child in children if child.process and child.process.poll() is None]
    if living:
        around.say(_("Stopping…"))
    for child in living:
        _signal(child, signal.SIGTERM)
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up and around.asked.times < 2:
        if all(child.process is None or child.process.poll() is not None for child in living):
            break
        time.sleep(0.05)
    killed = []
    for child in children:
        if child.process is None:
            continue
        if child.process.poll() is None:
            killed.append(child.program.name)
            sentence = _("%(name)s did not stop within %(seconds)s s and was killed")
            around.say(sentence % {"name": child.program.name, "seconds": f"{patience:g}"})
        _kill_group(child.process)
        child.process.wait()
    return killed


def _signal(child: _Child, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if child.process:
            child.process.send_signal(number)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child's process group: grandchildren of a killed web server would keep its port."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
