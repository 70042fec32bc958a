"""Jobs of the scoreboard."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="*/5 * * * *")
@app.task(name="scoreboard.settle", queueing_lock="scoreboard.settle")
def settle(timestamp: int) -> None:
    """Count matters whose limit has passed, and fold the sums. `timestamp` is the scheduler's; the clock decides."""
    services.settle(now=clock.now())
    services.fold()


@app.periodic(cron="11 * * * *")
@app.task(name="scoreboard.freeze", queueing_lock="scoreboard.freeze")
def freeze(timestamp: int) -> None:
    """Freeze the editions whose time to be taken back is over, every hour."""
    services.freeze_due(now=clock.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="scoreboard.check", queueing_lock="scoreboard.check")
def check(timestamp: int) -> None:
    """Compare all sums with a recount, every night; administrators hear of a difference."""
    services.check_nightly(now=clock.now())
