"""Draws, for everybody: nothing in them names a case, a department or an enterprise."""

import uuid
from typing import Any

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import database, errors

from ..models import Draw
from ..rules import draws as rules
from ..states import DrawState

PAGE = 50


def draws_of(*, region: str = "", limit: int = PAGE) -> list[Draw]:
    """Return the newest draws, of one region or of all, without their tickets."""
    with database.reading(database.SERVICE):
        rows = Draw.objects.defer("strata").order_by("-since")
        return list((rows.filter(region=region) if region else rows)[:limit])


def draw(*, draw_id: uuid.UUID) -> Draw:
    """Return one draw. Raises NotFound."""
    with database.reading(database.SERVICE):
        found = Draw.objects.filter(pk=draw_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such draw."), code="draw_not_found")
    return found


def outline(found: Draw) -> dict[str, Any]:
    """Return a draw without its tickets, as plain values."""
    names = "region state since until committed_at commitment share"
    return {
        "id": str(found.id),
        **{name: getattr(found, name) for name in names.split()},
        "committed_before_period": found.committed_at < found.since,
        "seed": found.seed or None,
        "drawn": len(found.sample),
    }


def recipe(found: Draw) -> dict[str, Any]:
    """Return everything from which a stranger draws again, and what came out here: plain values."""
    revealed = found.state == DrawState.REVEALED
    again = rules.sample(seed=found.seed, strata=found.strata, whole=found.whole, share=found.share) if revealed else []
    return {
        "id": str(found.id),
        "region": found.region,
        "state": found.state,
        "since": found.since,
        "until": found.until,
        "committed_at": found.committed_at,
        "committed_before_period": found.committed_at < found.since,
        "commitment": found.commitment,
        "seed": found.seed or None,
        "share": found.share,
        "strata": found.strata,
        "whole": found.whole,
        "sample": found.sample,
        "tickets_hash": rules.digest(one for group in found.strata.values() for one in group),
        "sample_hash": rules.digest(found.sample),
        "agrees": revealed and again == found.sample and rules.commitment(found.seed) == found.commitment,
        "rule": (
            "ticket = sha256(id:case number)[:16]; score = sha256(seed:ticket); of each stratum the ceil(share*size)"
            " tickets with the smallest scores, of those in `whole` all; commitment = sha256(seed)"
        ),
    }
