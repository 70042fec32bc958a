"""Pages for machines that watch."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client

from bihuan.delivery.rest import health

pytestmark = pytest.mark.django_db


def test_alive_asks_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/healthz").json() == {"status": "ok"}


def test_ready():
    answer = Client().get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json()["failing"] == []


@pytest.mark.parametrize("age", [dt.timedelta(minutes=1), dt.timedelta(hours=1)])
def test_an_old_timer_is_an_alarm(monkeypatch, age):
    monkeypatch.setattr(health.deadlines, "oldest_unfired_age", lambda now: age)
    answer = Client().get("/readyz")
    late = age > health.LATE_TIMER
    assert answer.status_code == (503 if late else 200)
    assert answer.json()["failing"] == (["timers"] if late else [])
    assert answer.json()["timer_age"] == age.total_seconds()


def test_a_job_that_waits_long_is_an_alarm(monkeypatch):
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: F401

    from bihuan.delivery.rest import tasks

    tasks.forget.configure(schedule_at=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)).defer(timestamp=0)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["failing"] == ["jobs"]


def test_without_a_database(monkeypatch):
    def gone(now):
        raise DatabaseError

    monkeypatch.setattr(health.deadlines, "oldest_unfired_age", gone)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["database"])


def test_figures(api):
    api("seat").get("/cases")
    text = Client().get("/metrics").content.decode()
    assert 'bihuan_api_requests_total{method="GET",route="/cases",status="200"}' in text
    assert "bihuan_ready 1.0" in text
    assert "bihuan_oldest_unfired_timer_seconds 0.0" in text


def test_figures_behind_a_token(monkeypatch):
    monkeypatch.setenv("BIHUAN_METRICS_TOKEN", "s3cret")
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_strange_methods_do_not_fill_the_figures(api):
    api("seat").raw("BREW", "/cases")
    assert "BREW" not in Client().get("/metrics").content.decode()
