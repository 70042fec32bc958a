import contextlib
import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, connections, models

from bihuan.foundation.kernel import database, ids
from bihuan.foundation.ledger import facts, heads, services
from bihuan.foundation.ledger.models import Chained, Fact

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


class Subject(Chained):
    """An aggregate as a context would have one; its table is made by the fixture `subjects`."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)

    class Meta:
        app_label = "ledger_tests"
        managed = False
        db_table = "ledger_tests_subject"


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(facts, "_wordings", {})
    monkeypatch.setattr(facts, "_words", {})
    facts.register({"thing.done": "{actor} did {what}", "thing.ended": ("{actor} ended it", "more")})


@pytest.fixture(autouse=True)
def no_heads(monkeypatch):
    monkeypatch.setattr(heads, "_providers", {})


def _make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "create table if not exists ledger_tests_subject (id uuid primary key, region text not null,"
            " last_seq int not null, last_hash text not null)"
        )
        cursor.execute("grant all on ledger_tests_subject to bihuan_app")


@pytest.fixture
def subjects(request, db) -> Iterator[None]:
    """The table of Subject, with its heads registered; works in both kinds of database tests."""
    _make_table()
    heads.register_model(Subject)
    yield
    if "transactional_db" in request.fixturenames:
        with connection.cursor() as cursor:
            cursor.execute("drop table ledger_tests_subject")


@pytest.fixture
def files_at_once(monkeypatch):
    """Lay checkpoint files down at once: the transaction around an ordinary test never commits."""
    monkeypatch.setattr(services.transaction, "on_commit", lambda work: work())


def begin(region: str = "330106") -> Subject:
    subject = Subject(region=region)
    with database.writing():
        subject.save(force_insert=True)
    return subject


def happen(subject: Subject, times: int = 1, **changes) -> Fact:
    for _ in range(times):
        with database.writing():
            locked = Subject.objects.select_for_update().get(pk=subject.pk)
            given = {"kind": "thing.done", "actor_id": None, "now": NOW, "data": {"what": "something"}} | changes
            fact = services.record(subject=locked, stream=locked.pk, **given)
            locked.save(update_fields=["last_seq", "last_hash"])
    return fact


@contextlib.contextmanager
def tampering():
    """What only the owner of the tables can do: write where nobody may."""
    with connection.cursor() as cursor:
        for table in ("ledger_fact", "ledger_checkpoint"):
            cursor.execute(f"alter table {table} disable trigger append_only, no force row level security")
        yield cursor
        for table in ("ledger_fact", "ledger_checkpoint"):
            cursor.execute(f"alter table {table} enable always trigger append_only, force row level security")


def in_parallel(count, work):
    """Run `work()` in `count` threads at once, each with its own connection, and let no error pass."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
