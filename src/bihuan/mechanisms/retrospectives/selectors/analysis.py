"""涉企问题综合分析 (R6): causes, weak links, presumptions over a period; and the causes that use has taught."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import database

from ..models import Cause, Link, Output, Retrospective
from ..rules import dissecting
from .showing import in_period, seen

_USED = 5_000
"""So many causes are looked through for proposals, the newest first."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One row of a table: what (key, shown name if it is no word of the product), in how many cases, minutes there."""

    key: str
    count: int
    name: str = ""
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """Figures of the reports approved in a period, as one reader sees them.

    causes: (branch, cause, cases), most frequent first. steps, departments: working time of all these cases by step
    and by department (merged ones under their successor), longest first. departed: presumption → cases.
    """

    since: str
    until: str
    as_of: dt.datetime
    total: int
    causes: Sequence[tuple[str, str, int]]
    steps: Sequence[Counted]
    departments: Sequence[Counted]
    departed: dict[str, int]
    grounds: dict[str, int]
    outputs: dict[str, int]


def analysis(*, actor: Actor, now: dt.datetime, since: str = "", until: str = "") -> Analysis:
    """Return the figures of all reports approved from day to day (both included). Raises Invalid for no date."""
    with database.reading(actor.scope()):
        concluded = seen(actor).filter(state__in=["concluded", "checked"]).select_related(None)
        rows = list(in_period(concluded, since=since, until=until).values("id", "presumptions", "grounds"))
        ids = [row["id"] for row in rows]
        hung = Cause.objects.filter(retrospective__in=ids, struck_at=None)
        causes = Counter(hung.values_list("branch", "text"))
        waits = Link.objects.filter(retrospective__in=ids)
        links = list(waits.values_list("retrospective_id", "step", "department_id", "minutes"))
        owners = _finals({row[2] for row in links if row[2]})
        kinds = Output.objects.filter(retrospective__in=ids, struck_at=None).values_list("kind", flat=True)
        outputs = Counter(kinds)
    steps, departments = _summed(links, owners)
    return Analysis(
        since=since,
        until=until,
        as_of=now,
        total=len(rows),
        causes=[(branch, text, count) for (branch, text), count in sorted(causes.items(), key=_frequent)],
        steps=steps,
        departments=departments,
        departed=dict(Counter(name for row in rows for name in dissecting.departed(row["presumptions"]))),
        grounds=dict(Counter(ground for row in rows for ground in row["grounds"])),
        outputs=dict(outputs),
    )


def _frequent(one: tuple[tuple[str, str], int]) -> tuple[int, int, str]:
    (branch, text), count = one
    return -count, dissecting.BRANCHES.index(branch), text


def _finals(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Department]:
    """Return for each department the one that does its work now: itself, or the end of its successors."""
    known: dict[uuid.UUID, Department] = {}
    wanted = set(ids)
    while wanted:
        known |= Department.objects.in_bulk(list(wanted))
        wanted = {one.successor_id for one in known.values() if one.successor_id} - known.keys()
    finals = {}
    for first in ids:
        one, passed = known[first], {first}
        while one.successor_id and one.successor_id not in passed:
            one = known[one.successor_id]
            passed.add(one.id)
        finals[first] = one
    return finals


def _summed(
    links: Sequence[tuple[uuid.UUID, str, uuid.UUID | None, int]], owners: Mapping[uuid.UUID, Department]
) -> tuple[list[Counted], list[Counted]]:
    steps: dict[str, tuple[int, set[uuid.UUID]]] = {}
    units: dict[str, tuple[int, set[uuid.UUID]]] = {}
    for of, step, department, minutes in links:
        owner = owners[department] if department else None
        for sums, key in ((steps, step), (units, owner.code if owner else "")):
            spent, cases = sums.get(key, (0, set()))
            sums[key] = (spent + minutes, cases | {of})
    units.pop("", None)
    names = {one.code: one.short_name for one in owners.values()}
    by_step, by_unit = (
        [
            Counted(key=key, name=names.get(key, ""), count=len(cases), minutes=minutes)
            for key, (minutes, cases) in sorted(sums.items(), key=lambda one: (-one[1][0], one[0]))
        ]
        for sums in (steps, units)
    )
    return by_step, by_unit[:20]


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What use has taught in a region. proposals: (branch, cause, how often in other cases) to choose from.

    uses: (branch, cause) → in how many cases, this one included.
    """

    proposals: Sequence[tuple[str, str, int]]
    uses: Mapping[tuple[str, str], int]


def learnt_causes(*, retrospective: Retrospective) -> Learnt:
    """Return the causes found in this region; their texts say nothing of a case, so all may choose from them."""
    with database.reading(THE_SYSTEM.scope()):
        used = Cause.objects.filter(region=retrospective.region, struck_at=None).order_by("-id")
        rows = list(used.values_list("branch", "text", "retrospective__category", "retrospective_id")[:_USED])
    here = [(branch, text) for branch, text, _category, of in rows if of == retrospective.id]
    others = ((branch, text, category) for branch, text, category, of in rows if of != retrospective.id)
    return Learnt(
        proposals=dissecting.proposals(others, category=retrospective.category, without=here),
        uses=Counter((branch, text) for branch, text, _category, _of in rows),
    )
