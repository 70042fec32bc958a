"""What was read a moment ago: a per-process memory for hot reads, never older than LIFETIME seconds."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

V = TypeVar("V")

LIFETIME = 5.0
"""Seconds after which a remembered value is read again: how long a change made by another process may go unseen."""

_all: list["Recent[Any]"] = []


class Recent(Generic[V]):
    """Remembers the answers to one kind of question. Safe between threads; holds at most `size` answers."""

    def __init__(self, *, size: int = 4096) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._answers: dict[Hashable, tuple[float, V]] = {}
        _all.append(self)

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """Return the remembered answer, or `read()` and remember it. What `read` raises is not remembered."""
        now = time.monotonic()
        found = self._answers.get(key)
        if found is not None and found[0] > now:
            return found[1]
        value = read()
        with self._lock:
            if len(self._answers) >= self._size:
                self._answers.clear()
            self._answers[key] = (now + LIFETIME, value)
        return value

    def forget(self, key: Hashable = None) -> None:
        """Forget one answer, or all without a key."""
        with self._lock:
            if key is None:
                self._answers.clear()
            else:
                self._answers.pop(key, None)


def forget_all() -> None:
    """Forget everything in this process (after a restore, between tests)."""
    for memory in _all:
        memory.forget()
