"""How the product logs: one line an event with request id and case number, no local variable, no parameter."""

import structlog

PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Plain tracebacks: the pretty ones show local variables, and so what enterprises wrote.
    structlog.processors.format_exc_info,
    structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event", "request_id", "number"]),
]


def configure() -> None:
    """Set up structlog for this process; settings call it once."""
    structlog.configure(processors=PROCESSORS, cache_logger_on_first_use=True)
