"""Clock rows and their timers, written together: one timer for each light that a running clock will reach."""

from collections.abc import Sequence
from typing import Any

import orjson

from bihuan.foundation.kernel import database

from ..models import Clock, ClockState

_FIELDS = [(field.attname, str(field.column)) for field in Clock._meta.concrete_fields]
_COLUMNS = ", ".join(column for _name, column in _FIELDS)
_SHOWN = (
    "state due_at original_due_at light_ids light_at paused_at stopped_at void provisional calendar_version"
    " rulebook_version holder_department holder_role facts"
).split()
"""What changes in a clock once it runs."""

# Rows travel as JSON: so many parameters would cost more than all the rest. Each step asks for the one before it, since
# PostgreSQL promises no order: a clock stops before the next cycle starts, a timer goes before one like it comes.
_WRITE = f"""
with wanted as (
    select * from json_to_recordset(%s::json)
        as w (clock_id uuid, threshold text, position smallint, fire_at timestamptz)
), changed as (
    update deadlines_clock c set {", ".join(f"{column} = g.{column}" for column in _SHOWN)}
    from json_populate_recordset(null::deadlines_clock, %s::json) g where c.id = g.id returning c.id
), gone as (
    delete from deadlines_timer t using changed
    where t.clock_id = changed.id and t.fired_at is null and not exists (
        select from wanted w
        where (w.clock_id, w.threshold, w.position, w.fire_at) = (t.clock_id, t.threshold, t.position, t.fire_at))
    returning t.id
), entered as (
    insert into deadlines_clock ({_COLUMNS})
    select {_COLUMNS} from json_populate_recordset(null::deadlines_clock, %s::json)
    where (select count(*) from changed) >= 0
)
insert into deadlines_timer (clock_id, threshold, position, fire_at, failures)
select clock_id, threshold, position, fire_at, 0 from wanted where (select count(*) from gone) >= 0
on conflict (clock_id, threshold, fire_at) do nothing
"""  # noqa: S608


def write(*, changed: Sequence[Clock] = (), new: Sequence[Clock] = ()) -> None:
    """Save changed clocks, enter new ones, and bring the timers of all of them into line; one statement.

    Unfired timers that no longer hold go; what has fired never fires again. Raises IntegrityError where a clock runs
    already.
    """
    timers = _wanted([*changed, *new])
    shown = [{"id": clock.id, **{name: getattr(clock, name) for name in _SHOWN}} for clock in changed]
    entered = [{column: getattr(clock, name) for name, column in _FIELDS} for clock in new]
    database.fetch(_WRITE, [orjson.dumps(rows).decode() for rows in (timers, shown, entered)])


def _wanted(clocks: Sequence[Clock]) -> list[dict[str, Any]]:
    return [
        {"clock_id": clock.id, "threshold": light, "position": position, "fire_at": at}
        for clock in clocks
        if clock.state == ClockState.RUNNING and clock.alarms
        for position, (light, at) in enumerate(zip(clock.light_ids, clock.light_at, strict=True))
        if at is not None
    ]
