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
for name in ("BIHUAN_NOW", "BIHUAN_NOW_FIXED", "BIHUAN_HOSTS", "BIHUAN_HTTPS", "BIHUAN_SECRET_KEY"):
    os.environ.pop(name, None)

_folder: Path | None = None


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
