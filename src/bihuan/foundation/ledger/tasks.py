"""Jobs of the ledger."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock
from bihuan.foundation.ledger import services


@app.periodic(cron="*/10 * * * *")
@app.task(name="ledger.checkpoint", queueing_lock="ledger.checkpoint")
def checkpoint(timestamp: int) -> None:
    """Seal what happened in the last ten minutes. `timestamp` is the scheduler's; the clock decides."""
    services.checkpoint(now=clock.now())
