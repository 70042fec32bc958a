"""Jobs of frequent matters."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="23 3 * * *")
@app.task(name="frequent.find", queueing_lock="frequent.find")
def find(timestamp: int) -> None:
    """Look every night for what is raised again and again. `timestamp` is the scheduler's; the clock decides."""
    services.find_all(now=clock.now())
