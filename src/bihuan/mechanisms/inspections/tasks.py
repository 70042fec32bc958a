"""Jobs of inspections."""

from procrastinate.contrib.django import app

from bihuan.foundation.kernel import clock

from . import services


@app.periodic(cron="37 * * * *")
@app.task(name="inspections.end_what_is_over", queueing_lock="inspections.end_what_is_over")
def end_what_is_over(timestamp: int) -> None:
    """End checks to which nobody came, and make classes final against which nobody objected, every hour."""
    now = clock.now()
    services.lapse(now=now)
    services.let_stand(now=now)
