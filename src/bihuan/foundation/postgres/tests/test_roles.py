"""The first migration makes the role of row-level security, whatever the administrator left to do, on every version."""

import importlib
from pathlib import Path

import psycopg
import pytest

from bihuan.foundation import postgres
from bihuan.foundation.postgres import clusters, places

CREATE_ROLE = importlib.import_module("bihuan.foundation.kernel.migrations.0001_roles").CREATE_ROLE
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")

pytestmark = pytest.mark.thorough


@pytest.fixture(params=["first choice", "15"])
def socket_folder(request, data_dir, monkeypatch):
    if request.param == "15":
        if not DEBIAN_15.is_dir():
            pytest.skip("Debian's PostgreSQL 15 is not here")
        monkeypatch.setenv("BIHUAN_POSTGRES_BIN", str(DEBIAN_15))
    else:
        request.getfixturevalue("made")
    postgres.ensure(data_dir)
    return places.find(data_dir).socket_folder


def migrate(socket_folder, user, database):
    with clusters.connect(socket_folder, user=user, database=database) as connection:
        connection.execute(CREATE_ROLE)
        connection.execute("create table if not exists later (id int)")
        connection.execute("set role bihuan_app")
        connection.execute("select * from later")


def test_owners_with_much_and_with_little_power(socket_folder):
    def administer(statement, database="postgres"):
        with clusters.connect(socket_folder, user="postgres", database=database) as connection:
            connection.execute(statement)

    administer("create role modest login")
    administer("create database modest owner modest")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="CREATE ROLE bihuan_app NOLOGIN"):
        migrate(socket_folder, "modest", "modest")
    for _ in range(2):
        migrate(socket_folder, "bihuan", "bihuan")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="GRANT bihuan_app TO modest"):
        migrate(socket_folder, "modest", "modest")
    administer("grant bihuan_app to modest")
    administer("create view others as select 1", "modest")
    migrate(socket_folder, "modest", "modest")
    migrate(socket_folder, "postgres", "postgres")
