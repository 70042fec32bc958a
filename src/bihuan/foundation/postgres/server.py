"""Start or join, leave or stop: the life of the embedded server.

Whoever needs the server holds a shared lock while it lives; whoever leaves last stops the server. Locks belong to the
kernel of the operating system, so a process killed with -9 has left too. A server nobody holds any more (its last user
was killed) keeps running until the next one joins and leaves.
"""

import atexit
import contextlib
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from bihuan.foundation.postgres import accounts, binaries, clusters, places
from bihuan.foundation.postgres.binaries import Programs
from bihuan.foundation.postgres.places import Place
from bihuan.foundation.postgres.problems import STEPS, PostgresProblem, disk_is_full, from_os_error, last_words

Progress = Callable[[str], None]
"""Called with one of the English sentences of problems.STEPS."""

START_SECONDS = 120
UNCLEAN_SECONDS = 30.0
"""How long a start is tried again while what an unclean stop left behind is still dying."""

_UNCLEAN = re.compile(r"pre-existing shared memory block|lock file \S+ already exists|could not bind Unix address")
_held: dict[Path, int] = {}


@dataclass(frozen=True, kw_only=True)
class Status:
    """What there is of an embedded server; `url` only while it runs."""

    running: bool
    url: str | None
    cluster: Path
    version: str | None
    pid: int | None
    account: str | None
    log: Path | None


def ensure(data_dir: Path | str, *, on_progress: Progress | None = None) -> str:
    """Return the URL of the running PostgreSQL of `data_dir`; make, start or join it first.

    The server is held until this process ends or calls `stop`; any number of processes may hold it. The URL names the
    ordinary role `bihuan`, owner of the database `bihuan`. Raises PostgresProblem.
    """
    say = on_progress or (lambda _step: None)
    with _reported(data_dir) as data_dir:
        account = accounts.service_account(data_dir)
        accounts.adopt(data_dir, account)
        with places.locked(data_dir, lambda: say(STEPS["wait"])) as lock:
            place = places.settle(data_dir)
            if data_dir not in _held:
                if not _held:
                    atexit.register(_leave_all)
                _held[data_dir] = places.hold(place)
            try:
                if not _joined(place, say):
                    _bring_up(place, say, lock=lock)
            except BaseException:
                os.close(_held.pop(data_dir))
                raise
        return _url(place.socket_folder)


def stop(data_dir: Path | str, *, force: bool = False) -> bool:
    """Give up this process's hold, and stop the server unless another process holds it (`force`: even then).

    Returns whether no server runs afterwards. Commits are safe either way: connections are cut, open transactions
    roll back. Raises PostgresProblem busy, stop_failed.
    """
    with _reported(data_dir) as data_dir:
        if not data_dir.is_dir() or (place := places.find(data_dir)) is None or not place.run.is_dir():
            return True
        with places.locked(data_dir, lambda: None):
            if data_dir in _held:
                os.close(_held.pop(data_dir))
            if places.in_use(place) and not force:
                return postmaster(place) is None
            _end(place)
            return True


def status(data_dir: Path | str) -> Status:
    """Tell what there is, changing and holding nothing. Raises PostgresProblem lost_folder, other_owner."""
    with _reported(data_dir) as data_dir:
        place = places.find(data_dir)
        if place is None:
            return Status(
                running=False, url=None, cluster=data_dir / "postgres", version=None, pid=None, account=None, log=None
            )
        answer, version = _ask(place)
        running = answer == "ready"
        return Status(
            running=running,
            url=_url(place.socket_folder) if running else None,
            cluster=place.cluster,
            version=version,
            pid=postmaster(place),
            account=place.account.name,
            log=place.log,
        )


@contextlib.contextmanager
def _reported(data_dir: Path | str) -> Iterator[Path]:
    """Turn what the system refuses into a problem that says what to do."""
    if os.name != "posix":
        raise PostgresProblem("unsupported_system")
    path = Path(data_dir).expanduser().resolve()
    try:
        yield path
    except OSError as error:
        raise from_os_error(error, path=path, account=accounts.name_of(os.geteuid())) from error
    except psycopg.errors.DiskFull as error:
        raise PostgresProblem("disk_full", path=path) from error


def _url(socket_folder: Path) -> str:
    # The port only names the socket file; stated because a PGPORT of the caller would change it.
    return f"postgresql://{clusters.ROLE}@/{clusters.DATABASE}?host={quote(str(socket_folder), safe='')}&port=5432"


def _leave_all() -> None:
    for data_dir in list(_held):
        with contextlib.suppress(PostgresProblem):
            stop(data_dir)


def _ask(place: Place) -> tuple[str, str | None]:
    """Ask the server how it is: ready, unready (role, database or extension missing), starting (or
    stopping: try again) or silent.

    Returns the answer and, when ready, the server's version.
    """
    try:
        with clusters.connect(place.socket_folder, user=clusters.ROLE, database=clusters.DATABASE) as connection:
            row = connection.execute(
                "select current_setting('server_version'), count(*) from pg_extension where extname = any(%s)",
                [list(clusters.EXTENSIONS)],
            ).fetchone()
            version, found = row or ("", 0)
            return ("ready" if found == len(clusters.EXTENSIONS) else "unready"), str(version).split()[0]
    except psycopg.OperationalError as error:
        # A refused connection carries no error code in libpq; lc_messages is C, so the words are stable.
        words = str(error)
    if "too many clients" in words or "remaining connection slots" in words:
        return "ready", None
    if "does not exist" in words and "FATAL" in words:
        return "unready", None
    return ("starting" if _listens(place.socket_folder) else "silent"), None


