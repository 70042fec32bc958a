"""What lies behind a figure: its very matters, and what moved it since the month before."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.rulebooks import selectors as rulebooks

from .. import permissions
from ..models import Exclusion, Tally
from ..rulebook import Scoreboard
from ..rules import counting, moving
from ..rules.counting import RATINGS, Index, Level, Outcome
from ..states import OVER
from . import boards
from .units import units

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The matters of a figure that the actor may see, newest first, each with how it counts; where the list goes on."""

    cases: list[tuple[Case, Outcome]]
    following: uuid.UUID | None
    exclusions: dict[uuid.UUID, Exclusion]


def behind(
    *,
    region: str,
    month: int,
    level: Level,
    unit: str,
    index: Index,
    actor: Actor,
    now: dt.datetime,
    outcome: Outcome | None = None,
    before: uuid.UUID | None = None,
) -> Behind:
    """Return the matters behind a figure. Raises Forbidden (also for ratings, before the rated side), NotFound."""
    keys = _merged(region, month, level, unit, index, actor, now)
    rows = Tally.objects.filter(
        _of(level, keys, index, outcome, month), region=keys[0] if level == Level.REGION else region
    )
    with database.reading(actor.scope()):
        cases = Case.objects.filter(visible(actor), id__in=rows.values("case")).defer("search", "description")
        if before is not None:
            cases = cases.filter(id__lt=before)
        found = list(cases.select_related("lead_department").order_by("-id")[: PAGE + 1])
        shown = found[:PAGE]
        tallies = {row.case_id: row for row in Tally.objects.filter(case__in=shown)}
        out = {row.case_id: row for row in Exclusion.objects.filter(case__in=shown).exclude(state__in=OVER)}
    return Behind(
        cases=[(case, _outcome(tallies[case.id], level, keys, index)) for case in shown],
        following=shown[-1].id if len(found) > PAGE else None,
        exclusions=out,
    )


def _merged(
    region: str, month: int, level: Level, unit: str, index: Index, actor: Actor, now: dt.datetime
) -> list[str]:
    """Return the keys under which the unit was counted: its own first, then those of its predecessors."""
    permissions.check_region(actor, region)
    if index in RATINGS and permissions.is_rated(actor):
        raise errors.Forbidden(_("Who rated what is not shown to those who are rated."), code="ratings_withheld")
    rule = rulebooks.in_force(region, now).section(Scoreboard)
    with database.reading(database.SERVICE):
        known, heirs = units(level, region, month=month, rule=rule)
    one = next((found for found in known.values() if unit in (found.key, found.code)), None)
    if one is None:
        raise errors.NotFound(_("There is no such unit here."), code="unit_not_found")
    return [one.key, *(key for key, heir in heirs.items() if heir == one.key and key != one.key)]


def _of(level: Level, keys: list[str], index: Index, outcome: Outcome | None, month: int) -> Q:
    wanted = [outcome] if outcome is not None else list(Outcome)
    counted = Q(keys__overlap=[counting.key(index, month, one) for one in wanted])
    if level == Level.REGION:
        return counted
    if level == Level.BOARD:
        return counted & Q(board__in=keys)
    ids = [uuid.UUID(key) for key in keys]
    if index != Index.RETURN:
        return counted & Q(lead__in=ids)
    every = Q(keys__overlap=[counting.key(index, month, one) for one in Outcome])
    back = Q(returned_by__overlap=ids)
    return every & {None: Q(lead__in=ids) | back, Outcome.HIT: back, Outcome.MISS: Q(lead__in=ids) & ~back}.get(
        outcome, counted & (Q(lead__in=ids) | back)
    )


def _outcome(tally: Tally, level: Level, keys: list[str], index: Index) -> Outcome:
    outcome = counting.outcomes_of(tally.keys)[index][1]
    if index == Index.RETURN and level == Level.DEPARTMENT and outcome != Outcome.EXCLUDED:
        return Outcome.HIT if {str(one) for one in tally.returned_by} & set(keys) else Outcome.MISS
    return outcome


def moved(
    *, region: str, month: int, level: Level, unit: str, index: Index, actor: Actor, now: dt.datetime
) -> moving.Move | None:
    """Return what moved a figure since the month before, stratum by stratum; None where one month has no matters."""
    keys = _merged(region, month, level, unit, index, actor, now)
    regions = [keys[0]] if level == Level.REGION else [region]
    with database.reading(database.SERVICE):
        months = [
            boards.strata_of(regions=regions, level=level, month=one, keys=keys, index=index)
            for one in (month - 1, month)
        ]
    return moving.move(*months)


def exclusions_counted(*, actor: Actor) -> dict[str, int]:
    """Return how many exclusions the actor may see are in which state."""
    with database.reading(actor.scope()):
        return dict(_exclusions(actor).order_by("state").values_list("state").annotate(Count("id")))


def _exclusions(actor: Actor) -> Any:
    rows = Exclusion.objects.filter(visible(actor), case__number__gt="")
    return rows.exclude(index__in=[index.value for index in RATINGS]) if permissions.is_rated(actor) else rows


def exclusions(
    *, actor: Actor, before: uuid.UUID | None = None, mark: uuid.UUID | None = None
) -> tuple[list[Exclusion], uuid.UUID | None]:
    """Return proposals about matters the actor may see, newest first, and the id to continue after.

    mark: only those that an upheld appeal against this bad mark made. The rated side sees none about ratings, for they
    would tell who rated.
    """
    with database.reading(actor.scope()):
        rows = _exclusions(actor).select_related("case").order_by("-id")
        if mark is not None:
            rows = rows.filter(mark=mark)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return shown, shown[-1].id if len(found) > PAGE else None
