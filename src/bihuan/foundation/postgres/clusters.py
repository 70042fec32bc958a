"""The inside of one database cluster: how it is made, configured, and which roles and extensions it has."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from bihuan.foundation.postgres import accounts, binaries, places
from bihuan.foundation.postgres.accounts import Account
from bihuan.foundation.postgres.binaries import Programs
from bihuan.foundation.postgres.places import Place
from bihuan.foundation.postgres.problems import PostgresProblem, disk_is_full, last_words

ROLE = DATABASE = "bihuan"
EXTENSIONS = ("btree_gin", "pg_trgm")
CONF = "bihuan.conf"
"""Our settings, written anew at every start, and the mark by which a data folder is known as ours."""

# No line for TCP at all. Trust on the socket is safe only because its folder has mode 0700: whoever reaches it could
# read the data files themselves.
HBA = "# Written by Bihuan at every start.\nlocal all all trust\n"

SETTINGS = """\
# Written by Bihuan at every start. Your own settings: ALTER SYSTEM, or postgresql.conf below its last line.
listen_addresses = ''
port = 5432
unix_socket_directories = {socket}
unix_socket_permissions = 0700
shared_preload_libraries = '{preload}'
max_connections = 100
shared_buffers = 128MB
fsync = on
full_page_writes = on
synchronous_commit = on
password_encryption = 'scram-sha-256'
jit = off
# A page anywhere on the disks of today costs hardly more than the next one; queues are read along their indexes.
random_page_cost = 1.1
timezone = 'UTC'
# The log is for whoever keeps the server; no rejected statement and no row, which may hold personal data, goes there.
log_timezone = 'UTC'
lc_messages = 'C'
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
"""


def run(
    program: Path,
    *arguments: str | Path,
    account: Account,
    cwd: Path,
    timeout: float = 300,
    inherited: tuple[int, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as `account`, in a session of its own so that Ctrl-C does not reach it."""
    return subprocess.run(  # noqa: S603
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout,
        start_new_session=True,
        pass_fds=inherited,
        env=binaries.environment(),
        cwd=cwd,
        **account.popen_options(),
    )


def version_of(place: Place) -> int | None:
    """Return the major version of the data folder of `place`, or None when there is none yet.

    Raises PostgresProblem foreign_folder or other_owner: what we did not make is left alone.
    """
    cluster = place.cluster
    if not os.path.lexists(cluster):
        return None
    if not cluster.is_dir():
        raise PostgresProblem("foreign_folder", path=cluster)
    try:
        names = {entry.name for entry in cluster.iterdir()}
    except PermissionError:
        names = {"?"}
    if not names:
        return None
    places.check_owner(cluster, place.account)
    if not {"PG_VERSION", CONF} <= names:
        raise PostgresProblem("foreign_folder", path=cluster)
    return int((cluster / "PG_VERSION").read_text().strip())


def make(place: Place, programs: Programs, *, lock: int) -> None:
    """Create the data folder: complete under its name, or not at all, however this process ends.

    initdb inherits `lock`: when this process is killed, the next one waits until initdb has ended too.

    Raises PostgresProblem disk_full, initdb_failed; OSError.
    """
    unfinished = place.cluster.with_name("postgres-new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    places.own_folder(unfinished, place.account)
    try:
        made = run(
            programs.folder / "initdb",
            *("--pgdata", unfinished, "--username", "postgres", "--encoding", "UTF8", "--data-checksums"),
            # C.UTF-8: byte order, yet CJK characters count as letters, without which trigrams leave them out.
            *("--locale-provider", "libc", "--locale", "C.UTF-8", "--lc-messages", "C"),
            *("--auth-local", "trust", "--auth-host", "reject", "--no-instructions"),
            account=place.account,
            cwd=unfinished,
            inherited=(lock,),
        )
        if made.returncode != 0:
            if disk_is_full(unfinished, log=made.stdout):
                raise PostgresProblem("disk_full", path=place.cluster)
            raise PostgresProblem("initdb_failed", log=last_words(made.stdout))
        with accounts.acting_as(place.account):
            with (unfinished / "postgresql.conf").open("a") as conf:
                conf.write(f"\ninclude_if_exists = '{CONF}'\n")
            (unfinished / CONF).touch(mode=0o600)
        if place.cluster.exists():
            place.cluster.rmdir()
        unfinished.rename(place.cluster)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def configure(place: Place, programs: Programs) -> Path:
    """Write the settings and the access rules for the coming start; return the socket folder.

    Raises PostgresProblem socket_path_too_long; OSError.
    """
    folder = places.settle_socket(place)
    listed = '"' + str(folder).replace('"', '""') + '"'
    preload = "pg_stat_statements" if programs.has_library("pg_stat_statements") else ""
    quoted = "'" + listed.replace("\\", "\\\\").replace("'", "''") + "'"
    settings = SETTINGS.format(socket=quoted, preload=preload)
    with accounts.acting_as(place.account):
        for name, text in ((CONF, settings), ("pg_hba.conf", HBA)):
            if (place.cluster / name).read_text() != text:
                _write_whole(place.cluster / name, text)
        if place.log.exists() and place.log.stat().st_size > 5 * 2**20:
            place.log.replace(place.log.with_suffix(".log.1"))
    return folder


def _write_whole(path: Path, text: str) -> None:
    """Replace the file in one step: a full disk must not leave half a configuration."""
    new = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def connect(socket_folder: Path, *, user: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """Open one connection over the private socket, independent of the caller's PG* variables."""
    return psycopg.connect(
        host=str(socket_folder), port=5432, user=user, dbname=database, connect_timeout=5, autocommit=True
    )


def provide(socket_folder: Path) -> None:
    """Make what is missing of the owner's role, the database and the extensions. Repeatable.

    The role may create databases (tests) and roles (`bihuan_app` of row-level security), but is no superuser and
    bypasses no policy. Raises PostgresProblem extension_missing, psycopg.Error.
    """
    with connect(socket_folder, user="postgres", database="postgres") as connection:
        if not connection.execute("select from pg_roles where rolname = %s", [ROLE]).rowcount:
            connection.execute(sql.SQL("create role {} login createdb createrole").format(sql.Identifier(ROLE)))
        if not connection.execute("select from pg_database where datname = %s", [DATABASE]).rowcount:
            create = sql.SQL("create database {} owner {} template template0")
            connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
    with connect(socket_folder, user="postgres", database=DATABASE) as connection:
        for name in EXTENSIONS:
            try:
                connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))
            except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported) as error:
                raise PostgresProblem("extension_missing", extension=name) from error
