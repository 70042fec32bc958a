"""Jobs of the conference."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="23 6 * * *")
@app.task(name="conference.dialogues", queueing_lock="conference.dialogues")
def dialogues(timestamp: int) -> None:
    """Plan the regular dialogues ahead, every morning. `timestamp` is the scheduler's; the clock decides."""
    services.plan_dialogues(now=clock.now())


@app.periodic(cron="33 5 * * *")
@app.task(name="conference.propose_earlier", queueing_lock="conference.propose_earlier")
def propose_earlier(timestamp: int) -> None:
    """Tell of lasting rules that the register does not know, every morning. `timestamp` is the scheduler's."""
    services.propose_earlier(now=clock.now())
