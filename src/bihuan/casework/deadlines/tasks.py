"""Jobs of the clocks."""

import datetime as dt
import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="* * * * *")
@app.task(name="deadlines.sweep", queueing_lock="deadlines.sweep")
def sweep(timestamp: int) -> None:
    """Fire what is due, every minute; say first if it has waited too long. The clock decides, not `timestamp`."""
    now = clock.now()
    services.watch(now=now)
    services.sweep(now=now)


@app.task(name="deadlines.recalculate", lock="deadlines.recalculate", retry=RetryStrategy(max_attempts=10, wait=30))
def recalculate(first_day: str, regions: list[str]) -> None:
    """Replay all open clocks that a change of the calendar touches, batch by batch; repeating it does no harm."""
    after: uuid.UUID | None = None
    busy: list[uuid.UUID] = []
    while True:
        day = dt.date.fromisoformat(first_day)
        done = services.recalculate(now=clock.now(), first_day=day, regions=regions, after=after)
        busy += done.busy
        if (after := done.last) is None:
            break
    if busy and services.recalculate(now=clock.now(), only=busy, limit=len(busy)).busy:
        raise RuntimeError("some clocks are in use; the retry takes them")
