"""Jobs of the exchange: one line each. The sweep takes up what a worker left behind."""

import uuid

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services

QUEUE = "escalation"


@app.task(name="escalation.deliver", queue=QUEUE)
def deliver(thread: str, direction: str) -> None:
    """Deliver what waits about one matter."""
    services.deliver(thread=uuid.UUID(thread), direction=direction, now=clock.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="escalation.silence", queue=QUEUE, queueing_lock="escalation.silence")
def silence(timestamp: int) -> None:
    """Tell of installations that nothing reaches, every quarter of an hour."""
    services.tell_silence(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="escalation.sweep", queue=QUEUE, queueing_lock="escalation.sweep")
def sweep(timestamp: int) -> None:
    """Deliver everything that is due, every minute."""
    services.deliver_due(now=clock.now())
