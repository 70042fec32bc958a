"""Random draws: everything about them is public, but for the seed before its time and names before they are told."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import answers, database, errors

from .. import permissions
from ..models import Draw, DrawTarget
from ..rules import drawing
from ..states import DRAWS, DrawState

PAGE = 50
SHOWN = 200
"""How many lines of a pool a page shows; the file holds all."""


def draws_page(
    *, region: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Draw], uuid.UUID | None]:
    """Return draws, newest first, and the id to continue after; anybody may read them."""
    with database.reading(THE_SYSTEM.scope()):
        rows = Draw.objects.select_related("department")
        rows = rows.filter(region=region) if region else rows
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find_draw(draw_id: uuid.UUID) -> Draw:
    """Return one draw; anybody may read it. Raises NotFound."""
    with database.reading(THE_SYSTEM.scope()):
        found = Draw.objects.select_related("department").filter(pk=draw_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such draw."), code="draw_not_found")
    return found


def draw_actions(draw: Draw, actor: Actor, now: dt.datetime) -> list[str]:
    """Return what this actor could do with the draw now, in table order."""
    if not permissions.draws(actor, draw):
        return []
    missing = {"draw"} if now < draw.draw_at else {"fix_pool"}
    return [row.action for row in DRAWS.allowed(DrawState(draw.state)) if row.action not in missing]


def targets_of(draw: Draw, *, limit: int | None = None) -> list[DrawTarget]:
    """Return the pool of a draw: drawn ones by their place, others by their name."""
    with database.reading(THE_SYSTEM.scope()):
        rows = DrawTarget.objects.filter(draw=draw).select_related("enterprise", "check_made")
        rows = rows.order_by("rank", "name")
        return list(rows[:limit] if limit else rows)


def pool_of(draw: Draw, rows: Sequence[DrawTarget]) -> drawing.Pool:
    """Return the pool as the rule takes it."""
    return drawing.Pool(
        targets=tuple(drawing.Target(name=row.name, weight=row.weight) for row in rows),
        hands=tuple(drawing.Hand(id=one["id"], body=one["body"]) for one in draw.hands),
        recused=frozenset((officer, target) for officer, target in draw.recused),
    )


def is_told(row: DrawTarget) -> bool:
    """Tell whether the public may know who a drawn target is: once it was told, or once its check is over."""
    check = row.check_made
    return check is not None and row.outcome == "registered" and (check.told_at or check.ended_at) is not None


def proof(draw: Draw) -> dict[str, Any]:
    """Return all that a stranger needs to draw again: hashes, the pool, and, once it was revealed, seed and order.

    Names of enterprises come with their salt once they were told of the check.
    """
    rows = targets_of(draw)
    told = [
        {
            "target": row.name,
            "rank": row.rank,
            "outcome": row.outcome,
            "crew": row.crew,
            "enterprise": row.enterprise.uscc if is_told(row) else None,
            "salt": row.salt if is_told(row) else None,
        }
        for row in rows
        if row.outcome
    ]
    return {
        "id": str(draw.id),
        "title": draw.title,
        "state": draw.state,
        "seed_hash": draw.seed_hash,
        "committed_at": answers.local(draw.committed_at),
        "draw_at": answers.local(draw.draw_at),
        "pool_hash": draw.pool_hash,
        "pooled_at": answers.local(draw.pooled_at),
        "count": draw.count,
        "officers_each": draw.need,
        "bodies": draw.bodies,
        "targets": [{"target": row.name, "weight": row.weight} for row in sorted(rows, key=lambda one: one.name)],
        "officers": draw.hands,
        "recused": draw.recused,
        "seed": draw.seed or None,
        "drawn_at": answers.local(draw.drawn_at),
        "drawn": told,
        "reason": draw.reason,
    }


def recomputed(draw: Draw, *, seed: str) -> dict[str, bool]:
    """Draw again with a seed that somebody gives, and tell what agrees: commitment, pool, order, officers.

    seed: as it is found elsewhere, for example on paper from the day of the draw.
    """
    rows = targets_of(draw)
    pool = pool_of(draw, rows)
    order = drawing.order(seed, pool.targets)
    stored = [row.name for row in sorted(rows, key=lambda row: row.rank or 0)]
    bodies = [str(one) for one in draw.bodies]
    crews = all(
        drawing.crew(seed, row.name, pool.hands, bodies=bodies, recused=pool.recused, need=draw.need) == row.crew
        for row in rows
        if row.outcome
    )
    return {
        "seed": drawing.hashed(seed) == draw.seed_hash,
        "pool": drawing.pool_hash(pool) == draw.pool_hash,
        "order": draw.state == DrawState.DRAWN and order == stored,
        "officers": draw.state == DrawState.DRAWN and crews,
    }
