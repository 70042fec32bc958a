"""Jobs of intake."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from .services import sending


@app.periodic(cron="27 * * * *")
@app.task(name="intake.forget", queueing_lock="intake.forget")
def forget(timestamp: int) -> None:
    """Forget forms that nobody sends again. `timestamp` is the scheduler's; the clock decides."""
    sending.forget(now=clock.now())
