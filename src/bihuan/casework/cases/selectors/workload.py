"""Who carries how much: what the heads of boards and the first sentence of the queue ask."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

from bihuan.foundation.kernel import database

from .. import permissions
from ..models import OPEN_STATES
from ..permissions import Actor


@dataclass(frozen=True, kw_only=True)
class Load:
    """One department's open cases: how many, how many unsigned, overdue, reworked, and when the oldest was raised."""

    department_id: uuid.UUID | None
    total: int
    unsigned: int
    overdue: int
    reworked: int
    oldest: dt.datetime


def loads(*, actor: Actor, now: dt.datetime, limit: int = 50) -> list[Load]:
    """Return the load of each department among what the actor sees, the most overdue first. One query."""
    condition, parameters = permissions.visible_sql(actor)
    sql = (
        "select lead_department_id, count(*), count(*) filter (where state = 'dispatched'),"  # noqa: S608
        " count(*) filter (where due_at < least(coalesce(held_at, %s), %s)), count(*) filter (where reworks > 0),"
        f" min(raised_at) from cases_case where state = any(%s) and {condition}"
        " group by 1 order by 4 desc, 2 desc limit %s"
    )
    with database.reading(actor.scope()), connection.cursor() as db:
        db.execute(sql, [now, now, OPEN_STATES, *parameters, limit])
        rows = db.fetchall()
    return [
        Load(department_id=row[0], total=row[1], unsigned=row[2], overdue=row[3], reworked=row[4], oldest=row[5])
        for row in rows
    ]
