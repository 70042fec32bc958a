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
from django.db import connection, transaction

APP_ROLE = "bihuan_app"
"""The PostgreSQL role that all scoped work runs as: it owns no table and may not alter the ledger."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose eyes a transaction has. Texts go into `bihuan.*` settings that the row-level policies read.

    kind: "service" (all rows), "reader" (rows matching the lists) or "none".
    regions, departments, boards ("region:board"), enterprises: what a reader's offices open; refusal_regions: where a
    deputy sees refused matters; case: the one thing whose follow-up code was shown.
    """

    kind: str
    person: str = ""
    regions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    refusal_regions: tuple[str, ...] = ()
    case: str = ""


SERVICE = Scope(kind="service")
NOBODY = Scope(kind="none")

_APPLY = (
    "select set_config('role', %s, true), set_config('bihuan.kind', %s, true),"
    " set_config('bihuan.person', %s, true), set_config('bihuan.regions', %s, true),"
    " set_config('bihuan.departments', %s, true), set_config('bihuan.boards', %s, true),"
    " set_config('bihuan.enterprises', %s, true), set_config('bihuan.refusal_regions', %s, true),"
    " set_config('bihuan.case', %s, true)"
)


_SERVE = f"select set_config('role', '{APP_ROLE}', true), set_config('bihuan.kind', '{SERVICE.kind}', true)"
"""The same for a service in a fresh transaction, where nothing else is set."""


def _apply(scope: Scope | None, *, fresh: bool = False) -> None:
    if fresh and scope == SERVICE:
        fetch(_SERVE)
        return
    role = "none" if scope is None else APP_ROLE
    scope = scope or NOBODY
    lists = (scope.regions, scope.departments, scope.boards, scope.enterprises, scope.refusal_regions)
    fetch(_APPLY, [role, scope.kind, scope.person, *(",".join(values) for values in lists), scope.case])


@contextlib.contextmanager
def _scoped(scope: Scope) -> Iterator[None]:
    before: Scope | None = getattr(connection, "bihuan_scope", None)
    if before == scope and connection.in_atomic_block:
        # Joining the outer unit of work: no savepoint, any error rolls the whole of it back.
        with transaction.atomic(savepoint=False):
            yield
        return
    outermost = not connection.in_atomic_block
    # Other eyes inside a unit of work: still one unit, so an error rolls the whole of it back, scope and all.
    with transaction.atomic(savepoint=before is None):
        _apply(scope, fresh=outermost)
        connection.bihuan_scope = scope  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.bihuan_scope = before  # type: ignore[attr-defined]
        if not outermost:
            _apply(before)


class _HotCursor(psycopg.Cursor[tuple[Any, ...]]):
    """Binds on the server, reads in binary form, and lets the server keep the plan.

    Django's own cursor writes values into the text, has each statement planned anew and reads instants with Python
    code, row by row. Planning is most of what a short statement costs PostgreSQL, above all under row-level security.
    """

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_HotCursor":
        # Django's log of statements knows no text of those that are kept.
        super().execute(query, params, prepare=not connection.queries_logged, binary=True)
        return self


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement of a hot path and return all its rows ([] for one that returns none).

    Inside `writing` or `reading` it sees their scope. Parameters are bound by the server, so their types must be plain,
    and a JSON value is given as text with a cast. `sql` should be one of few texts: the server keeps the plan of each
    (see `prepare_threshold` in the settings).
    """
    connection.ensure_connection()
    with connection._prepare_cursor(_HotCursor(connection.connection)) as cursor:  # type: ignore[attr-defined]
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def writing() -> contextlib.AbstractContextManager[None]:
    """One unit of work of a service: everything inside is committed together or not at all."""
    return _scoped(SERVICE)


def reading(scope: Scope) -> contextlib.AbstractContextManager[None]:
    """One consistent read with the eyes of `scope`."""
    return _scoped(scope)
