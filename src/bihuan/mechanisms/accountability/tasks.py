"""Jobs of simulated accountability."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services

ROUNDS = 50
"""So many batches at most in one run; what is left is the next run's."""


@app.periodic(cron="*/15 * * * *")
@app.task(name="accountability.look", queueing_lock="accountability.look")
def look(timestamp: int) -> None:
    """Look where something should have come by now, every quarter of an hour, batch by batch."""
    for _round in range(ROUNDS):
        if not services.look(now=clock.now()):
            return
