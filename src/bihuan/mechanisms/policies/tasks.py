"""Jobs of policies."""

import datetime as dt

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services

BATCHES = 50
RECENT = dt.timedelta(minutes=10)
"""The directory's changes of so long are looked at every minute, all others at night."""


@app.periodic(cron="* * * * *")
@app.task(name="policies.match", queueing_lock="policies.match")
def match(timestamp: int) -> None:
    """Begin profiles of new enterprises, and match the clauses that were published or changed."""
    services.sync(now=clock.now(), since=clock.now() - RECENT)
    services.match_waiting(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="policies.deliver", queueing_lock="policies.deliver")
def deliver(timestamp: int) -> None:
    """Tell who waits to be told, move on what is due, and make matters of what was not paid."""
    services.advance_due(now=clock.now())
    services.raise_unpaid(now=clock.now())
    services.note_late_promises(now=clock.now())
    for _batch in range(BATCHES):
        if not services.tell_waiting(now=clock.now()):
            return


@app.periodic(cron="20 16 * * *")
@app.task(name="policies.nightly", queueing_lock="policies.nightly")
def nightly(timestamp: int) -> None:
    """Let profiles follow the directory, end what is over, and match all anew: conditions may ask for the day."""
    services.end_due(now=clock.now())
    services.sync(now=clock.now())
    services.match_all(now=clock.now())
