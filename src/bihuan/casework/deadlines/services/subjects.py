"""Locking what clocks are for, without knowing it and without ever waiting.

Requests lock their subject first and its clocks next. The sweep comes from the other side, so it takes the subject's
lock only if it is free; a subject that is busy is left for the next round. Thus neither can wait for the other.
"""

import functools
import uuid
from collections.abc import Iterable

from django.db import models

from bihuan.foundation.kernel.database import fetch

_tables: list[tuple[str, str]] = []


def guard_subjects(*, model: type[models.Model]) -> None:
    """Say that subjects of clocks may be rows of `model` (primary key a UUID); called once, in an app's `ready()`."""
    table = (model._meta.db_table, str(model._meta.pk.column))
    if table not in _tables:
        _tables.append(table)


def lock_free(subjects: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Lock those of `subjects` that nobody else holds and return the others, which are busy."""
    if not _tables:
        return set()
    return {row[0] for row in fetch(_statement(tuple(_tables)), [list(set(subjects))])}


@functools.cache
def _statement(tables: tuple[tuple[str, str], ...]) -> str:
    """Return one statement for all tables, whose plan the server keeps, however many mechanisms have clocks."""
    locked, busy = [], []
    for number, (table, key) in enumerate(tables):
        rows = f'select t."{key}" as id from "{table}" t join asked on t."{key}" = asked.id'  # noqa: S608
        locked.append(f'free{number} as ({rows} order by t."{key}" for update of t skip locked)')
        busy.append(f'{rows} where not exists (select from free{number} f where f.id = t."{key}")')
    asked = "asked as materialized (select unnest(%s::uuid[]) as id)"
    return f"with {', '.join([asked, *locked])} {' union all '.join(busy)}"
