"""What is logged when something goes wrong shows where, never what an enterprise wrote."""

import asyncio
import logging
from types import SimpleNamespace

import structlog
from procrastinate.contrib.django import app

from config import logs


def test_a_traceback_carries_no_local_variable(capsys):
    logger = structlog.wrap_logger(structlog.PrintLogger(), processors=logs.PROCESSORS)
    secret = "".join(["136", "0000", "0917"])
    try:
        raise ValueError("broken")
    except ValueError:
        logger.exception("failed", number="BH-1")
    shown = capsys.readouterr().out
    assert "ValueError: broken" in shown
    assert "number='BH-1'" in shown
    assert secret not in shown


def test_what_postgresql_says_about_a_row_is_left_out(capsys):
    logger = structlog.wrap_logger(structlog.PrintLogger(), processors=logs.PROCESSORS)
    phone = "".join(["136", "0000", "0917"])
    try:
        raise ValueError(f"duplicate key\nDETAIL:  Key (phone)=({phone}) already exists.\nCONTEXT:  row {phone}")
    except ValueError:
        logger.exception("failed")
    shown = capsys.readouterr().out
    assert "duplicate key" in shown
    assert phone not in shown


def test_what_libraries_say_has_the_same_shape():
    formatter = logs.LOGGING["formatters"]["line"]
    line = formatter["()"](**{name: value for name, value in formatter.items() if name != "()"})
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Forbidden: %s", ("/queue/",), None)
    with structlog.contextvars.bound_contextvars(request_id="r1", number="BH-1"):
        shown = line.format(record)
    assert "event='Forbidden: /queue/' request_id='r1' number='BH-1'" in shown


def test_what_a_job_says_names_the_job_and_its_case():
    said = {}

    async def job():
        structlog.contextvars.bind_contextvars(number="BH-1")
        said.update(structlog.contextvars.get_contextvars())

    context = SimpleNamespace(job=SimpleNamespace(id=7, task_name="deadlines.sweep"))
    asyncio.run(logs.during_job(job, context, None))
    assert said == {"job_id": 7, "job": "deadlines.sweep", "number": "BH-1"}
    assert logs.during_job in app.worker_defaults["worker_middleware"]
