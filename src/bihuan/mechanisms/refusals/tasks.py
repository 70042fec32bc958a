"""Jobs of the review of refusals."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="37 5 * * *")
@app.task(name="refusals.enter_earlier", queueing_lock="refusals.enter_earlier")
def enter_earlier(timestamp: int) -> None:
    """Enter policy proposals that the register does not know, every morning. `timestamp` is the scheduler's."""
    services.enter_earlier(now=clock.now())
