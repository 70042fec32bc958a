"""Jobs of outreach."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="17 * * * *")
@app.task(name="outreach.count_campaigns", queueing_lock="outreach.count_campaigns")
def count_campaigns(timestamp: int) -> None:
    """Count the days of running campaigns every hour, and end those whose time is over."""
    services.count_due(now=clock.now())
