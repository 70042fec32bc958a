"""What is logged when something goes wrong shows where, never what an enterprise wrote."""

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
