"""pytest plugin: without BIHUAN_DATABASE_URL a test run gets a throw-away PostgreSQL of its own.

It is the product's embedded server in a temporary folder, with durability off: nothing in it is meant to be kept.
`BIHUAN_POSTGRES_BIN` chooses its binaries. Workers of pytest-xdist inherit the address of the one server.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

os.environ.setdefault("BIHUAN_MODE", "test")
# A developer's own choices must not decide whether a test passes.
CHOICES = "NOW NOW_FIXED HOSTS HTTPS SECRET_KEY VAULT_KEYS VAULT_KEY_FILE".split()
for name in (f"BIHUAN_{choice}" for choice in CHOICES):
    os.environ.pop(name, None)

_folder: Path | None = None
_FIXTURES = {"db", "transactional_db"}
_SERVERS = Path(__file__).resolve().parents[1] / "src/bihuan/foundation/postgres"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--only-database`: a second run, on another PostgreSQL, need not repeat what never meets one."""
    parser.addoption("--only-database", action="store_true", help="leave out tests that use no PostgreSQL")


def _meets_database(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("django_db", "thorough"))
    return marked or not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ())) or _SERVERS in item.path.parents


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `--only-database` says, and count it among the deselected."""
    if config.getoption("--only-database"):
        config.hook.pytest_deselected(items=[item for item in items if not _meets_database(item)])
        items[:] = [item for item in items if _meets_database(item)]


def _start() -> None:
    global _folder
    from bihuan.foundation import postgres

    _folder = Path(tempfile.mkdtemp(prefix="bihuan-tests-"))
    # Started by root, the server runs as another user, who has to reach its folder.
    _folder.chmod(0o755)
    url = postgres.ensure(_folder)
    socket = parse_qs(urlsplit(url).query)["host"][0]
    with psycopg.connect(host=socket, port=5432, user="postgres", dbname="postgres", autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("alter system set max_wal_size = '4GB'")
        connection.execute("select pg_reload_conf()")
    os.environ["BIHUAN_DATABASE_URL"] = url
    os.environ.setdefault("BIHUAN_DATA", str(_folder / "data"))


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Start the server before pytest-django reads the settings."""
    idle = {"--help", "-h", "--version", "-V", "--fixtures", "--markers"} & set(early_config.invocation_params.args)
    if "BIHUAN_DATABASE_URL" not in os.environ and not idle:
        _start()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the server and remove what it left."""
    global _folder
    if _folder is not None:
        from bihuan.foundation import postgres

        postgres.stop(_folder, force=True)
        shutil.rmtree(_folder, ignore_errors=True)
        _folder = None
        os.environ.pop("BIHUAN_DATABASE_URL", None)


def pytest_report_header() -> str | None:
    """Say which PostgreSQL the run is on."""
    try:
        with psycopg.connect(os.environ["BIHUAN_DATABASE_URL"]) as connection:
            return f"PostgreSQL {connection.info.parameter_status('server_version')}"
    except (KeyError, psycopg.Error):
        return None
