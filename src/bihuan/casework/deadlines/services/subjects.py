"""Locking what clocks are for, without knowing it and without ever waiting.

Requests lock their subject first and its clocks next. The sweep comes from the other side, so it takes the subject's
lock only if it is free; a subject that is busy is left for the next round. Thus neither can wait for the other.
"""

import uuid
from collections.abc import Iterable

from django.db import connection, models

_tables: list[tuple[str, str]] = []

_BUSY = """
with free as (select "{pk}" from "{table}" where "{pk}" = any(%(ids)s) order by "{pk}" for update skip locked)
select "{pk}" from "{table}" where "{pk}" = any(%(ids)s) and "{pk}" not in (select "{pk}" from free)
"""


def guard_subjects(*, model: type[models.Model]) -> None:
    """Say that subjects of clocks may be rows of `model` (primary key a UUID); called once, in an app's `ready()`."""
    table = (model._meta.db_table, str(model._meta.pk.column))
    if table not in _tables:
        _tables.append(table)


def lock_free(subjects: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Lock those of `subjects` that nobody else holds and return the others, which are busy."""
    ids = list(set(subjects))
    busy: set[uuid.UUID] = set()
    with connection.cursor() as cursor:
        for table, key in _tables:
            cursor.execute(_BUSY.format(table=table, pk=key), {"ids": ids})
            busy |= {row[0] for row in cursor.fetchall()}
    return busy
