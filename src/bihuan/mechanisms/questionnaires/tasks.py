"""Jobs of questionnaires."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services

BATCHES = 50
"""So many batches of invitations at most in one run; what is left is the next run's."""


@app.periodic(cron="* * * * *")
@app.task(name="questionnaires.work", queueing_lock="questionnaires.work")
def work(timestamp: int) -> None:
    """Invite whoever waits to be asked and close what is over, every minute."""
    services.close_due(now=clock.now())
    for _batch in range(BATCHES):
        if not services.invite_waiting(now=clock.now()):
            return
