"""Jobs of tracking."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="7 * * * *")
@app.task(name="tracking.bulletins", queueing_lock="tracking.bulletins")
def bulletins(timestamp: int) -> None:
    """Publish the bulletins that are due, every hour. `timestamp` is the scheduler's; the clock decides."""
    services.publish_bulletins(now=clock.now())
