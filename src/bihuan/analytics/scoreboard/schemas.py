"""Shapes of the scoreboard in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import answers, errors

from . import permissions
from .models import Edition, Exclusion
from .rules import periods
from .rules.counting import Index, Level, Outcome
from .rules.moving import Move
from .selectors import Behind
from .states import EDITION, EditionState


class BoardQuery(Schema):
    """Which scoreboard: without a period the running month, without a region that of the caller's office."""

    region: str = ""
    period: Annotated[str, Field(description="a month such as 2026-10")] = ""
    by: str = Level.DEPARTMENT.value
    index: Annotated[str, Field(description="only this index")] = ""


class UnitQuery(BoardQuery):
    """Which figure of which unit (its code); outcome: 0 not reached, 1 reached, 2 left out."""

    unit: str
    index: str = Index.ON_TIME.value
    outcome: Annotated[int | None, Field(ge=0, le=2)] = None
    cursor: uuid.UUID | None = None


class Range(Schema):
    """A 95 % interval."""

    low: float
    high: float


class FairOut(Schema):
    """The share made comparable: standardised for the mix of matters and drawn to the mean where there are few."""

    value: float
    interval: Range
    expected: float
    ratio: float


class IndexOut(Schema):
    """One index of one unit; what is withheld is null."""

    value: float | None
    numerator: int | None
    denominator: int | None
    interval: Range | None
    excluded: int | None
    rank: int | None
    fair: FairOut | None
    withheld: bool


class ScoreOut(Schema):
    """The weighted whole, 0 to 100."""

    value: float
    interval: Range
    parts: dict[str, float]


class LineOut(Schema):
    """A unit; `rank` only from the rulebook's minimum of matters on."""

    unit: str
    name: str
    short_name: str
    formerly: list[str]
    group: str
    n: int
    rank: int | None
    score: ScoreOut | None
    figures: dict[str, IndexOut]


class ScoreboardOut(Schema):
    """A scoreboard: figures of all units of a month."""

    region: str
    period: str
    by: str
    as_of: dt.datetime
    running: bool
    with_ratings: bool
    min_n: int
    rulebook: str
    weights: dict[str, dict[str, float]]
    means: dict[str, dict[str, float]]
    items: list[LineOut]
    next: str | None


class BehindOut(Schema):
    """A matter behind a figure, and how it counts."""

    number: str
    title: str
    outcome: int


class BehindPage(Schema):
    """A page of matters."""

    items: list[BehindOut]
    next: str | None


class MovementPartOut(Schema):
    """How much one stratum moved a share."""

    category: str
    tier: str
    before: tuple[int, int]
    after: tuple[int, int]
    mix: float
    rate: float


class MoveOut(Schema):
    """What moved a share since the month before; null where one month has no matters."""

    before: float | None
    after: float | None
    mix: float | None
    rate: float | None
    parts: list[MovementPartOut]


class EditionOut(Schema):
    """An edition: one month in one version."""

    id: uuid.UUID
    region: str
    period: str
    version: int
    state: str
    audience: str
    reason: str
    sha256: str
    check_until: dt.datetime | None
    published_at: dt.datetime | None
    frozen_at: dt.datetime | None
    available_actions: list[str]


class EditionPage(Schema):
    """Editions, newest first."""

    items: list[EditionOut]
    next: str | None


class DraftIn(Schema):
    """Draft an edition; a correction needs a reason."""

    region: str
    period: str
    reason: str = ""


class ExclusionIn(Schema):
    """Propose to leave a matter out of an index (empty: of all)."""

    number: str
    index: str = ""
    reason: str


class ExclusionOut(Schema):
    """A proposal to leave a matter out, and its decision."""

    id: uuid.UUID
    number: str
    index: str
    state: str
    reason: str
    decision: str
    proposed_at: dt.datetime
    decided_at: dt.datetime | None
    end_reason: str
    end_decision: str
    ended_at: dt.datetime | None
    bad_mark: Annotated[
        uuid.UUID | None, Field(description="The bad mark whose appeal was upheld; null where nobody appealed")
    ]


