"""How much government comes to an enterprise: days from every context that sends somebody (Q3).

A context that sends people registers which days it has; a context that caps them asks for those of all others. So a
visit counts the checks that another context registered, and neither knows the other.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

Days = Callable[[Collection[uuid.UUID], dt.date, dt.date], Iterable[tuple[uuid.UUID, dt.date]]]

_sources: dict[str, Days] = {}


def register(name: str, days: Days) -> None:
    """Let `days(enterprise ids, since, until)` say on which days this context comes, both ends included.

    It is called inside the transaction of whoever asks, with the product's own eyes. Raises ValueError for a name that
    is taken by another.
    """
    if _sources.setdefault(name, days) is not days:
        raise ValueError(f"the load {name} is registered twice")


def forget(name: str) -> None:
    """Take a source back (for tests)."""
    _sources.pop(name, None)


def of_others(
    name: str, enterprises: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> dict[uuid.UUID, list[dt.date]]:
    """Return enterprise → days on which all contexts but `name` come, in order."""
    found: dict[uuid.UUID, list[dt.date]] = defaultdict(list)
    for source, days in _sources.items():
        if source != name:
            for enterprise, day in days(enterprises, since, until):
                found[enterprise].append(day)
    return {enterprise: sorted(days) for enterprise, days in found.items()}
