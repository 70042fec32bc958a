"""Work of the accounts that comes round by itself."""

from procrastinate.contrib.django import app

from bihuan.foundation.accounts import services
from bihuan.foundation.kernel import clock


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="accounts.tidy", name="accounts.tidy")
def tidy(timestamp: int) -> None:
    """Forget old addresses, failure counts and sessions, every night."""
    services.tidy(now=clock.now())
