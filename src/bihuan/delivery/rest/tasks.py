"""Jobs of the API."""

from procrastinate.contrib.django import app

from bihuan.delivery.rest import idempotency
from bihuan.foundation.kernel import clock, throttle


@app.periodic(cron="17 * * * *")
@app.task(name="rest.forget", queueing_lock="rest.forget")
def forget(timestamp: int) -> None:
    """Forget old answers and limits that hold nobody back. `timestamp` is the scheduler's; the clock decides."""
    idempotency.forget(now=clock.now())
    throttle.forget_empty(now=clock.now())
