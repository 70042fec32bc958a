"""退回: how often matters went from one department to another, and how often each department returned them (L6)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

D = TypeVar("D", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Ruled(Generic[D]):
    """One objection: who returned, who got the matter (None unless upheld), whether it was upheld (None: not ruled)."""

    came_from: D
    went_to: D | None
    upheld: bool | None


@dataclass(frozen=True, kw_only=True)
class Pair(Generic[D]):
    """Two departments and how many matters went each way between them."""

    first: D
    second: D
    there: int
    back: int

    @property
    def together(self) -> int:
        """How many matters went either way."""
        return self.there + self.back


@dataclass(frozen=True, kw_only=True)
class Returner(Generic[D]):
    """One department: how often it objected; how many were upheld, not upheld, not ruled."""

    department: D
    objections: int
    upheld: int
    refused: int
    waiting: int


def pairs(rows: Iterable[Ruled[D]]) -> list[Pair[D]]:
    """Return the pairs between which matters went, the busiest first; of a pair, `first` gave more (or gave first)."""
    ways: dict[tuple[D, D], int] = defaultdict(int)
    for row in rows:
        if row.upheld and row.went_to is not None:
            ways[row.came_from, row.went_to] += 1
    found: dict[frozenset[D], Pair[D]] = {}
    for (giver, taker), there in ways.items():
        back = ways.get((taker, giver), 0)
        both = frozenset((giver, taker))
        if both not in found or there > found[both].there:
            found[both] = Pair(first=giver, second=taker, there=there, back=back)
    return sorted(found.values(), key=lambda pair: -pair.together)


def returners(rows: Iterable[Ruled[D]]) -> list[Returner[D]]:
    """Return the departments that objected, the most frequent first."""
    of: dict[D, list[bool | None]] = defaultdict(list)
    for row in rows:
        of[row.came_from].append(row.upheld)
    found = [
        Returner(
            department=department,
            objections=len(rulings),
            upheld=rulings.count(True),
            refused=rulings.count(False),
            waiting=rulings.count(None),
        )
        for department, rulings in of.items()
    ]
    return sorted(found, key=lambda one: -one.objections)
