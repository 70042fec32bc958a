"""Decisions about messages between the levels, on plain values."""

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

UP, DOWN = "up", "down"
SKEW = dt.timedelta(minutes=5)
"""How far the clocks of two installations may differ; an older signature could be a recorded one."""
BODY_MAX = 256 * 1024
"""Largest message in bytes; a matter of the greatest length fits several times."""
PART = 150_000
"""Bytes of a file that go up in one message: as text a third more, which still fits."""
LEASE = dt.timedelta(seconds=25)
"""How long a worker may take over one attempt before another one tries; a little longer than the longest request."""
FIRST, LONGEST = dt.timedelta(seconds=5), dt.timedelta(hours=1)
_REQUEST, _RECEIPT = "bihuan.exchange.request", "bihuan.exchange.receipt"
REFUSES_FOR_GOOD = frozenset(
    {"region_not_served", "region_unknown", "not_above", "message_invalid", "required", "too_long", "too_large"}
)
"""Answers to a matter sent up after which trying again is useless: it counts as not taken above."""


def next_level(path: Sequence[str], receives: Callable[[str], bool]) -> str | None:
    """Return the nearest region above that takes matters in. path: outermost first, the region itself last."""
    return next((code for code in reversed(path[:-1]) if receives(code)), None)


def retry_after(attempts: int) -> dt.timedelta:
    """Return how long to wait after so many attempts in vain: 5 s, 10 s, 20 s … at most an hour. It never ends."""
    return min(FIRST * int(2 ** min(attempts - 1, 12)), LONGEST)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a message says about the case it comes from: how it stands and its clock, so that its light can be seen."""

    number: str
    state: str
    due_at: str
    held_at: str | None
    light_at: list[str]
    light_ids: list[str]

    @classmethod
    def of(cls, case: Any) -> "Place":
        """Read it from a case, or from anything with its fields."""
        return cls(
            number=case.number,
            state=case.state,
            due_at=case.due_at.isoformat(),
            held_at=case.held_at.isoformat() if case.held_at else None,
            light_at=[instant.isoformat() for instant in case.light_at],
            light_ids=list(case.light_ids),
        )


def light(*, at: dt.datetime, light_at: Sequence[dt.datetime], light_ids: Sequence[str], held: Any = None) -> str:
    """Return the light at an instant: the last threshold passed, frozen while the clock is held."""
    moment = min(held, at) if held else at
    passed = sum(instant <= moment for instant in light_at)
    return light_ids[max(passed, 1) - 1] if light_ids else ""


def parts_of(size: int) -> int:
    """Return in how many messages a file of this size goes up."""
    return max(1, -(-size // PART))


def check_part(words: dict[str, Any]) -> None:
    """Raise ValueError, TypeError or KeyError unless these are the words of a part of a file."""
    numbers = [words[name] for name in ("size", "part", "parts")]
    texts = [words[name] for name in ("name", "sha256", "content")]
    if not all(type(one) is int for one in numbers) or not all(isinstance(one, str) for one in texts):
        raise TypeError("words")
    if not 1 <= words["part"] <= words["parts"] == parts_of(words["size"]) or not isinstance(words["shown"], bool):
        raise ValueError("part")
    if not re.fullmatch(r"[0-9a-f]{64}", words["sha256"]):
        raise ValueError("sha256")
    base64.b64decode(words["content"], validate=True)


def canonical(message: dict[str, Any]) -> str:
    """Return the one text of a message: what is stored, signed, sent and hashed."""
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of a message in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def signable(*, timestamp: int, text: str) -> str:
    """Return what the sender of a request signs. The first line keeps signatures for other purposes apart."""
    return f"{_REQUEST}\n{timestamp}\n{text}"


def receipt(*, message: str, sha256: str, at: dt.datetime) -> str:
    """Return the text of a receipt: which message, with which content, was received when."""
    return canonical({"message": message, "sha256": sha256, "received_at": at.isoformat()})


def receipt_signable(text: str) -> str:
    """Return what the receiver signs for a receipt."""
    return f"{_RECEIPT}\n{text}"


def in_time(*, timestamp: int, now: dt.datetime) -> bool:
    """Tell whether a signature is of now, as far as two clocks may differ."""
    return abs(now.timestamp() - timestamp) <= SKEW.total_seconds()


def verdict(*, seq: int, last: int) -> str:
    """Return what a message is by its number: `next`, `early` (others are missing before it) or `old`."""
    return "next" if seq == last + 1 else "early" if seq > last else "old"
