"""Jobs that a killed worker had in hand, on the real queue with a real worker."""

import datetime as dt

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from bihuan.foundation.kernel import tasks

pytestmark = pytest.mark.django_db(transaction=True)
DEAD, ALIVE = 40, 5


@pytest.fixture(autouse=True)
def an_empty_queue(transactional_db):
    """The tables of the queue are not Django's, so no other test empties them; not even one that left jobs behind."""
    empty()
    yield
    empty()


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs; delete from procrastinate_workers")


def job(*, doing_since: int | None = None, attempts: int = 0, queueing_lock: str | None = None) -> int:
    """Put a job into the queue, in hand of a worker that gave its last sign of life so many seconds ago."""
    with connection.cursor() as cursor:
        worker = None
        if doing_since is not None:
            cursor.execute(
                "insert into procrastinate_workers (last_heartbeat) values (now() - %s) returning id",
                [dt.timedelta(seconds=doing_since)],
            )
            (worker,) = cursor.fetchone()
        cursor.execute(
            "insert into procrastinate_jobs (task_name, queue_name, args, queueing_lock, attempts, status, worker_id)"
            " values ('nobody.knows', 'elsewhere', '{}', %s, %s, %s, %s) returning id",
            [queueing_lock, attempts, "doing" if worker else "todo", worker],
        )
        (made,) = cursor.fetchone()
    return made


def retry() -> None:
    run(tasks.retry_stalled)


def run(task) -> None:
    """Let a real worker run a job that looks after the others."""
    made = task.defer(timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(wait=False, queues=["default"], install_signal_handlers=False, listen_notify=False)
    assert state(made)[0] == "succeeded"


def state(made: int) -> tuple[str, int]:
    return ProcrastinateJob.objects.values_list("status", "attempts").get(id=made)


def test_what_a_dead_worker_had_in_hand_waits_again():
    lost, held = job(doing_since=DEAD), job(doing_since=ALIVE)
    retry()
    assert (state(lost), state(held)) == (("todo", 1), ("doing", 0))


def test_a_worker_that_is_gone_from_the_list_is_dead_too():
    lost = job(doing_since=ALIVE)
    ProcrastinateWorker.objects.all().delete()
    retry()
    assert state(lost) == ("todo", 1)


def test_a_job_whose_like_waits_already_is_closed():
    lost, waiting = job(doing_since=DEAD, queueing_lock="one"), job(queueing_lock="one")
    other = job(doing_since=DEAD)
    retry()
    assert (state(lost), state(waiting), state(other)) == (("failed", 1), ("todo", 0), ("todo", 1))


def test_a_job_that_kills_its_workers_is_not_tried_for_ever():
    deadly = job(doing_since=DEAD, attempts=tasks.MOST_ATTEMPTS)
    retry()
    assert state(deadly)[0] == "failed"


def test_old_jobs_are_forgotten_but_for_those_that_failed():
    made = {status: job(doing_since=ALIVE) for status in ("succeeded", "failed", "doing")}
    fresh = job(doing_since=ALIVE)
    with connection.cursor() as cursor:
        for status, one in {**made, "fresh": fresh}.items():
            if status != "doing":
                cursor.execute(
                    "update procrastinate_jobs set status = %s where id = %s",
                    ["succeeded" if status == "fresh" else status, one],
                )
        cursor.execute("update procrastinate_events set at = at - interval '73 hours' where job_id <> %s", [fresh])
    run(tasks.forget_jobs)
    left = set(ProcrastinateJob.objects.filter(task_name="nobody.knows").values_list("id", flat=True))
    assert left == {made["failed"], made["doing"], fresh}
