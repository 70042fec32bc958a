"""A draw that a stranger can repeat: nothing but SHA-256 of texts, sorted, and cut off.

ticket   SHA-256 of "<draw id>:<case number>", first 16 hexadecimal digits: whoever knows a number finds its ticket, and
         nobody finds a number by its ticket
score    SHA-256 of "<seed>:<ticket>"
sample   of each stratum the ceil(share × size) tickets with the smallest scores; of a stratum marked `all`, all
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def commitment(seed: str) -> str:
    """Return the hash of a seed: what is written down before anybody can know what it will be drawn from."""
    return _hash(seed)


def ticket(*, draw: str, number: str) -> str:
    """Return the ticket of a case in a draw."""
    return _hash(f"{draw}:{number}")[:16]


def sample(*, seed: str, strata: Mapping[str, Sequence[str]], whole: Iterable[str], share: float) -> list[str]:
    """Return the drawn tickets, sorted. strata: stratum → tickets; whole: strata of which all are drawn."""
    everything = set(whole)
    drawn: list[str] = []
    for name, tickets in strata.items():
        ranked = sorted(tickets, key=lambda one: (_hash(f"{seed}:{one}"), one))
        drawn += ranked if name in everything else ranked[: size(len(ranked), share)]
    return sorted(drawn)


def size(count: int, share: float) -> int:
    """Return how many of `count` are drawn: at least the share, so at least one of a stratum that is not empty."""
    # 0.05 × 20 must be 1, not 2 for the sake of a rounding error.
    return min(count, math.ceil(round(share * count, 9)))


def digest(tickets: Iterable[str]) -> str:
    """Return the hash of a set of tickets, for the fact: the published list cannot be exchanged afterwards."""
    return _hash("\n".join(sorted(tickets)))
