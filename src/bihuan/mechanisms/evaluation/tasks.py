"""Jobs of evaluation."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="23 * * * *")
@app.task(name="evaluation.draws", queueing_lock="evaluation.draws")
def draws(timestamp: int) -> None:
    """Fix seeds, draw and reveal what is due, every hour. `timestamp` is the scheduler's; the clock decides."""
    services.keep_drawing(now=clock.now())


@app.periodic(cron="41 4 * * *")
@app.task(name="evaluation.signs", queueing_lock="evaluation.signs")
def signs(timestamp: int) -> None:
    """Run the detectors every night."""
    services.look_for_signs(now=clock.now())
