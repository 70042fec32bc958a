"""The only place that asks what time it is. Services take `now` as an argument; the outermost caller asks here."""

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from contextvars import ContextVar

SIMULATED_MODES = ("demo", "test")

_pinned: ContextVar[dt.datetime | None] = ContextVar("bihuan_pinned_now", default=None)
_started = dt.datetime.now(dt.UTC)


class ClockRefused(RuntimeError):
    """A simulated clock was asked for outside demo and test mode."""


def parse_start(value: str, *, mode: str) -> dt.datetime:
    """Read `BIHUAN_NOW`: an ISO 8601 instant with offset.

    Raises ClockRefused outside demo and test mode, ValueError for a text that is no instant.
    """
    if mode not in SIMULATED_MODES:
        raise ClockRefused("BIHUAN_NOW is only allowed in demo or test mode (BIHUAN_MODE)")
    instant = dt.datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError("BIHUAN_NOW needs an offset, for example 2026-11-20T09:00:00+08:00")
    return instant.astimezone(dt.UTC)


def now() -> dt.datetime:
    """Return the current instant (aware, UTC).

    With `BIHUAN_NOW` set (demo and test mode) time starts at that instant when the process starts and runs on
    from there; with `BIHUAN_NOW_FIXED=1` it stands still. `at()` wins over both.
    """
    pinned = _pinned.get()
    if pinned is not None:
        return pinned
    real = dt.datetime.now(dt.UTC)
    start = os.environ.get("BIHUAN_NOW")
    if not start:
        return real
    simulated = parse_start(start, mode=os.environ.get("BIHUAN_MODE", "production"))
    return simulated if os.environ.get("BIHUAN_NOW_FIXED") == "1" else simulated + (real - _started)


@contextlib.contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Pin `now()` to `instant` inside the block (demonstration data, tests, `sweep --as-of`)."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    token = _pinned.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _pinned.reset(token)
