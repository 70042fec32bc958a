"""Start, join, leave, stop: by one process and by several."""

import os
import stat
import subprocess
import time
from urllib.parse import quote

import psycopg
import pytest

from bihuan.foundation import postgres
from bihuan.foundation.postgres import accounts, clusters, places
from bihuan.foundation.postgres.problems import STEPS

pytestmark = pytest.mark.thorough


def test_from_nothing_to_ready(data_dir):
    steps = []
    began = time.monotonic()
    url = postgres.ensure(data_dir, on_progress=steps.append)
    assert time.monotonic() - began < 6
    assert steps == [STEPS["initdb"], STEPS["start"]]
    assert url.startswith(f"postgresql://bihuan@/bihuan?host={quote(str(data_dir / 'postgres-run'), safe='')}")
    for name in ("postgres", "postgres-run"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o700
    with psycopg.connect(url) as connection:
        role = connection.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
        assert role == (False, True, True, False)
        assert connection.execute("select array_length(show_trgm('企业诉求'), 1)").fetchone() == (5,)
        settings = dict(connection.execute("select name, setting from pg_settings").fetchall())
        owner = connection.execute("select datdba::regrole::text, datctype from pg_database where datname = 'bihuan'")
        assert owner.fetchone() == ("bihuan", "C.UTF-8")
        connection.execute("create table public.t (id int)")
    wanted = {"listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "data_checksums": "on", "jit": "off"}
    wanted["random_page_cost"] = "1.1"
    assert wanted.items() <= settings.items()
    assert "trust" in clusters.HBA
    assert "host" not in clusters.HBA


def test_joining_is_quick_and_needs_no_environment(made, monkeypatch):
    url = postgres.ensure(made)
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGHOST", "db.invalid")
    times = []
    for _ in range(5):
        began = time.monotonic()
        assert postgres.ensure(made) == url
        times.append(time.monotonic() - began)
    assert min(times) < 0.05
    with psycopg.connect(url) as connection:
        connection.execute("select 1")


def test_status_and_a_second_life(made):
    assert postgres.status(made).running is False
    url = postgres.ensure(made)
    with psycopg.connect(url) as connection:
        connection.execute("create table t as select 7 as seven")
    status = postgres.status(made)
    assert (status.running, status.url, status.cluster) == (True, url, made / "postgres")
    assert status.version
    assert postgres.stop(made) is True
    assert postgres.status(made).pid is None
    assert not (made / "postgres" / "postmaster.pid").exists()
    for name in (clusters.CONF, "pg_hba.conf"):
        (made / "postgres" / name).write_text("")
    with psycopg.connect(postgres.ensure(made)) as connection:
        assert connection.execute("select seven from t").fetchone() == (7,)
    assert (made / "postgres" / "pg_hba.conf").read_text() == clusters.HBA


def test_stopping_what_never_was(data_dir):
    assert postgres.stop(data_dir) is True
    assert not data_dir.exists()


def test_two_processes_at_the_same_instant_share_one_server(data_dir, holder):
    first, second = holder(), holder()
    one, two = first.stdout.readline().split(), second.stdout.readline().split()
    assert one == two
    # Whoever ends first does not take the server away from the other.
    assert first.communicate("\n")[0].strip() == "False"
    with psycopg.connect(two[0]) as connection:
        connection.execute("select 1")
    assert second.communicate("\n")[0].strip() == "True"
    assert postgres.status(data_dir).pid is None


def test_a_user_killed_has_left(made, holder):
    postgres.ensure(made)
    other = holder()
    assert other.stdout.readline()
    assert postgres.stop(made) is False
    other.kill()
    other.wait()
    pid = postgres.status(made).pid
    assert pid is not None, "nobody stopped it"
    postgres.ensure(made)
    assert postgres.status(made).pid == pid, "joined, not started again"
    assert postgres.stop(made) is True


def test_force_stops_it_under_the_others(made, holder):
    other = holder()
    assert other.stdout.readline()
    assert postgres.stop(made, force=True) is True
    assert postgres.status(made).pid is None


@pytest.mark.parametrize("name", ["x" * 120, "a,b", "空 间'\"%\\"])
def test_awkward_paths(base, pattern, name):
    folder = base / name
    subprocess.run(["cp", "-a", pattern, folder], check=True)
    try:
        url = postgres.ensure(folder)
        with psycopg.connect(url) as connection:
            connection.execute("select 1")
        socket_folder = places.find(folder).socket_folder
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        assert len(os.fsencode(socket_folder)) < 100
        assert postgres.ensure(folder) == url
        postgres.stop(folder)
        assert postgres.ensure(folder) == url, "the short folder is remembered"
        postgres.stop(folder)
        if socket_folder.parent != folder:
            socket_folder.rmdir()
            with psycopg.connect(postgres.ensure(folder)) as connection:
                connection.execute("select 1")
    finally:
        postgres.stop(folder, force=True)
        if places.find(folder).socket_folder.parent != folder:
            places.find(folder).socket_folder.rmdir()


def test_the_caller_may_end_without_a_word(made, holder):
    """Leaving at exit: no call of `stop` is needed."""
    process = holder()
    process.stdout.readline()
    process.stdin.close()
    process.wait(20)
    assert postgres.status(made).pid is None


def test_nobody_else_may_enter(made, root):
    url = postgres.ensure(made)
    account = accounts.service_account(made)
    stranger = accounts.Account(uid=54321, gid=54321, name="54321", lent=True)
    with accounts.acting_as(account), psycopg.connect(url) as connection:
        connection.execute("select 1")
    with accounts.acting_as(stranger), pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
