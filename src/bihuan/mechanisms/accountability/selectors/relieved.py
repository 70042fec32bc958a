"""Reads of tolerance findings and letters."""

import uuid
from typing import Any

from django.db.models import Q

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database

from .. import permissions
from ..models import Relief
from ..states import RELIEFS, ReliefState
from .common import PAGE, not_found


def reliefs(
    *, actor: Actor, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[tuple[Relief, list[str]]], uuid.UUID | None]:
    """Return tolerance findings and letters the actor may see, newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = reliefs_seen(actor).select_related("department", "inquiry")
        rows = rows.filter(state=state) if state else rows
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    shown = [(one, relief_actions(one, actor)) for one in found[:limit]]
    return shown, found[limit - 1].id if len(found) > limit else None


def reliefs_seen(actor: Actor) -> Any:
    """Return the tolerance findings and letters the actor may see."""
    own, spoken = sorted(permissions.departments(actor)), sorted(permissions.speaks_for(actor))
    inside = Q(region__in=permissions.regions(actor)) & ~Q(department_id__in=own)
    return Relief.objects.filter(inside | Q(department_id__in=spoken))


def relief(*, relief_id: uuid.UUID, actor: Actor) -> Relief:
    """Return one tolerance finding or letter that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Relief | None = (
            reliefs_seen(actor).select_related("department", "inquiry__unit").filter(pk=relief_id).first()
        )
    if found is None:
        raise not_found()
    return found


def locked_relief(relief_id: uuid.UUID, actor: Actor) -> Relief:
    """Return one tolerance finding or letter that the actor may see, locked. Raises NotFound."""
    relief(relief_id=relief_id, actor=actor)
    return Relief.objects.select_for_update(of=("self",)).get(pk=relief_id)


def relief_actions(found: Relief, actor: Actor) -> list[str]:
    """Return what the actor may decide about a tolerance finding or letter now."""
    rows = RELIEFS.allowed(ReliefState(found.state))
    return [row.action for row in rows if permissions.can_decide(actor, row.action, found)]
