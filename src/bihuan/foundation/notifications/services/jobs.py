"""Handing work to the job queue, in the transaction that caused it: it goes with it and is undone with it."""

import datetime as dt
import math
import uuid
from collections.abc import Iterable

from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

QUEUE = "notifications"


def later(*, task: str, ids: Iterable[uuid.UUID], delay: dt.timedelta = dt.timedelta()) -> None:
    """Let a worker call `task` with these ids after `delay`; tasks are named, so that services need not know them."""
    wanted: list[JSONValue] = [str(one) for one in ids]
    if wanted:
        seconds = {"seconds": math.ceil(delay.total_seconds())} if delay else None
        app.configure_task(f"notifications.{task}", queue=QUEUE, schedule_in=seconds).defer(ids=wanted)
