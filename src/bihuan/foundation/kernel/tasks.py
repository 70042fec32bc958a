"""Jobs about jobs: what a killed worker had in hand is taken up again, and what is long done is forgotten."""

from procrastinate import JobContext, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

MOST_ATTEMPTS = 5
"""A job that is in hand each time its worker dies is perhaps why it dies."""
KEPT_HOURS = 72
"""How long finished jobs can be looked at."""


@app.periodic(cron="* * * * *")
@app.task(name="kernel.retry_stalled", queueing_lock="kernel.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs whose worker gave no sign of life for half a minute back into the queue; they stay `doing` otherwise.

    A job that was tried too often, or whose like already waits in the queue, is closed as failed instead. Nothing is
    lost by running a job twice: each looks for itself what is still to be done.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        if job.attempts < MOST_ATTEMPTS:
            try:
                await jobs.retry_job(job)
                continue
            except exceptions.UniqueViolation:
                pass  # a job with the same queueing lock waits already and will do the work of this one
        await jobs.finish_job(job, status=Status.FAILED, delete_job=False)


@app.periodic(cron="47 3 * * *")
@app.task(name="kernel.forget_jobs", queueing_lock="kernel.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that were done well days ago, every night; failed ones stay for whoever looks into them."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_aborted=True, include_cancelled=True)
