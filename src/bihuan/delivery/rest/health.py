"""Liveness, readiness and figures, for machines that watch. Nothing personal is in them."""

import datetime as dt
import hmac
import os

from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse

from bihuan.casework.deadlines import selectors as deadlines
from bihuan.delivery.rest import metrics
from bihuan.foundation.accounts.permissions import ANYONE, allow
from bihuan.foundation.kernel import answers, clock

LATE_TIMER = dt.timedelta(minutes=10)
LATE_JOB = dt.timedelta(minutes=15)
"""Beyond these ages of the oldest unfired timer or waiting job the installation is not ready: nobody works."""

_JOBS = """
select count(*), extract(epoch from %s - min(coalesce(job.scheduled_at, deferred.at)))
from procrastinate_jobs job
left join lateral (
    select min(event.at) as at from procrastinate_events event where event.job_id = job.id and event.type = 'deferred'
) deferred on true
where job.status = 'todo' and coalesce(job.scheduled_at, %s) <= %s
"""


@allow(ANYONE)
def alive(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. Asks nobody else."""
    return answers.json({"status": "ok"}, headers={"Cache-Control": "no-store"})


@allow(ANYONE)
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether the installation works: database, oldest unfired timer, job queue. 503 with the reasons if not."""
    state, flaws = look()
    body = {"status": "ok" if not flaws else "failing", "failing": flaws, **state}
    return answers.json(body, status=503 if flaws else 200, headers={"Cache-Control": "no-store"})


@allow(ANYONE)
def figures(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus. With BIHUAN_METRICS_TOKEN set, only for whoever sends it as a bearer token."""
    secret = os.environ.get("BIHUAN_METRICS_TOKEN", "")
    if secret and not hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {secret}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    state, flaws = look()
    gauges = {
        "bihuan_ready": ("1 if database, timers and jobs are in order", float(not flaws)),
        "bihuan_oldest_unfired_timer_seconds": ("Age of the oldest timer that is due", state.get("timer_age", 0.0)),
        "bihuan_waiting_jobs": ("Jobs that are due and wait for a worker", state.get("jobs", 0.0)),
        "bihuan_oldest_waiting_job_seconds": ("How long the oldest of them has waited", state.get("job_age", 0.0)),
    }
    return HttpResponse(metrics.exposition(gauges), content_type="text/plain; version=0.0.4; charset=utf-8")


def look() -> tuple[dict[str, float], list[str]]:
    """Return (timer_age, jobs, job_age in seconds and numbers; names of what is out of order)."""
    now = clock.now()
    try:
        timer_age = deadlines.oldest_unfired_age(now=now)
        with connection.cursor() as cursor:
            # Jobs live in the time of the machine, also when the product's clock is simulated.
            real = dt.datetime.now(dt.UTC)
            cursor.execute(_JOBS, [real, real, real])
            jobs, job_age = cursor.fetchone()
    except DatabaseError:
        return {}, ["database"]
    state = {
        "timer_age": max(0.0, timer_age.total_seconds()) if timer_age else 0.0,
        "jobs": float(jobs),
        "job_age": max(0.0, float(job_age or 0)),
    }
    flaws = ["timers"] if state["timer_age"] > LATE_TIMER.total_seconds() else []
    flaws += ["jobs"] if state["job_age"] > LATE_JOB.total_seconds() else []
    return state, flaws
