"""Timer rows follow their clocks: one for each light that a running clock will reach."""

import datetime as dt
import uuid
from collections.abc import Sequence

import orjson
from django.db import connection

from ..models import Clock, ClockState

_INSERT = """
insert into deadlines_timer (clock_id, threshold, position, fire_at, failures)
select clock_id, threshold, position, fire_at, 0
from unnest(%s::uuid[], %s::text[], %s::smallint[], %s::timestamptz[]) as w (clock_id, threshold, position, fire_at)
on conflict (clock_id, threshold, fire_at) do nothing
"""

_COLUMNS = ", ".join(str(field.column) for field in Clock._meta.concrete_fields)
_ENTER = f"""
with entered as (
    insert into deadlines_clock ({_COLUMNS})
    select {_COLUMNS} from json_populate_recordset(null::deadlines_clock, %s::json)
)
{_INSERT}
"""  # noqa: S608

_DELETE = """
delete from deadlines_timer t
where t.clock_id = any(%s::uuid[]) and t.fired_at is null and not exists (
    select from unnest(%s::uuid[], %s::text[], %s::smallint[], %s::timestamptz[])
        as w (clock_id, threshold, position, fire_at)
    where (w.clock_id, w.threshold, w.position, w.fire_at) = (t.clock_id, t.threshold, t.position, t.fire_at))
"""

_Columns = tuple[list[uuid.UUID], list[str], list[int], list[dt.datetime]]


def enter(clocks: Sequence[Clock]) -> None:
    """Insert clocks just started together with their timers; one statement for all of them."""
    rows = [{field.column: getattr(clock, field.attname) for field in Clock._meta.concrete_fields} for clock in clocks]
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [orjson.dumps(rows).decode(), *_wanted(clocks)])


def insert(clocks: Sequence[Clock]) -> None:
    """Insert the timers of clocks just started."""
    columns = _wanted(clocks)
    if columns[0]:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, columns)


def sync(clocks: Sequence[Clock]) -> None:
    """Delete unfired timers that no longer hold and insert those that do; what has fired never fires again."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, [[clock.id for clock in clocks], *_wanted(clocks)])
    insert(clocks)


def _wanted(clocks: Sequence[Clock]) -> _Columns:
    rows = [
        (clock.id, light, position, at)
        for clock in clocks
        if clock.state == ClockState.RUNNING and clock.alarms
        for position, (light, at) in enumerate(zip(clock.light_ids, clock.light_at, strict=True))
        if at is not None
    ]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], [row[3] for row in rows]
