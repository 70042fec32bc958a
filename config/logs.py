"""How the product logs: one line an event with the id of request or job and the case number, no variable, no parameter.

What libraries log goes the same way. Lines go to the error stream: the output of commands is for programs.
"""

import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.worker import Worker

_VALUES = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*(\n\s*\^)?$\n?", re.M)


def without_values(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out what PostgreSQL adds to an error: the values of the row, which somebody wrote."""
    if "exception" in event:
        event["exception"] = _VALUES.sub("", event["exception"])
    return event


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Plain tracebacks: the pretty ones show local variables, and so what enterprises wrote.
    structlog.processors.format_exc_info,
    without_values,
]
_LINE = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event", "request_id", "number"])
PROCESSORS: list[structlog.typing.Processor] = [*_SHARED, _LINE]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _LINE],
        }
    },
    "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"}},
    "root": {"handlers": ["line"], "level": "WARNING"},
}
"""The same for what Django and other libraries say (the setting of that name)."""


async def during_job(job: Callable[[], Awaitable[Any]], context: JobContext, _worker: Worker) -> Any:
    """Run a job so that every line logged meanwhile carries its id and name, and the case once it is known."""
    given = context.job
    with structlog.contextvars.bound_contextvars(job_id=given.id, job=given.task_name, number=None):
        return await job()


def configure() -> None:
    """Set up structlog for this process; settings call it once."""
    structlog.configure(
        processors=PROCESSORS,
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