def _listens(socket_folder: Path) -> bool:
    """Tell whether anything accepts connections: a server that is slow to answer must not be taken for a dead one."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_folder / places.SOCKET_NAME))
        except OSError as error:
            return isinstance(error, TimeoutError | BlockingIOError | PermissionError)
    return True


def _joined(place: Place, say: Progress) -> bool:
    """Tell whether a server runs that can be used; wait for one that is on its way, end one that nobody can reach."""
    give_up, told = time.monotonic() + START_SECONDS, False
    silent_until = time.monotonic() + 2
    while True:
        answer, _version = _ask(place)
        if answer in ("ready", "unready"):
            if answer == "unready":
                clusters.provide(place.socket_folder)
            return True
        if answer == "silent":
            if postmaster(place) is None:
                return False
            if time.monotonic() > silent_until:
                _end(place)
                return False
        elif time.monotonic() > give_up:
            raise PostgresProblem("timeout", seconds=START_SECONDS, log=last_words(_log_since(place, 0)))
        elif not told:
            say(STEPS["recover"])
            told = True
        time.sleep(0.05)


def _bring_up(place: Place, say: Progress, *, lock: int) -> None:
    major = clusters.version_of(place)
    programs = binaries.choose(cluster=place.cluster, major=major, account=place.account)
    if major is None:
        say(STEPS["initdb"])
        clusters.make(place, programs, lock=lock)
    folder = clusters.configure(place, programs)
    say(STEPS["start"])
    _start(place, programs, say)
    clusters.provide(folder)


def _start(place: Place, programs: Programs, say: Progress) -> None:
    """Start the server; try again while remains of an unclean stop are dying. Raises PostgresProblem."""
    give_up, told = time.monotonic() + UNCLEAN_SECONDS, False
    while True:
        _clear_stale(place)
        before = place.log.stat().st_size if place.log.exists() else 0
        started = clusters.run(
            programs.folder / "pg_ctl",
            *("start", "--silent", "--wait", "--timeout", str(START_SECONDS)),
            # Relative, because pg_ctl hands these paths to a shell.
            *("--pgdata", ".", "--log", f"../{place.run.name}/{place.log.name}"),
            cwd=place.cluster,
            account=place.account,
            timeout=START_SECONDS + 30,
        )
        if started.returncode == 0:
            return
        log = _log_since(place, before)
        if disk_is_full(place.cluster, log=log + started.stdout):
            raise PostgresProblem("disk_full", path=place.cluster)
        if _UNCLEAN.search(log):
            if time.monotonic() > give_up:
                raise PostgresProblem("still_stopping", path=place.cluster, log=last_words(log))
            if not told:
                say(STEPS["recover"])
                told = True
            time.sleep(0.25)
        elif "did not start in time" in started.stdout:
            raise PostgresProblem("timeout", seconds=START_SECONDS, log=last_words(log))
        else:
            raise PostgresProblem("start_failed", log=last_words(log or started.stdout))


def _log_since(place: Place, offset: int) -> str:
    try:
        with place.log.open("rb") as log:
            log.seek(max(offset, place.log.stat().st_size - 65536))
            return log.read().decode(errors="replace")
    except OSError:
        return ""


def postmaster(place: Place) -> int | None:
    """Return the process id of the running server of `place`, or None.

    The pid file alone proves nothing: after a kill or a restart of the machine its number may be another process's.
    """
    pid = _recorded_pid(place)
    return pid if pid is not None and _is_server(pid, place) else None


def _is_server(pid: int, place: Place) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # as process 1 of a container we inherit the server and must bury it
    with accounts.acting_as(place.account):
        try:
            os.kill(pid, 0)
            if not Path("/proc/self/cwd").exists():
                return True
            return Path(f"/proc/{pid}/cwd").samefile(place.cluster)
        except OSError:
            return False


def _recorded_pid(place: Place) -> int | None:
    try:
        return abs(int((place.cluster / "postmaster.pid").read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def _clear_stale(place: Place) -> None:
    """Remove the lock files of a dead server whose number now belongs to a stranger: PostgreSQL would believe them.

    Remains of the old server that still touch the data are found by PostgreSQL through their shared memory anyway.
    """
    pid = _recorded_pid(place)
    if pid is None or postmaster(place) is not None:
        return
    with accounts.acting_as(place.account):
        try:
            os.kill(pid, 0)
        except OSError:
            return
        for path in (place.cluster / "postmaster.pid", place.socket_folder / f"{places.SOCKET_NAME}.lock"):
            path.unlink(missing_ok=True)


def _end(place: Place) -> None:
    """Shut the server down: fast, and after a minute at once (the next start recovers). Raises stop_failed."""
    pid = postmaster(place)
    if pid is None:
        return
    for number, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10)):
        with contextlib.suppress(ProcessLookupError), accounts.acting_as(place.account):
            os.kill(pid, number)
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            if not _is_server(pid, place):
                return
            time.sleep(0.01)
    raise PostgresProblem("stop_failed", log=last_words(_log_since(place, 0)))
