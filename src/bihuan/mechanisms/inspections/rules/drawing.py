"""双随机: who is drawn, from a seed that was committed to beforehand. Anybody can repeat it with a hash alone.

How it goes, so that a stranger can do it with any tool that computes SHA-256 (lower-case hexadecimal, UTF-8):

1. The commitment is SHA-256 of the seed.
2. A target is called by SHA-256 of `salt:credit code`; nobody else learns who it is before it is told.
3. A target of weight w has w tickets, `seed:target:1` to `seed:target:w`; its place is its least SHA-256.
   The least places are drawn first. So a target of weight 2 comes first twice as often as one of weight 1.
4. For each drawn target and body, officers who are not recused are ordered by SHA-256 of `seed:target:officer`.

Plain values only. Source: 优化营商环境条例 §54.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """A target by its name for the draw, with its weight (at least 1)."""

    name: str
    weight: int


@dataclass(frozen=True, kw_only=True)
class Hand:
    """An officer who may be drawn for a body."""

    id: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Pool:
    """All that the seed decides on, fixed before it is revealed. recused: (officer, target)."""

    targets: tuple[Target, ...]
    hands: tuple[Hand, ...]
    recused: frozenset[tuple[str, str]]


def hashed(text: str) -> str:
    """Return SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def name_of(salt: str, uscc: str) -> str:
    """Return the name under which an enterprise stands in the pool."""
    return hashed(f"{salt}:{uscc}")


def pool_hash(pool: Pool) -> str:
    """Return what was fixed, as one hash: sorted lines of targets, officers and recusals."""
    lines = [f"t {one.name} {one.weight}" for one in pool.targets]
    lines += [f"o {one.id} {one.body}" for one in pool.hands]
    lines += [f"r {officer} {target}" for officer, target in pool.recused]
    return hashed("\n".join(sorted(lines)))


def place(seed: str, target: Target) -> str:
    """Return the place of a target: the least of its tickets."""
    return min(hashed(f"{seed}:{target.name}:{ticket}") for ticket in range(1, target.weight + 1))


def order(seed: str, targets: Iterable[Target]) -> list[str]:
    """Return the names of targets in the order in which they are drawn."""
    return [one.name for one in sorted(targets, key=lambda one: (place(seed, one), one.name))]


def crew(
    seed: str,
    target: str,
    hands: Iterable[Hand],
    *,
    bodies: Sequence[str],
    recused: Collection[tuple[str, str]],
    need: int,
) -> dict[str, list[str]]:
    """Return body → the officers drawn for a target: `need` of each body, fewer where there are not enough."""
    found: dict[str, list[str]] = {}
    known = list(hands)
    for body in bodies:
        able = [one.id for one in known if one.body == body and (one.id, target) not in recused]
        found[body] = sorted(able, key=lambda one: (hashed(f"{seed}:{target}:{one}"), one))[:need]
    return found
