"""What tests of the product may do that the product may not."""

import contextlib

import pytest
import structlog
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations

_GUARDED = (
    "select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
    " where t.tgname = 'append_only' and not t.tgisinternal order by 1"
)


@pytest.fixture(autouse=True, scope="session")
def flush_may_empty_the_ledger():
    """Let the clean-up after a transactional test truncate append-only tables too.

    Their owner, and nobody else, can switch the trigger off; the product never does. Both happens in the one
    transaction of Django's flush, so no test ever meets a table without its guard.
    """
    original = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        if sql_list:
            with self.connection.cursor() as cursor:
                cursor.execute(_GUARDED)
                guarded = [self.quote_name(row[0]) for row in cursor.fetchall()]
            off = [f"alter table {table} disable trigger append_only" for table in guarded]
            on = [f"alter table {table} enable always trigger append_only" for table in guarded]
            sql_list = [*off, *sql_list, *on]
        return original(self, sql_list)

    DatabaseOperations.execute_sql_flush = execute_sql_flush
    yield
    DatabaseOperations.execute_sql_flush = original


@contextlib.contextmanager
def undone(blocker):
    """Undo at the end what is written inside, under any number of tests, each of which undoes its own on top of it.

    For fixtures of a module or a class: what many tests only look at is then made once.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker):
    """One transaction around all tests of a module, none of which may be transactional."""
    with undone(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def logs_of_its_own():
    """Let what one test logs never carry the case of another: a job ends its context with itself, a test does not."""
    structlog.contextvars.clear_contextvars()


@pytest.fixture(autouse=True)
def data_folder_of_its_own(settings, tmp_path_factory):
    """Keep what a test leaves in the data folder (keys, checkpoints, uploads) away from every other test."""
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
