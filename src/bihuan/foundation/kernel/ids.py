"""Identifiers made in the application, so that they are known before the row is written."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_last_counter = 0


def uuid7() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits.

    Within one process two calls never return values out of order: inside one millisecond the counter grows,
    and when it is used up, or the wall clock steps back, the stored millisecond moves on by itself.
    """
    global _last_ms, _last_counter
    ms = time.time_ns() // 1_000_000
    with _lock:
        if ms > _last_ms:
            _last_ms, _last_counter = ms, 0
        elif _last_counter < 0xFFF:
            _last_counter += 1
        else:
            _last_ms, _last_counter = _last_ms + 1, 0
        ms, counter = _last_ms, _last_counter
    tail = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=(ms << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)


def parse(text: str) -> uuid.UUID | None:
    """Return the id written as `text`, for example in an address; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
