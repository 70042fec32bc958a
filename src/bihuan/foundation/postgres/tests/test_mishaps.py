"""What the launcher must survive, and what it must refuse in plain words."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from bihuan.foundation import postgres
from bihuan.foundation.postgres import accounts, binaries, places, problems

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")

pytestmark = pytest.mark.thorough


def refused(data_dir):
    with pytest.raises(postgres.PostgresProblem) as caught:
        postgres.ensure(data_dir)
    return caught.value.code


def write_until_cut(url, acknowledged, writer):
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for number in range(1_000_000):
                connection.execute("insert into kept values (%s, %s)", [writer, number])
                acknowledged.append((writer, number))
    except psycopg.Error:
        pass


def test_postmaster_killed_in_the_middle_of_writes(made):
    url = postgres.ensure(made)
    with psycopg.connect(url) as connection:
        connection.execute("create table kept (writer int, number int, unique (writer, number))")
    acknowledged = []
    writers = [threading.Thread(target=write_until_cut, args=(url, acknowledged, writer)) for writer in range(4)]
    for thread in writers:
        thread.start()
    time.sleep(0.7)
    os.kill(postgres.status(made).pid, signal.SIGKILL)
    assert postgres.ensure(made) == url
    for thread in writers:
        thread.join(20)
    assert len(acknowledged) > 50
    with psycopg.connect(url) as connection:
        rows = set(connection.execute("select writer, number from kept").fetchall())
    assert rows >= set(acknowledged)
    assert len(rows) <= len(acknowledged) + len(writers), "at most one unanswered commit each"


def test_everything_killed_while_a_query_runs(made, holder):
    """The old backend still works when the next server is asked for: it has to be waited for."""
    process = holder()
    url, pid = process.stdout.readline().split()
    busy = subprocess.Popen(
        [sys.executable, "-c", f"import psycopg; psycopg.connect({url!r}).execute('select pg_sleep(3)')"],
        stderr=subprocess.DEVNULL,
    )
    time.sleep(0.8)
    process.kill()
    os.kill(int(pid), signal.SIGKILL)
    steps = []
    with psycopg.connect(postgres.ensure(made, on_progress=steps.append)) as connection:
        connection.execute("select 1")
    busy.wait(20)


@pytest.mark.parametrize("delay", [0.3, 0.7])
def test_starter_killed_on_the_way(data_dir, holder, delay):
    """Whether in initdb or later: the next one gets a whole database."""
    process = holder()
    time.sleep(delay)
    process.kill()
    process.wait()
    with psycopg.connect(postgres.ensure(data_dir)) as connection:
        assert connection.execute("select count(*) from pg_extension where extname = 'pg_trgm'").fetchone() == (1,)
    assert not (data_dir / "postgres-new").exists()


def test_stale_pid_file_whose_number_is_a_strangers(made):
    postgres.ensure(made)
    text = (made / "postgres" / "postmaster.pid").read_text()
    postgres.stop(made)
    place = places.find(made)
    stranger = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **place.account.popen_options())
    try:
        with accounts.acting_as(place.account):
            lines = text.split("\n")
            (place.cluster / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]))
            (place.run / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
        assert postgres.status(made).pid is None
        with psycopg.connect(postgres.ensure(made)) as connection:
            connection.execute("select 1")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_socket_removed_under_a_running_server(made):
    url = postgres.ensure(made)
    (places.find(made).socket_folder / places.SOCKET_NAME).unlink()
    assert postgres.ensure(made) == url
    with psycopg.connect(url) as connection:
        connection.execute("select 1")


def test_foreign_folders_are_left_alone(base):
    for number, names in enumerate((["notes.txt"], ["PG_VERSION"], ["bihuan.conf", "x"])):
        cluster = base / str(number) / "postgres"
        cluster.mkdir(parents=True)
        for name in names:
            (cluster / name).write_text("18\n")
        if accounts.service_account(base / str(number)).lent:
            account = accounts.service_account(base / str(number))
            os.chown(cluster, account.uid, account.gid)
        assert refused(base / str(number)) == "foreign_folder"
        assert sorted(path.name for path in cluster.iterdir()) == sorted(names)
    (base / "file").mkdir()
    (base / "file" / "postgres").write_text("not a folder")
    assert refused(base / "file") in ("foreign_folder", "other_owner")


def test_other_major_version(made):
    postgres.ensure(made)
    postgres.stop(made)
    (made / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(postgres.PostgresProblem, match="PostgreSQL 14") as caught:
        postgres.ensure(made)
    assert caught.value.code == "other_version"


def test_no_programs(data_dir, base, monkeypatch):
    monkeypatch.setenv("BIHUAN_POSTGRES_BIN", str(base))
    assert refused(data_dir) == "no_binaries"


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason="Debian's PostgreSQL 15 is not here")
def test_debians_fifteen(data_dir, monkeypatch):
    monkeypatch.setenv("BIHUAN_POSTGRES_BIN", str(DEBIAN_15))
    with psycopg.connect(postgres.ensure(data_dir)) as connection:
        connection.execute("create table t as select 1")
        assert connection.info.server_version // 10000 == 15
        assert connection.execute("select array_length(show_trgm('企业诉求'), 1)").fetchone() == (5,)
    postgres.stop(data_dir)
    # Without the variable the wheel would come first; the data decide.
    monkeypatch.delenv("BIHUAN_POSTGRES_BIN")
    with psycopg.connect(postgres.ensure(data_dir)) as connection:
        assert connection.info.server_version // 10000 == 15


def test_configuration_that_does_not_start_says_why(made):
    postgres.ensure(made)
    postgres.stop(made)
    with (made / "postgres" / "postgresql.conf").open("a") as conf:
        conf.write("max_connections = many\n")
    with pytest.raises(postgres.PostgresProblem, match="max_connections") as caught:
        postgres.ensure(made)
    assert caught.value.code == "start_failed"


@pytest.fixture
def small_disk(base, root):
    folder = base / "small"
    folder.mkdir()

    def mount(megabytes):
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", folder], check=False
        )
        if made.returncode != 0:
            pytest.skip("may not mount here")
        return folder

    yield mount
    subprocess.run(["umount", "-l", folder], check=False)


def test_disk_full_while_making(small_disk):
    folder = small_disk(24)
    assert refused(folder / "data") == "disk_full"
    assert not (folder / "data" / "postgres").exists()
    assert not (folder / "data" / "postgres-new").exists()


def test_disk_full_while_starting(small_disk):
    data = small_disk(90) / "data"
    url = postgres.ensure(data)
    with psycopg.connect(url) as connection:
        connection.execute("create table kept as select 1")
    try:
        os.kill(postgres.status(data).pid, signal.SIGKILL)
        time.sleep(0.3)
        ballast = data.parent / "ballast"
        with open(ballast, "wb") as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(65536))
                file.flush()
        assert refused(data) == "disk_full"
        ballast.unlink()
        with psycopg.connect(postgres.ensure(data)) as connection:
            assert connection.execute("select * from kept").fetchone() == (1,)
    finally:
        postgres.stop(data, force=True)


def test_every_problem_has_whole_words():
    for code, template in problems.WORDING.items():
        fields = dict.fromkeys(
            ("account", "extension", "found", "here", "log", "owner", "path", "seconds", "target", "where"), "X"
        )
        problem = postgres.PostgresProblem(code, **fields)
        assert "%(" not in str(problem)
        assert problem.template is template
        assert str(problem).count(".") >= 1


def test_programs_are_found_newest_first():
    found = list(binaries.available())
    assert found
    assert all(programs.major >= binaries.OLDEST for programs in found)
    assert shutil.which("initdb", path=str(found[0].folder))
