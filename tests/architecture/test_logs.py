"""What is logged when something goes wrong shows where, never what an enterprise wrote."""

import logging

import structlog

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
