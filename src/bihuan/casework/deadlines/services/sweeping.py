"""Firing due timers: each once, oldest first, its consequences in the same transaction."""

import datetime as dt
import logging
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from bihuan.foundation.kernel import events
from bihuan.foundation.kernel.database import writing

from ..events import ThresholdCrossed
from . import subjects

_log = logging.getLogger(__name__)

_CLAIM = """
select t.id, t.clock_id, c.subject
from deadlines_timer t join deadlines_clock c on c.id = t.clock_id
where t.fired_at is null and t.fire_at <= %(now)s and (t.retry_at is null or t.retry_at <= %(now)s)
  and (%(only)s::bigint is null or t.id = %(only)s)
order by t.fire_at, t.position
limit %(limit)s
for update of c skip locked
"""

# The clock row decides: a timer it no longer agrees with does not fire. Comparing and setting makes it exactly once.
_FIRE = """
update deadlines_timer t set fired_at = %(now)s
from deadlines_clock c
where t.id = any(%(ids)s) and t.fired_at is null and c.id = t.clock_id and c.state = 'running' and c.alarms
  and c.light_ids[t.position + 1] = t.threshold and c.light_at[t.position + 1] = t.fire_at
returning t.id, t.threshold, t.position, t.fire_at, c.id, c.subject, c.region, c.kind, c.part, c.cycle, c.due_at,
  c.light_ids, c.light_at, c.holder_department, c.holder_role, c.rulebook_version
"""

_DROP_STALE = "delete from deadlines_timer where id = any(%(ids)s) and fired_at is null"

_SET_ASIDE = """
update deadlines_timer
set failures = failures + 1, retry_at = %(now)s + least(power(2, least(failures, 10)), 60) * interval '1 minute'
where id = %(id)s and fired_at is null
"""


@dataclass
class Swept:
    """What a sweep did: timers fired, by light; timers that no longer held; timers whose consequences raised."""

    fired: int = 0
    by_light: Counter[str] = field(default_factory=Counter)
    stale: int = 0
    failed: int = 0


def sweep(*, now: dt.datetime, limit: int = 100_000, batch: int = 50) -> Swept:
    """Fire the timers due at `now`, oldest first, at most about `limit`, in transactions of `batch`.

    Safe with any number of workers at once. Publishes ThresholdCrossed for each; what a handler raises sets that timer
    aside (tried again after 1, 2, 4 … 60 minutes) and is logged, the others go on.
    """
    swept = Swept()
    seen = 0
    while seen < limit:
        claimed: list[int] = []
        before = (swept.fired, swept.stale, swept.failed)
        try:
            _batch(swept, claimed, now=now, limit=min(batch, limit - seen))
        except Exception:
            if not claimed:
                raise
            _log.warning("a consequence raised; firing the %d timers of the batch one by one", len(claimed))
            for timer in claimed:
                _alone(swept, timer, now=now)
        seen += len(claimed)
        if not claimed or before == (swept.fired, swept.stale, swept.failed):
            break
    return swept


def _batch(swept: Swept, claimed: list[int], *, now: dt.datetime, limit: int, only: int | None = None) -> None:
    with writing(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "limit": limit, "only": only})
        chosen = _one_for_each_subject(cursor.fetchall())
        claimed += [timer for timer, _ in chosen]
        if not chosen:
            return
        busy = subjects.lock_free(subject for _, subject in chosen)
        ids = [timer for timer, subject in chosen if subject not in busy]
        cursor.execute(_FIRE, {"now": now, "ids": ids})
        fired = sorted(cursor.fetchall(), key=lambda row: (row[3], row[4], row[2]))
        stale = sorted(set(ids) - {row[0] for row in fired})
        if stale:
            cursor.execute(_DROP_STALE, {"ids": stale})
        for row in fired:
            events.publish(_crossed(row, now))
    # Counted only once committed.
    swept.fired += len(fired)
    swept.by_light.update(row[1] for row in fired)
    swept.stale += len(stale)


def _one_for_each_subject(rows: list[tuple[int, uuid.UUID, uuid.UUID]]) -> list[tuple[int, uuid.UUID]]:
    """Keep the oldest of each subject: its consequences may stop or move the subject's other clocks."""
    chosen: dict[uuid.UUID, int] = {}
    for timer, _clock, subject in rows:
        chosen.setdefault(subject, timer)
    return [(timer, subject) for subject, timer in chosen.items()]


def _alone(swept: Swept, timer: int, *, now: dt.datetime) -> None:
    try:
        _batch(swept, [], now=now, limit=1, only=timer)
    except Exception:
        _log.exception("the consequences of timer %d raised; it is tried again later", timer)
        with writing(), connection.cursor() as cursor:
            cursor.execute(_SET_ASIDE, {"now": now, "id": timer})
        swept.failed += 1


def _crossed(row: tuple[Any, ...], now: dt.datetime) -> ThresholdCrossed:
    _id, threshold, position, fire_at, clock_id, subject, region, kind, part, cycle, due_at, *rest = row
    light_ids, light_at, holder_department, holder_role, rulebook_version = rest
    shown = [light for light, at in zip(light_ids, light_at, strict=True) if at is not None and at <= now]
    return ThresholdCrossed(
        clock_id=clock_id,
        subject=subject,
        region=region,
        kind=kind,
        part=part,
        cycle=cycle,
        threshold=threshold,
        light=shown[-1],
        position=position,
        lights=len(light_ids),
        fire_at=fire_at,
        due_at=due_at,
        now=now,
        superseded=shown[-1] != threshold,
        holder_department=holder_department,
        holder_role=holder_role,
        rulebook_version=rulebook_version,
    )
