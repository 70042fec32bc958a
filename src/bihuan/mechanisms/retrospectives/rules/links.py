"""薄弱环节 (R2): where a case's time went, from the ledger. Nobody fills this in."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Measure = Callable[[dt.datetime, dt.datetime], dt.timedelta]
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One fact of a case: its state from `at` on, and the lead department (as text, empty for none) from `at` on."""

    at: dt.datetime
    state: str
    department: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One step at one owner. minutes: working time spent there, over `times` stays; share: of the whole, 0 to 1.

    role: whose turn it was; department: as text, empty where the step is no department's.
    """

    step: str
    role: str
    department: str
    minutes: int
    share: float
    times: int


def weak_links(
    changes: Sequence[Change],
    *,
    owners: dict[str, str | None],
    of_department: Iterable[str],
    measure: Measure,
) -> list[Link]:
    """Return steps and owners of a case, the longest wait first; together they are its whole time.

    changes: oldest first, the last one ends the measuring. owners: state → role whose turn it is (None: it ended, and
    its time counts for nobody). of_department: the roles that stand for the lead department. measure: working time
    between two instants.
    """
    departments, sums = frozenset(of_department), dict[tuple[str, str, str], tuple[dt.timedelta, int]]()
    before: tuple[str, str, str] | None = None
    for begun, ended in itertools.pairwise(changes):
        role = owners.get(begun.state)
        if role is None:
            before = None
            continue
        key = (begun.state, role, begun.department if role in departments else "")
        spent, times = sums.get(key, (dt.timedelta(), 0))
        sums[key] = (spent + max(measure(begun.at, ended.at), dt.timedelta()), times + (key != before))
        before = key
    whole = sum((spent for spent, _times in sums.values()), dt.timedelta())
    ordered = sorted(sums.items(), key=lambda one: (-one[1][0], one[0]))
    return [
        Link(
            step=step,
            role=role,
            department=department,
            minutes=round(spent / MINUTE),
            share=spent / whole if whole else 0.0,
            times=times,
        )
        for (step, role, department), (spent, times) in ordered
    ]
