"""Attempts to reach the vault: from every other role, from the database, a backup, the log and the source."""

import re
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

import bihuan
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import database, errors, ids
from bihuan.mechanisms.vault import permissions, services
from bihuan.mechanisms.vault.models import Clue
from bihuan.mechanisms.vault.services import recording
from bihuan.mechanisms.vault.tests.conftest import NAME, PHONE, SECRET, SENDER

TABLES = "clue informant message identity_request chain entry".split()
OTHERS = [role for role in Role if role != Role.DISCIPLINE]
NEVER = (SECRET, SECRET[2:9], NAME, PHONE, "还有第二次", "需要当面核实的理由", "内部研判意见")


def actor_of(house, role):
    offices = {
        Role.LIAISON: lambda: house.liaison(),
        Role.DEPARTMENT_HEAD: lambda: house.liaison(role="department_head"),
        Role.ENTERPRISE: lambda: house.owner,
        Role.BOARD_HEAD: lambda: house.person("head", "board_head", board="projects"),
    }
    return offices.get(role, lambda: house.staff(role.value))()


def filled(house):
    """A clue with everything that can be in one, and the code of its informant."""
    received = house.report()
    clue = house.clue(received)
    services.say(code=received.code, text="还有第二次", sender=SENDER, now=NOW)
    house.take(clue, "note", text="内部研判意见")
    house.take(clue, "ask_identity", text="需要当面核实的理由")
    return received, clue


def everything() -> str:
    """Return what a backup of the whole database holds: every row of every table, as text, read as its owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        ours = "relnamespace = 'public'::regnamespace and relkind = 'r'"
        cursor.execute(f"select oid::regclass::text from pg_class where {ours} order by 1")
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute("set constraints all immediate")
        found = []
        for table in tables:
            cursor.execute(f"alter table {table} no force row level security")
            cursor.execute(f"select one::text from {table} one")
            found += [f"{table} {row[0]}" for row in cursor.fetchall()]
        transaction.set_rollback(True)
    assert any(line.startswith("vault_clue ") for line in found), "the backup holds the vault"
    return "\n".join(found)


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_opens_anything(house, role):
    _received, clue = filled(house)
    actor, request = actor_of(house, role), house.request(clue)
    attempts = [
        lambda: services.open_desk(actor=actor, now=NOW),
        lambda: services.open_clue(clue_id=clue.id, actor=actor, now=NOW),
        lambda: house.take(clue, "note", actor=actor),
        lambda: house.take(clue, "ask_identity", actor=actor),
        *(
            lambda action=action: services.take_request(request_id=request.id, action=action, actor=actor, now=NOW)
            for action in ("confirm_identity", "refuse_identity", "show_identity")
        ),
    ]
    if role != Role.AUDIT_ADMIN:
        attempts.append(lambda: services.open_views(actor=actor, now=NOW))
    before = house.entries()
    for attempt in attempts:
        with pytest.raises(errors.Forbidden):
            attempt()
    assert house.entries() == before


@pytest.mark.parametrize(
    "who", [Actor(), Actor(holds=ids.uuid7()), Actor(system=True)], ids=["nobody", "code", "system"]
)
def test_neither_nobody_nor_a_follow_up_code_nor_the_product_itself_opens_it(house, who):
    _received, clue = filled(house)
    with pytest.raises(errors.Forbidden):
        services.open_clue(clue_id=clue.id, actor=who, now=NOW)


@pytest.mark.parametrize("role", [*Role, "service", "nobody"])
def test_the_ordinary_role_may_not_even_ask_whoever_it_works_for(house, role):
    scopes = {"service": database.SERVICE, "nobody": database.NOBODY}
    scope = scopes[role] if role in scopes else actor_of(house, Role(role)).scope()
    for table in TABLES:
        for statement in ("select count(*) from", "delete from"):
            with pytest.raises(DatabaseError, match="permission denied"), database.reading(scope):
                connection.cursor().execute(f"{statement} vault_{table}")


def test_the_owner_of_the_tables_sees_nothing_either(house):
    filled(house)
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        if cursor.fetchone()[0]:
            pytest.skip("this server's owner stands above row-level security")
        for table in TABLES:
            cursor.execute(f"select count(*) from vault_{table}")
            assert cursor.fetchone() == (0,), table


def test_the_role_of_the_vault_can_do_nothing_else(house):
    with connection.cursor() as cursor:
        granted = "select distinct table_name from information_schema.role_table_grants"
        cursor.execute(f"{granted} where grantee = 'bihuan_vault'")
        assert {row[0] for row in cursor.fetchall()} == {f"vault_{one}" for one in TABLES}
        cursor.execute("select rolcanlogin or rolsuper or rolbypassrls from pg_roles where rolname = 'bihuan_vault'")
        assert cursor.fetchone() == (False,)
        for role in ("bihuan_app", "bihuan_search"):
            closed = "select bool_or(has_table_privilege(%s, oid, 'select')) from pg_class"
            cursor.execute(f"{closed} where relname ~ '^vault_' and relkind = 'r'", [role])
            assert cursor.fetchone() == (False,), role
            cursor.execute("select pg_has_role(%s, 'bihuan_vault', 'member')", [role])
            assert cursor.fetchone() == (False,), role
    for statement in ("select * from cases_case", "select * from accounts_person", "select * from ledger_fact"):
        with pytest.raises(DatabaseError, match="permission denied"), recording.inside():
            connection.cursor().execute(statement)


def test_an_officer_of_elsewhere_sees_nothing_behind_the_second_wall(house):
    filled(house)
    elsewhere = permissions.scope(Actor())
    for scope in (elsewhere, permissions.scope(house.staff("leader"))):
        with database.reading(scope):
            assert Clue.objects.count() == 0
    with database.reading(permissions.scope(house.officer)):
        assert Clue.objects.count() == 1
        assert Clue.objects.update(number="X") == 0


def test_a_backup_holds_nothing_that_can_be_read(house):
    received, clue = filled(house)
    house.decide(clue, "confirm_identity")
    house.decide(clue, "show_identity", actor=house.officer)
    dump = everything()
    assert clue.number in dump
    for text in (*NEVER, received.code, received.code.replace("-", "")):
        assert text not in dump, text


def test_what_goes_wrong_inside_says_nothing_in_the_log(house, capsys, caplog, monkeypatch):
    import structlog

    from bihuan.mechanisms.vault.services import giving
    from config import logs

    logger = structlog.wrap_logger(structlog.PrintLogger(), processors=logs.PROCESSORS)

    def breaks(**_given):
        connection.cursor().execute("insert into vault_clue (id, region) values ('x', %s)", [SECRET])

    monkeypatch.setattr(giving.recording, "enter", breaks)
    try:
        with transaction.atomic():
            house.report()
    except DatabaseError:
        logger.exception("failed")
    said = capsys.readouterr()
    shown = said.out + said.err + caplog.text
    assert "failed" in shown
    assert not [text for text in NEVER if text in shown]


def test_nobody_else_in_the_source_takes_the_role_of_the_vault():
    root = Path(bihuan.__file__).parent
    taking = re.compile(r"bihuan_vault|vault_reader|mechanisms\.vault\.models|vault import models")
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if taking.search(path.read_text())}
    assert {name for name in found if not name.startswith("mechanisms/vault/")} <= {"delivery/cli/examination.py"}
