"""Transactions with a stated reader: the second wall behind every query (PostgreSQL row-level security).

Inside `writing()` the transaction works as a service: it sees all rows, because permission is checked in the service.
Inside `reading(scope)` it sees only what the reader may see. Outside both, policies see no scope and show nothing.
Role and scope are transaction-local (`set_config(…, true)`), so they never leak through a connection pool.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, transaction

APP_ROLE = "bihuan_app"
"""The PostgreSQL role that all scoped work runs as: it owns no table and may not alter the ledger."""
SEARCH_ROLE = "bihuan_search"
"""The role that the search by words looks with: it sees ids and words of all cases and may do nothing else."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose eyes a transaction has. Texts go into `bihuan.*` settings that the row-level policies read.

    kind: "service" (all rows), "reader" (rows matching the lists) or "none".
    regions, departments, boards ("region:board"), enterprises: what a reader's offices open; refusal_regions: where a
    deputy sees refused matters; offices ("role:region"): what is for some offices only; case: the one thing whose
    follow-up code was shown; role: the PostgreSQL role to work as, for contexts whose tables are closed to the usual
    one.
    """

    kind: str
    person: str = ""
    regions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    refusal_regions: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    case: str = ""
    role: str = APP_ROLE


SERVICE = Scope(kind="service")
NOBODY = Scope(kind="none")

_APPLY = (
    "select set_config('role', %s, true), set_config('bihuan.kind', %s, true),"
    " set_config('bihuan.person', %s, true), set_config('bihuan.regions', %s, true),"
    " set_config('bihuan.departments', %s, true), set_config('bihuan.boards', %s, true),"
    " set_config('bihuan.enterprises', %s, true), set_config('bihuan.refusal_regions', %s, true),"
    " set_config('bihuan.offices', %s, true), set_config('bihuan.case', %s, true)"
)


_SERVE = f"select set_config('role', '{APP_ROLE}', true), set_config('bihuan.kind', '{SERVICE.kind}', true)"
"""The same for a service in a fresh transaction, where nothing else is set."""


def _apply(scope: Scope | None, *, fresh: bool = False) -> None:
    if fresh and scope == SERVICE:
        fetch(_SERVE)
        return
    role = "none" if scope is None else scope.role
    scope = scope or NOBODY
    lists = (
        scope.regions,
        scope.departments,
        scope.boards,
        scope.enterprises,
        scope.refusal_regions,
        scope.offices,
    )
    fetch(_APPLY, [role, scope.kind, scope.person, *(",".join(values) for values in lists), scope.case])


@contextlib.contextmanager
def _scoped(scope: Scope) -> Iterator[None]:
    db: Any = connections[DEFAULT_DB_ALIAS]
    before: Scope | None = getattr(db, "bihuan_scope", None)
    if before == scope and db.in_atomic_block:
        # Joining the outer unit of work: no savepoint, any error rolls the whole of it back.
        try:
            yield
        except BaseException:
            db.needs_rollback = True
            raise
        return
    outermost = not db.in_atomic_block
    # Other eyes inside a unit of work: still one unit, so an error rolls the whole of it back, scope and all.
    with transaction.atomic(savepoint=before is None):
        _apply(scope, fresh=outermost)
        db.bihuan_scope = scope
        try:
            yield
        finally:
            db.bihuan_scope = before
        if not outermost:
            _apply(before)


class _HotCursor(psycopg.Cursor[tuple[Any, ...]]):
    """Binds on the server, reads in binary form, and lets the server keep the plan.

    Django's own cursor writes values into the text, has each statement planned anew and reads instants with Python
    code, row by row. Planning is most of what a short statement costs PostgreSQL, above all under row-level security.
    """

    keep_plan = True

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_HotCursor":
        super().execute(query, params, prepare=self.keep_plan, binary=True)
        return self


class _WatchedCursor(_HotCursor):
    """The same for Django's log of statements, which knows no text of those whose plan is kept."""

    keep_plan = False


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement of a hot path and return all its rows ([] for one that returns none).

    Inside `writing` or `reading` it sees their scope. Parameters are bound by the server, so their types must be plain,
    and a JSON value is given as text with a cast. `sql` should be one of few texts: the server keeps the plan of each
    (see `prepare_threshold` in the settings).
    """
    db: Any = connections[DEFAULT_DB_ALIAS]
    db.ensure_connection()
    if db.queries_logged:
        with db._prepare_cursor(_WatchedCursor(db.connection)) as watched:
            watched.execute(sql, parameters)
            return _rows(watched.cursor)
    db.validate_no_broken_transaction()
    with db.wrap_database_errors:
        return _rows(_HotCursor(db.connection).execute(sql, parameters))


def _rows(cursor: _HotCursor) -> list[tuple[Any, ...]]:
    # Not `description`, which makes an object for each column.
    return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


def writing() -> contextlib.AbstractContextManager[None]:
    """One unit of work of a service: everything inside is committed together or not at all."""
    return _scoped(SERVICE)


def reading(scope: Scope) -> contextlib.AbstractContextManager[None]:
    """One consistent read with the eyes of `scope`."""
    return _scoped(scope)
