"""Words to the other level: written in the transaction of their cause, to be delivered in their order by a job."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from procrastinate.contrib.django import app

from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel.ids import uuid7

from .. import rules
from ..models import Arrival, Escalation, Message

QUEUE = "escalation"


def post(thing: Escalation | Arrival, case: Case, kind: str, *, now: dt.datetime, **words: Any) -> None:
    """Queue one word about a matter; `thing` is locked (or new), and its `sent_seq`, which moves on, saved by this."""
    up = isinstance(thing, Escalation)
    thread = thing.id if isinstance(thing, Escalation) else thing.thread
    thing.sent_seq += 1
    one = uuid7()
    text = rules.canonical(
        {
            "id": str(one),
            "thread": str(thread),
            "direction": rules.UP if up else rules.DOWN,
            "seq": thing.sent_seq,
            "kind": kind,
            "at": now.isoformat(),
            "from": case.region,
            "to": thing.to_region if isinstance(thing, Escalation) else thing.from_region,
            "place": asdict(rules.Place.of(case)),
            "words": words,
        }
    )
    Message.objects.create(
        id=one,
        case=case,
        region=case.region,
        peer_id=thing.peer_id,
        thread=thread,
        direction=rules.UP if up else rules.DOWN,
        seq=thing.sent_seq,
        kind=kind,
        text=text,
        created_at=now,
        next_at=now,
    )
    type(thing).objects.filter(pk=thing.pk).update(sent_seq=thing.sent_seq)
    later(thread=str(thread), direction=rules.UP if up else rules.DOWN)


def later(*, thread: str, direction: str, delay: dt.timedelta | None = None) -> None:
    """Let a worker deliver what waits in a thread, now or after a while; goes with the transaction it is called in."""
    when = {"seconds": max(1, round(delay.total_seconds()))} if delay else None
    job = app.configure_task("escalation.deliver", queue=QUEUE, schedule_in=when)
    job.defer(thread=thread, direction=direction)
