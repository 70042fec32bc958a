"""The scoreboard of a month: every unit's figures, its score and its place.

The visibility rule of this context: sums of a region for those whose office covers the region; a department sees those
that the rulebook lets it see, and nothing of ratings but what was published. Sums are read as the product itself.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import answers, database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..rulebook import Peers, Scoreboard
from ..rules import fairness, periods
from ..rules.counting import LESS_IS_BETTER, RATINGS, Index, Level
from ..rules.fairness import Fair, Score
from .units import Unit, units

EVERY = tuple(Index)
Strata = dict[str, tuple[int, int]]
"""Stratum → (counted, hits)."""
_SUMS = """
select unit, category, tier, index, sum(counted)::int, sum(hits)::int, sum(excluded)::int from scoreboard_rollup
where region = any(%s) and level = %s and month = %s group by 1, 2, 3, 4
"""
_EXPECTED = """
select category, tier, month %% 12 / 3, index, sum(counted)::int, sum(hits)::int from scoreboard_rollup
where region = any(%s) and level = 'region' and month > %s and month <= %s and month %% 12 / 3 = %s group by 1, 2, 3, 4
"""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One index of one unit. value: hits of counted, None without matters; low, high: its interval (Wilson, 95 %).

    fair: the value made comparable. rank: place among like units, None below the rulebook's minimum. withheld: not for
    these eyes; then everything else is empty.
    """

    index: Index
    counted: int = 0
    hits: int = 0
    excluded: int = 0
    low: float = 0.0
    high: float = 1.0
    fair: Fair | None = None
    rank: int | None = None
    withheld: bool = False

    @property
    def value(self) -> float | None:
        """The plain share."""
        return self.hits / self.counted if self.counted else None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A unit with its figures. n: the most matters that any weighted index counts; own: the actor works there."""

    unit: Unit
    n: int
    figures: Mapping[Index, Figure]
    score: Score | None = None
    rank: int | None = None
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Board:
    """The scoreboard of a month. lines: by group, ranked ones first. weights: group → index → points of the score.

    running: the month is not over. ratings: whether what raisers said is part of it.
    """

    region: str
    month: int
    level: Level
    as_of: dt.datetime
    rule: Scoreboard
    rulebook: str
    running: bool
    ratings: bool
    lines: tuple[Line, ...]
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    means: Mapping[str, Mapping[Index, float]] = field(default_factory=dict)

    def line(self, key: str) -> Line | None:
        """Return the line of a unit, by its key or code."""
        return next((line for line in self.lines if key in (line.unit.key, line.unit.code)), None)


def board(*, region: str, month: int, level: Level, actor: Actor, now: dt.datetime) -> Board:
    """Return a scoreboard as the actor may see it. Raises Forbidden, and Invalid (`month_future`)."""
    permissions.check_region(actor, region)
    if month > periods.month_of(answers.local_date(now)):
        raise errors.Invalid(_("This month has not begun yet."), code="month_future", field="period")
    rated = permissions.is_rated(actor)
    found = compute(region=region, month=month, level=level, now=now, ratings=not rated)
    mine = permissions.own_departments(actor)
    lines = [replace(line, own=line.unit.key in mine) for line in found.lines]
    if rated and level == Level.DEPARTMENT:
        groups = {line.unit.group for line in lines if line.own}
        if found.rule.peers == Peers.OWN:
            lines = [line for line in lines if line.own]
        elif found.rule.peers == Peers.GROUP:
            lines = [line for line in lines if line.unit.group in groups]
    return replace(found, lines=tuple(lines))


def compute(*, region: str, month: int, level: Level, now: dt.datetime, ratings: bool = True) -> Board:
    """Return the whole scoreboard of a region and month, with the product's own eyes."""
    book = rulebooks.in_force(region, now)
    rule = book.section(Scoreboard)
    with database.reading(database.SERVICE):
        known, heirs = units(level, region, month=month, rule=rule)
        regions = list(known) if level == Level.REGION else [region]
        counted, excluded = _sums(regions, level, month, heirs)
        rates = _rates(regions, month, rule)
    indices = [index for index in rule.indices if ratings or index not in RATINGS]
    weights = {name: points for name, points in rule.weights.points().items() if Index(name) in indices}
    groups: dict[str, list[str]] = {}
    for key in sorted(counted.keys() | excluded.keys()):
        if key in known:
            groups.setdefault(known[key].group, []).append(key)
    lines: list[Line] = []
    used: dict[str, Mapping[str, float]] = {}
    means: dict[str, Mapping[Index, float]] = {}
    order = [group.id for group in rule.groups]
    for group in sorted(groups, key=lambda one: order.index(one) if one in order else len(order)):
        found = _group(groups[group], counted, rates, indices, rule)
        used[group] = _shares(weights, found)
        means[group] = {index: _mean(groups[group], counted, index) for index in indices}
        lines += _lines([known[key] for key in groups[group]], counted, excluded, found, used[group], indices, rule)
    return Board(
        region=region,
        month=month,
        level=level,
        as_of=now,
        rule=rule,
        rulebook=str(book.id),
        running=month == periods.month_of(answers.local_date(now)),
        ratings=ratings,
        lines=tuple(lines),
        weights=used,
        means=means,
    )


