"""Jobs of the notices: one line each. The sweep takes up what a worker left behind."""

import uuid

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock
from bihuan.foundation.notifications import services
from bihuan.foundation.notifications.services.jobs import QUEUE


@app.task(name="notifications.deliver", queue=QUEUE)
def deliver(ids: list[str]) -> None:
    """Attempt these deliveries."""
    for one in ids:
        services.deliver(delivery_id=uuid.UUID(one), now=clock.now())


@app.task(name="notifications.post", queue=QUEUE)
def post(ids: list[str]) -> None:
    """Attempt these webhook deliveries."""
    for one in ids:
        services.post(delivery_id=uuid.UUID(one), now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="notifications.sweep", queue=QUEUE, queueing_lock="notifications.sweep")
def sweep(timestamp: int) -> None:
    """Attempt everything that is due, every minute."""
    services.deliver_due(now=clock.now())
    services.post_due(now=clock.now())
