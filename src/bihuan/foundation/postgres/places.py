"""Where things lie, and who may touch them: folders, the socket, the two locks.

    DATA/postgres.lock       held while a server is looked for, started or stopped
    HOME/postgres/           the data folder of PostgreSQL (0700)
    HOME/postgres-run/       0700: the socket, server.log, users.lock

HOME is DATA itself, except when root starts Bihuan with a DATA that the service account cannot reach (/root/x): then
it is a folder below /var/lib/bihuan-embedded, and DATA/postgres is a link to it.
"""

import contextlib
import fcntl
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bihuan.foundation.postgres import accounts, binaries
from bihuan.foundation.postgres.accounts import Account
from bihuan.foundation.postgres.problems import PostgresProblem

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 100
"""Bytes. Linux allows 107 and macOS 103 for the whole path."""
LOCK_PATIENCE = 180.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """The files of one embedded server."""

    data_dir: Path
    cluster: Path
    account: Account

    @property
    def run(self) -> Path:
        """Return the private folder of the socket, the log and the lock of the users."""
        return self.cluster.with_name("postgres-run")

    @property
    def log(self) -> Path:
        """Return the server's log."""
        return self.run / "server.log"

    @property
    def socket_note(self) -> Path:
        """Return the file that remembers a socket folder elsewhere, when this path is too long."""
        return self.run / "socket-folder"

    @property
    def socket_folder(self) -> Path:
        """Return the folder of the socket."""
        with contextlib.suppress(FileNotFoundError):
            return Path(self.socket_note.read_text().strip())
        return self.run


def find(data_dir: Path) -> Place | None:
    """Return the place of an existing server's files, or None. Creates nothing.

    Raises PostgresProblem lost_folder, other_owner.
    """
    data_dir = Path(data_dir).expanduser().resolve()
    link = data_dir / "postgres"
    if not os.path.lexists(link):
        return None
    account = accounts.service_account(data_dir)
    if account.lent and link.is_symlink() and (owner := link.lstat().st_uid):
        raise PostgresProblem("other_owner", path=link, owner=accounts.name_of(owner), account="root")
    cluster = link.resolve()
    if not cluster.parent.is_dir():
        raise PostgresProblem("lost_folder", path=link, target=cluster)
    return Place(data_dir=data_dir, cluster=cluster, account=account)


def settle(data_dir: Path) -> Place:
    """Return the place of the server's files, made if need be. Call with the lock held.

    Raises PostgresProblem lost_folder, other_owner; OSError when a folder cannot be made.
    """
    place = find(data_dir)
    if place is None:
        account = accounts.service_account(data_dir)
        home = data_dir if accounts.can_reach(account, data_dir) else _home_elsewhere(data_dir)
        place = Place(data_dir=data_dir, cluster=home / "postgres", account=account)
    own_folder(place.run, place.account)
    return place


def _home_elsewhere(data_dir: Path) -> Path:
    # A random name: whoever removes DATA and starts anew gets a new database, not the old one by surprise.
    home = binaries.server_home() / f"{data_dir.name}-{secrets.token_hex(4)}"
    home.mkdir(parents=True, mode=0o755)
    for folder in (home.parent, home):
        folder.chmod(0o755)
    (data_dir / "postgres").symlink_to(home / "postgres")
    return home


def own_folder(path: Path, account: Account) -> None:
    """Make `path` a folder of mode 0700 that belongs to `account`. Raises PostgresProblem other_owner, OSError."""
    with contextlib.suppress(FileExistsError):
        try:
            with accounts.acting_as(account):
                path.mkdir(mode=0o700)
        except PermissionError:
            if not account.lent:
                raise
            path.mkdir(mode=0o700)
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    check_owner(path, account)
    with accounts.acting_as(account):
        path.chmod(0o700)


def check_owner(path: Path, account: Account) -> None:
    """Raise PostgresProblem other_owner unless `path` (no link) belongs to `account`."""
    owner = path.lstat().st_uid
    if owner != account.uid:
        raise PostgresProblem("other_owner", path=path, owner=accounts.name_of(owner), account=account.name)


@contextlib.contextmanager
def locked(data_dir: Path, on_wait: Callable[[], None]) -> Iterator[int]:
    """Hold the one lock under which servers of `data_dir` are started, joined and stopped.

    Calls `on_wait` once when another process has it. Yields the lock's descriptor: a child that inherits it keeps
    the lock for as long as it lives. Raises PostgresProblem busy after three minutes.
    """
    path = data_dir / "postgres.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        owner = data_dir.stat()
        if os.geteuid() == 0 and os.fstat(descriptor).st_uid != owner.st_uid:
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        give_up, told = time.monotonic() + LOCK_PATIENCE, False
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if not told and time.monotonic() > give_up - LOCK_PATIENCE + 0.2:
                on_wait()
                told = True
            if time.monotonic() > give_up:
                raise PostgresProblem("busy", path=data_dir)
            time.sleep(0.01)
        yield descriptor
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def hold(place: Place) -> int:
    """Declare that this process uses the server, until the returned descriptor is closed or the process dies."""
    descriptor = _open_users(place)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def in_use(place: Place) -> bool:
    """Tell whether any process still holds the server. Call with the lock held."""
    descriptor = _open_users(place)
    try:
        return not _try_lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _open_users(place: Place) -> int:
    with accounts.acting_as(place.account):
        return os.open(place.run / "users.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def settle_socket(place: Place) -> Path:
    """Return the socket folder, made private and short enough. Call before a start. Raises socket_path_too_long."""
    if _fits(place.run):
        with accounts.acting_as(place.account):
            place.socket_note.unlink(missing_ok=True)
        return place.run
    with accounts.acting_as(place.account):
        remembered = place.socket_folder
        if remembered != place.run and _is_private(remembered, place.account) and _fits(remembered):
            return remembered
        for parent in dict.fromkeys((os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")):  # noqa: S108
            with contextlib.suppress(OSError):
                if parent and _fits(Path(parent) / "bihuan-12345678"):
                    folder = tempfile.mkdtemp(prefix="bihuan-", dir=parent)
                    place.socket_note.write_text(folder + "\n")
                    return Path(folder)
    raise PostgresProblem("socket_path_too_long", path=place.run)


def _fits(folder: Path) -> bool:
    # libpq reads a comma as the end of one host among several, our note and the settings end a line at a newline.
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_LIMIT and not set(",\n\r") & set(str(folder))


def _is_private(folder: Path, account: Account) -> bool:
    try:
        entry = folder.lstat()
    except OSError:
        return False
    return entry.st_uid == account.uid and entry.st_mode & 0o170777 == 0o040700