class ExclusionPage(Schema):
    """Proposals, newest first."""

    items: list[ExclusionOut]
    next: str | None


def region_of(text: str, actor: Actor) -> str:
    """Return the region asked for, or the first of the actor's. Raises Forbidden where the actor has none."""
    mine = permissions.regions_of(actor)
    if not text and not mine:
        raise errors.Forbidden(_("You may not see the figures of this region."), code="region_forbidden")
    return text[:6] or mine[0][:6]


def month_of(text: str, *, now: dt.datetime, back: int = 0) -> int:
    """Return the month asked for, or the running one less `back`. Raises Invalid (`period_invalid`)."""
    if not text:
        return periods.month_of(answers.local_date(now)) - back
    found = periods.read(text)
    if found is None:
        raise errors.Invalid(_("Please write the month like 2026-10."), code="period_invalid", field="period")
    return found


def level_of(text: str) -> Level:
    """Return the level asked for. Raises Invalid (`by_unknown`)."""
    if text not in set(Level):
        raise errors.Invalid(_("Please choose department, board or region."), code="by_unknown", field="by")
    return Level(text)


def index_of(text: str) -> Index:
    """Return the index asked for. Raises Invalid (`index_unknown`), naming those there are."""
    if text not in set(Index):
        raise errors.Invalid(
            _("There is no such index."), code="index_unknown", field="index", known=[one.value for one in Index]
        )
    return Index(text)


def outcome_of(number: int | None) -> Outcome | None:
    """Return the outcome asked for, or None for all."""
    return None if number is None else Outcome(number)


def behind(found: Behind) -> list[dict[str, Any]]:
    """Return matters ready for JSON."""
    return [{"number": case.number, "title": case.title, "outcome": int(outcome)} for case, outcome in found.cases]


def move(found: Move | None) -> dict[str, Any]:
    """Return a movement ready for JSON."""
    if found is None:
        return {"before": None, "after": None, "mix": None, "rate": None, "parts": []}
    parts = [
        {
            "category": part.stratum.split("|")[0],
            "tier": part.stratum.split("|")[1],
            "before": part.before,
            "after": part.after,
            "mix": part.mix,
            "rate": part.rate,
        }
        for part in found.parts
    ]
    return {"before": found.before, "after": found.after, "mix": found.mix, "rate": found.rate, "parts": parts}


def edition(row: Edition, actor: Actor) -> dict[str, Any]:
    """Return an edition ready for JSON, without its content."""
    return {
        "id": str(row.id),
        "region": row.region,
        "period": periods.written(row.month),
        "version": row.version,
        "state": row.state,
        "audience": row.audience,
        "reason": row.reason,
        "sha256": row.sha256,
        "check_until": answers.local(row.check_until),
        "published_at": answers.local(row.published_at),
        "frozen_at": answers.local(row.frozen_at),
        "available_actions": actions(row, actor),
    }


def actions(row: Edition, actor: Actor) -> list[str]:
    """Return what the actor could do with an edition now, in table order: the one truth for page, API and tests."""
    return [
        one.action
        for one in EDITION.allowed(EditionState(row.state))
        if permissions.can_edition(actor, one.action, row.region)
    ]


def exclusion(row: Exclusion) -> dict[str, Any]:
    """Return a proposal ready for JSON; who proposed and decided stands in the ledger."""
    return {
        "id": str(row.id),
        "number": row.case.number,
        "index": row.index,
        "state": row.state,
        "reason": row.reason,
        "decision": row.decision,
        "proposed_at": answers.local(row.proposed_at),
        "decided_at": answers.local(row.decided_at),
        "end_reason": row.end_reason,
        "end_decision": row.end_decision,
        "ended_at": answers.local(row.ended_at),
        "bad_mark": row.mark,
    }
