"""Jobs of dispatch."""

import subprocess
import sys

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services

_TRAIN = (
    "import os; os.nice(10); import django; django.setup();"
    " from bihuan.foundation.kernel import clock; from bihuan.mechanisms.dispatch import services;"
    " services.train_all(now=clock.now())"
)


@app.periodic(cron="* * * * *")
@app.task(name="dispatch.propose", queueing_lock="dispatch.propose")
def propose(timestamp: int) -> None:
    """Keep proposals for new matters, every minute. `timestamp` is the scheduler's; the clock decides."""
    services.propose_new(now=clock.now())


@app.periodic(cron="37 2 * * *")
@app.task(name="dispatch.train", queueing_lock="dispatch.train", lock="dispatch.train")
def train(timestamp: int) -> None:
    """Learn anew every night, in a process of its own that gives way to all others: no clock and no intake waits."""
    subprocess.run([sys.executable, "-c", _TRAIN], check=True, timeout=3600)  # noqa: S603 -- our own words only
