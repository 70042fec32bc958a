"""What `bihuan doctor` looks at: each finding says what was looked at, whether it is good, and what to do if not."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bihuan.analytics.scoreboard import services as scoreboard
from bihuan.casework.cases import services as cases
from bihuan.casework.deadlines import selectors as deadlines
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import clock
from bihuan.foundation.kernel.database import APP_ROLE, SEARCH_ROLE
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar
from bihuan.mechanisms.vault import services as vault

NEEDED_DISK = 1 << 30
LATE = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at. `remedy` says what to do when it is not good."""

    code: str
    good: bool
    what: str
    remedy: str = ""


def examine(data_dir: Path) -> list[Finding]:
    """Return all findings of this installation, in the order in which they should be mended."""
    return [*_database(), *_data_folder(data_dir), *_time(), *_receivers(), *_sums(), *_vault(), *_settings()]


def _database() -> Iterator[Finding]:
    version = connection.pg_version  # type: ignore[attr-defined]
    yield Finding(
        code="postgresql_version",
        good=version >= 150_000,
        what=f"PostgreSQL {version // 10_000}",
        remedy="Use PostgreSQL 15 or newer.",
    )
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Finding(
        code="migrations", good=not pending, what=f"{len(pending)} migrations to apply", remedy="Run `bihuan migrate`."
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('lc_ctype', true), d.datctype,"
            " (select rolsuper or rolbypassrls from pg_roles where rolname = current_user),"
            " exists (select from pg_roles where rolname = %s),"
            " (select pg_has_role(oid, 'usage') from pg_roles where rolname = %s),"
            " current_setting('server_encoding') from pg_database d where d.datname = current_database()",
            [APP_ROLE, SEARCH_ROLE],
        )
        _shown, ctype, above_rules, has_role, searches, encoding = cursor.fetchone()
    yield Finding(
        code="chinese_text",
        good=encoding == "UTF8" and ctype not in ("C", "POSIX"),
        what=f"database text is {encoding}, character type {ctype}",
        remedy="Create the database with ENCODING UTF8 and LC_CTYPE 'C.UTF-8', or Chinese words are not found.",
    )
    yield Finding(
        code="second_wall",
        good=bool(has_role),
        what=f"the unprivileged role {APP_ROLE}",
        remedy="Run `bihuan migrate` as an owner with CREATEROLE, or create the role beforehand.",
    )
    yield Finding(
        code="search_role",
        good=above_rules or not searches,
        what=f"the database user does not look with the eyes of the role {SEARCH_ROLE}",
        remedy=f"As a superuser: REVOKE {SEARCH_ROLE} FROM the owner; only `bihuan migrate` needs it.",
    )
    yield Finding(
        code="database_owner",
        good=not above_rules,
        what="the database user stands under row-level security",
        remedy="Connect as an ordinary owner, not as a superuser or with BYPASSRLS.",
    )


def _data_folder(data_dir: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(data_dir).free
    yield Finding(
        code="disk",
        good=free >= NEEDED_DISK,
        what=f"{free >> 20} MiB free in {data_dir}",
        remedy="Free at least 1 GiB, or move the data folder (BIHUAN_DATA).",
    )
    yield Finding(
        code="data_folder",
        good=os.access(data_dir, os.W_OK),
        what="the data folder can be written",
        remedy=f"Let the user who runs Bihuan write {data_dir}.",
    )
    key = data_dir / "secret-key"
    open_to_others = key.exists() and key.stat().st_mode & 0o077
    yield Finding(
        code="secret_key", good=not open_to_others, what="the secret key is private", remedy=f"chmod 600 {key}"
    )


def _sums() -> Iterator[Finding]:
    yield Finding(
        code="sums",
        good=not scoreboard.outdated(),
        what="the sums of the scoreboard are made by the present definition",
        remedy="Run `bihuan scoreboard rebuild`.",
    )


def _time() -> Iterator[Finding]:
    now = clock.now()
    age = deadlines.oldest_unfired_age(now)
    yield Finding(
        code="timers",
        good=age is None or age < LATE,
        what="the oldest timer that should have fired is "
        + (f"{int(age.total_seconds() // 60)} minutes late" if age else "not late"),
        remedy="Is a worker running? `bihuan worker` fires timers each minute.",
    )
    year = now.astimezone().year
    known = workcalendar.known_years()
    yield Finding(
        code="official_days",
        good=year in known,
        what=f"official days are known until {max(known, default=0)}",
        remedy="Import the State Council's notice for this year (page “Calendar”, or a newer release).",
    )


def _receivers() -> Iterator[Finding]:
    """Each consequence of a light reaches somebody, in every place that has a rulebook and departments of its own."""
    now = clock.now()
    places = [row.region for row in rulebooks.applied() if directory.departments(row.region)]
    lost = {region: names for region in places if (names := cases.unreceived(region=region, now=now))}
    named = "; ".join(f"{region}: {', '.join(names)}" for region, names in lost.items())
    yield Finding(
        code="receivers",
        good=not lost,
        what="every consequence of a light reaches somebody" if not lost else f"nobody receives {named}",
        remedy="Appoint somebody to these offices, or name another fallback in the rulebook (`fallback.receivers`).",
    )


def _vault() -> Iterator[Finding]:
    """Without its key the vault is closed, and reports on staff cannot be taken in; all else runs."""
    problem = vault.why_locked()
    yield Finding(
        code="vault_key",
        good=problem is None,
        what="the vault of clues has its keys" if problem is None else str(problem.detail),
        remedy="`bihuan vault new-key FILE` outside the data folder, and BIHUAN_VAULT_KEY_FILE=FILE.",
    )


def _settings() -> Iterator[Finding]:
    yield Finding(
        code="simulated_clock",
        good=not (os.environ.get("BIHUAN_NOW") and settings.MODE == "production"),
        what="the clock is the real one",
        remedy="Unset BIHUAN_NOW; it is for demonstrations and tests.",
    )
    if settings.MODE == "production":
        yield Finding(
            code="https",
            good=bool(settings.SESSION_COOKIE_SECURE),
            what="cookies travel over HTTPS only",
            remedy="Put a TLS proxy in front and set BIHUAN_HTTPS=1.",
        )