Counted = dict[str, dict[Index, Strata]]


def _sums(
    regions: list[str], level: Level, month: int, heirs: Mapping[str, str]
) -> tuple[Counted, dict[str, dict[Index, int]]]:
    """Return unit → index → stratum → (counted, hits), and unit → index → excluded; predecessors in their heirs."""
    counted: Counted = {}
    excluded: dict[str, dict[Index, int]] = {}
    season = periods.season(month)
    for unit, category, tier, place, n, hits, out in database.fetch(_SUMS, [regions, level.value, month]):
        if not (n or out) or unit not in heirs:
            continue
        key, index = heirs[unit], EVERY[place]
        strata = counted.setdefault(key, {}).setdefault(index, {})
        name = stratum(category, tier, season)
        before = strata.get(name, (0, 0))
        strata[name] = (before[0] + n, before[1] + hits)
        if out:
            mine = excluded.setdefault(key, {})
            mine[index] = mine.get(index, 0) + out
    return counted, excluded


def strata_of(*, regions: list[str], level: Level, month: int, keys: list[str], index: Index) -> Strata:
    """Return stratum → (counted, hits) of a unit, known by several keys; without the season, as months are compared."""
    found: Strata = {}
    for unit, category, tier, place, n, hits, _out in database.fetch(_SUMS, [regions, level.value, month]):
        if unit in keys and EVERY[place] == index and n:
            before = found.get(f"{category}|{tier}", (0, 0))
            found[f"{category}|{tier}"] = (before[0] + n, before[1] + hits)
    return found


def stratum(category: str, tier: str, season: int) -> str:
    """Return the name of a stratum: what is compared with its like."""
    return f"{category}|{tier}|{season}"


def _rates(regions: list[str], month: int, rule: Scoreboard) -> dict[Index, dict[str, float]]:
    """Return index → stratum → rate to be expected, from the months of reference; of the month's own season."""
    strata: dict[Index, Strata] = {}
    season = periods.season(month)
    # A quarter of the year has to come round once, or nothing of its kind would be known.
    first = month - max(rule.reference_months, 3)
    for category, tier, quarter, place, n, hits in database.fetch(_EXPECTED, [regions, first, month, season]):
        strata.setdefault(EVERY[place], {})[stratum(category, tier, quarter)] = (n, hits)
    return {
        index: fairness.reference(found, parent={name: name.split("|")[1] for name in found})
        for index, found in strata.items()
    }


