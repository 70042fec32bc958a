"""Figures of checks by body, compared with the year before; and what a supervisor should look at."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.accounts.roles import REGION_WIDE, Role
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from ..rulebook import Inspections
from ..rules import anomalies
from ..rules.anomalies import Anomaly, Counted, Limits
from .checks import marks

_COUNTS = """
select b.name,
    count(*) filter (where c.arrived_at is not null),
    count(*) filter (where c.arrived_at is not null and cardinality(c.bodies) > 1),
    count(*) filter (where c.arrived_at is not null and c.kind in ('clue', 'urgent')),
    count(*) filter (where c.arrived_at is not null and exists (
        select from inspections_finding f where f.visit_id = c.id and f.outcome = 'penalty')),
    count(*) filter (where c.arrived_at is not null and not c.scanned),
    count(*) filter (where c.late_since is not null),
    count(*) filter (where c.verdict = 'unjustified'),
    count(*) filter (where c.state = 'refused'),
    count(*) filter (where c.state <> 'refused' and c.kind in ('clue', 'urgent') and exists (
        select from inspections_check r where r.state = 'refused' and r.enterprise_id = c.enterprise_id
        and r.department_id = c.department_id and r.registered_at <= c.registered_at
        and r.registered_at > c.registered_at - make_interval(days => %s)))
from inspections_check c
cross join lateral unnest(c.bodies) as came(body)
join directory_department b on b.id = came.body
where c.region = any(%s) and c."on" between %s and %s
group by b.id, b.name order by b.name
"""
_WHOLE = """
select count(*) filter (where arrived_at is not null),
    count(distinct enterprise_id) filter (where arrived_at is not null),
    count(*) filter (where arrived_at is not null and cardinality(bodies) > 1),
    count(*) filter (where state = 'refused')
from inspections_check where region = any(%s) and "on" between %s and %s
"""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Checks of a year: visits made, enterprises visited, visits of several bodies, wishes that the gate refused."""

    visits: int
    firms: int
    merged: int
    refused: int

    @property
    def per_firm(self) -> float | None:
        """Visits per visited enterprise; None where there was none."""
        return round(self.visits / self.firms, 2) if self.firms else None

    @property
    def share(self) -> float | None:
        """Share of visits of several bodies; None where there was none."""
        return self.merged / self.visits if self.visits else None


def readable(actor: Actor) -> Sequence[str]:
    """Return the regions whose figures the actor reads: staff that see all of a region, and its enforcers."""
    if actor.reader is None:
        return ()
    return actor.reader.regions_for(frozenset(REGION_WIDE) | {Role.DEPARTMENT_HEAD, Role.LIAISON})


def figures(*, actor: Actor, year: int) -> tuple[Whole, Whole, dict[str, Counted]]:
    """Return the checks of a year, of the year before, and body → counts of the year. Three queries.

    Each visit counts once in the whole and once for each body that came. Raises Forbidden for who reads none.
    """
    regions = list(readable(actor))
    if not regions:
        raise errors.Forbidden(_("Your role may not read these figures."), code="figures_apart")
    with database.reading(THE_SYSTEM.scope()):
        now, before = (_whole(regions, one) for one in (year, year - 1))
        return now, before, _counts(regions, year, 30)


def _span(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _whole(regions: list[str], year: int) -> Whole:
    (row,) = database.fetch(_WHOLE, [regions, *_span(year)])
    return Whole(visits=row[0], firms=row[1], merged=row[2], refused=row[3])


def _counts(regions: list[str], year: int, days: int) -> dict[str, Counted]:
    names = list(Counted.__dataclass_fields__)
    rows: list[tuple[Any, ...]] = database.fetch(_COUNTS, [days, regions, *_span(year)])
    return {row[0]: Counted(**dict(zip(names, row[1:], strict=True))) for row in rows}


def standing_out(*, actor: Actor, year: int, now: dt.datetime) -> tuple[Anomaly, ...]:
    """Return what a supervisor of law enforcement should look at in a year, in the regions of that office.

    Nothing for others, and nothing about a body to which the supervisor belongs. Ratings are means of settled months.
    """
    regions = list(actor.reader.regions_for((Role.JUSTICE_SUPERVISOR,))) if actor.reader else []
    if not regions:
        return ()
    book = rulebooks.in_force(regions[0], now).section(Inspections)
    limits = Limits(
        least=book.anomalies.least, free_share=book.anomalies.free_share, penalty_ratio=book.anomalies.penalty_ratio
    )
    with database.reading(THE_SYSTEM.scope()):
        counts = _counts(regions, year, book.anomalies.after_refusal_days)
        own = {name for (name,) in database.fetch(_OWN, [list(actor.scope().departments)])}
    means = {name: mean for name, _count, mean in marks(actor=actor, now=now)}
    found = anomalies.found(counts, limits, means=means, bad=book.ratings.bad)
    return tuple(one for one in found if one.body not in own)


_OWN = "select name from directory_department where id = any(%s::uuid[])"
