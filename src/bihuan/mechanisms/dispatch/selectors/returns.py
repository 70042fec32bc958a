"""Reads of dispatch: objections that wait for a ruling, and who returns matters to whom."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from bihuan.casework.cases.permissions import Actor, visible
from bihuan.casework.cases.states import CaseState
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import database

from ..models import Return
from ..rules import pingpong

PAGE = 50
MOST_COUNTED = 50_000
"""The newest so many returns are counted."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Pairs and returners by department, and over how many objections."""

    pairs: list[pingpong.Pair[Department]]
    returners: list[pingpong.Returner[Department]]
    objections: int


def page(
    *,
    actor: Actor,
    waiting: bool = False,
    between: tuple[str, str] | None = None,
    department: str = "",
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> tuple[list[Return], uuid.UUID | None]:
    """Return objections the actor may see, newest first (waiting ones oldest first), and the id to continue after.

    waiting: only those not ruled on whose case still waits. between: only those by which a matter went between these
    two departments, either way, by code. department: only those of the department with this code.
    """
    with database.reading(actor.scope()):
        rows = _rows(actor)
        order = "-id"
        if waiting:
            rows, order = rows.filter(upheld=None, case__state=CaseState.OBJECTED), "id"
        if between:
            rows = rows.filter(upheld=True, came_from__code__in=between, went_to__code__in=between)
        if department:
            rows = rows.filter(came_from__code=department)
        if before is not None:
            rows = rows.filter(id__gt=before) if waiting else rows.filter(id__lt=before)
        found = list(rows.order_by(order)[: limit + 1])
        shown = found[:limit]
        return shown, shown[-1].id if len(found) > limit else None


def counts(*, actor: Actor, since: dt.datetime | None = None) -> Counts:
    """Count returns among the objections the actor may see, since an instant or ever. Two queries."""
    with database.reading(actor.scope()):
        rows = _rows(actor)
        if since is not None:
            rows = rows.filter(objected_at__gte=since)
        plain = list(rows.order_by("-id").values_list("came_from_id", "went_to_id", "upheld")[:MOST_COUNTED])
        known = {one for came_from, went_to, _upheld in plain for one in (came_from, went_to) if one}
        named = Department.objects.in_bulk(known)
    ruled = [
        pingpong.Ruled(came_from=named[came_from], went_to=named[went_to] if went_to else None, upheld=upheld)
        for came_from, went_to, upheld in plain
    ]
    return Counts(pairs=pingpong.pairs(ruled), returners=pingpong.returners(ruled), objections=len(ruled))


def waiting_count(*, actor: Actor) -> int:
    """Return how many objections wait for a ruling, among the cases the actor may see."""
    with database.reading(actor.scope()):
        found: int = _rows(actor).filter(upheld=None, case__state=CaseState.OBJECTED).count()
        return found


def _rows(actor: Actor) -> Any:
    # The rule of visibility names the table of cases; the harmless second condition keeps it joined in counts too.
    rows = Return.objects.filter(visible(actor), case__number__gt="")
    return rows.select_related("case", "came_from", "went_to")
