"""As whom the server runs: PostgreSQL refuses root, so root lends the work to an unprivileged account."""

import contextlib
import os
import pwd
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from bihuan.foundation.postgres.problems import PostgresProblem

CANDIDATES = ("bihuan", "postgres", "nobody")
_switching = threading.RLock()


class PopenOptions(TypedDict, total=False):
    """Arguments of `subprocess` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user of the operating system. `lent` says that we are root and act as this account."""

    uid: int
    gid: int
    name: str
    lent: bool

    def popen_options(self) -> PopenOptions:
        """Return the arguments that make `subprocess` run a program as this account, and as nothing more."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}


def name_of(uid: int) -> str:
    """Return the user name of `uid`, or the number as text when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _of_uid(uid: int) -> Account:
    try:
        gid = pwd.getpwuid(uid).pw_gid
    except KeyError:
        gid = uid
    return Account(uid=uid, gid=gid, name=name_of(uid), lent=True)


def service_account(data_dir: Path) -> Account:
    """Return the account that runs PostgreSQL (and, when root starts them, web and worker) for `data_dir`.

    An ordinary user: that user. Root: BIHUAN_USER, else the owner of the data that is already there (so the choice
    never changes under existing data), else the first of bihuan, postgres, nobody that exists.
    Raises PostgresProblem no_account.
    """
    uid = os.geteuid()
    if uid != 0:
        return Account(uid=uid, gid=os.getegid(), name=name_of(uid), lent=False)
    chosen = os.environ.get("BIHUAN_USER")
    if not chosen:
        for path in (data_dir / "postgres", data_dir):
            with contextlib.suppress(OSError):
                # A link counts only if root laid it: the account itself must not lead root elsewhere.
                trusted = not path.is_symlink() or path.lstat().st_uid == 0
                if trusted and (owner := path.stat().st_uid):
                    return _of_uid(owner)
    for name in (chosen,) if chosen else CANDIDATES:
        with contextlib.suppress(KeyError):
            if uid := pwd.getpwnam(name).pw_uid:
                return _of_uid(uid)
    raise PostgresProblem("no_account", account=chosen or "/".join(CANDIDATES))


@contextlib.contextmanager
def acting_as(account: Account) -> Iterator[None]:
    """Touch files with the rights of `account` inside the block, so that root never follows a link laid by it.

    Changes the effective user of the whole process for a moment: for start and stop, when one thread works. Import
    nothing inside the block: Python itself may lie where only root can read.
    """
    if not account.lent or os.geteuid() != 0:
        yield
        return
    with _switching:
        gid, groups = os.getegid(), os.getgroups()
        os.setgroups([])
        os.setegid(account.gid)
        os.seteuid(account.uid)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setegid(gid)
            os.setgroups(groups)


def can_reach(account: Account, folder: Path) -> bool:
    """Tell whether `account` may enter `folder` (every folder on the way counts)."""
    with acting_as(account):
        try:
            os.stat(f"{folder}/.")  # the dot asks for entry, which a stat of the folder itself does not
        except PermissionError:
            return False
        return True


def adopt(data_dir: Path, account: Account) -> bool:
    """Create `data_dir` if it is missing, and give it to `account` if it is new, empty or was begun by Bihuan as root.

    Returns whether `account` owns it afterwards. A folder with other things in it keeps its owner, and so does one
    that the account could not reach anyway. Raises PostgresProblem other_owner for a folder closed to the caller.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner = data_dir.stat().st_uid
    if owner != account.uid and not os.access(data_dir, os.W_OK | os.X_OK):
        raise PostgresProblem("other_owner", path=data_dir, owner=name_of(owner), account=account.name)
    if account.lent and owner == 0 and can_reach(account, data_dir.parent):
        names = {entry.name for entry in data_dir.iterdir()}
        if not names or "secret-key" in names:
            os.chown(data_dir, account.uid, account.gid)
            owner = account.uid
    return owner == account.uid


def hand_over(data_dir: Path, account: Account) -> None:
    """Give files that root made inside an adopted `data_dir` to `account`, so that web and worker can use them.

    Does nothing for an ordinary user or a folder of another owner. Follows no link, leaves other owners' files.
    """
    if not account.lent or data_dir.stat().st_uid != account.uid:
        return
    for _path, folders, files, descriptor in os.fwalk(data_dir, follow_symlinks=False):
        folders[:] = [name for name in folders if name not in ("postgres", "postgres-run")]
        for name in folders + files:
            entry = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            # A second hard link could be some file of root's that another user placed here.
            if entry.st_uid == 0 and (name in folders or entry.st_nlink == 1):
                os.chown(name, account.uid, account.gid, dir_fd=descriptor, follow_symlinks=False)
