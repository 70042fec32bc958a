"""What counts as frequent, on plain values."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class Raised(NamedTuple):
    """One matter: what it is about, whose it is, which it is, and who raised it ("" for nobody)."""

    category: str
    department: str
    case: str
    enterprise: str


class Group(NamedTuple):
    """Matters of one category at one department. firms: how many different enterprises raised them."""

    category: str
    department: str
    cases: tuple[str, ...]
    firms: int


def frequent(rows: Iterable[Raised], *, least: int, most: int, counted: Iterable[str] = ()) -> list[Group]:
    """Return the most frequent groups, the most frequent one first; `counted` cases were on the list already.

    A group needs `least` matters of at least two raisers: one enterprise with one worry is no frequent matter.
    Whoever raised without a name is a raiser of their own.
    """
    known, groups = set(counted), defaultdict(list)
    for row in rows:
        if row.case not in known and row.category and row.department:
            groups[row.category, row.department].append(row)
    found = [
        Group(
            category,
            department,
            tuple(one.case for one in members),
            len({one.enterprise or one.case for one in members}),
        )
        for (category, department), members in groups.items()
        if len(members) >= least
    ]
    several = [group for group in found if group.firms >= 2]
    return sorted(several, key=lambda one: (-len(one.cases), -one.firms, one.category, one.department))[:most]