def _group(
    keys: list[str],
    counted: Counted,
    rates: Mapping[Index, Mapping[str, float]],
    indices: list[Index],
    rule: Scoreboard,
) -> dict[Index, dict[str, Fair]]:
    """Return index → unit → fair value, for the indices of which the group has any matters."""
    found = {}
    for index in indices:
        mine = {key: counted.get(key, {}).get(index, {}) for key in keys}
        if index in RATINGS:
            # Too few ratings say something of one rater; the unit then stands at the mean of like units.
            mine = {key: strata if _size(strata) >= rule.least_ratings else {} for key, strata in mine.items()}
        if any(mine.values()):
            found[index] = fairness.compare(mine, rates.get(index, {}))
    return found


def _size(strata: Strata) -> int:
    return sum(n for n, _hits in strata.values())


def _mean(keys: list[str], counted: Counted, index: Index) -> float:
    pairs = [pair for key in keys for pair in counted.get(key, {}).get(index, {}).values()]
    whole = sum(n for n, _hits in pairs)
    return sum(hits for _n, hits in pairs) / whole if whole else 0.0


def _shares(weights: Mapping[str, int], found: Mapping[Index, object]) -> dict[str, float]:
    """Return index → points out of 100: what nobody has any matters of leaves its points to the others."""
    there = {name: points for name, points in weights.items() if Index(name) in found}
    whole = sum(there.values())
    return {name: points * 100 / whole for name, points in there.items()}


def _lines(
    those: list[Unit],
    counted: Counted,
    excluded: Mapping[str, Mapping[Index, int]],
    found: Mapping[Index, Mapping[str, Fair]],
    weights: Mapping[str, float],
    indices: list[Index],
    rule: Scoreboard,
) -> list[Line]:
    """Return the lines of one group, the first place first, those without a place behind, by name."""
    sizes = {unit.key: {index: _size(strata) for index, strata in counted.get(unit.key, {}).items()} for unit in those}
    n_of = {unit.key: max((sizes[unit.key].get(Index(name), 0) for name in weights), default=0) for unit in those}
    scores = {
        unit.key: fairness.score({name: found[Index(name)][unit.key] for name in weights}, weights, LESS_IS_BETTER)
        for unit in those
        if weights
    }
    ranked = [(key, one.value) for key, one in scores.items() if n_of[key] >= rule.min_n]
    places = fairness.ranks(ranked)
    places_of = {index: _places(index, fair, sizes, rule) for index, fair in found.items()}
    lines = [
        Line(
            unit=unit,
            n=n_of[unit.key],
            figures={index: _figure(unit.key, index, counted, excluded, found, places_of) for index in indices},
            score=scores.get(unit.key),
            rank=places.get(unit.key),
        )
        for unit in those
    ]
    return sorted(lines, key=lambda line: (line.rank or 10_000, line.unit.name))


def _places(
    index: Index, fair: Mapping[str, Fair], sizes: Mapping[str, Mapping[Index, int]], rule: Scoreboard
) -> dict[str, int]:
    sign = -1 if index in LESS_IS_BETTER else 1
    return fairness.ranks(
        [(key, sign * one.value) for key, one in fair.items() if sizes[key].get(index, 0) >= rule.min_n]
    )


def _figure(
    key: str,
    index: Index,
    counted: Counted,
    excluded: Mapping[str, Mapping[Index, int]],
    found: Mapping[Index, Mapping[str, Fair]],
    places: Mapping[Index, Mapping[str, int]],
) -> Figure:
    strata = counted.get(key, {}).get(index, {})
    n, hits = _size(strata), sum(hits for _n, hits in strata.values())
    low, high = fairness.wilson(hits, n)
    return Figure(
        index=index,
        counted=n,
        hits=hits,
        excluded=excluded.get(key, {}).get(index, 0),
        low=low,
        high=high,
        fair=found.get(index, {}).get(key),
        rank=places.get(index, {}).get(key),
    )
