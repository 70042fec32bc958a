"""Reads of early signs."""

import uuid
from typing import Any

from django.db.models import Q

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database

from .. import permissions
from ..models import Sign
from ..states import SIGNS, SignState
from .common import PAGE, not_found


def signs_seen(actor: Actor) -> Any:
    """Return the early signs the actor may see: of their regions but not of their own units; of their unit."""
    rows = Sign.objects.select_related("case", "department").defer("case__search")
    if actor.system:
        return rows
    own, spoken = sorted(permissions.departments(actor)), sorted(permissions.speaks_for(actor))
    inside = Q(region__in=permissions.regions(actor)) & ~Q(department_id__in=own)
    return rows.filter(inside | Q(department_id__in=spoken))


def signs(
    *, actor: Actor, state: str = "", kind: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[tuple[Sign, list[str]]], uuid.UUID | None]:
    """Return early signs with what the actor may do with each, newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = signs_seen(actor)
        for name, value in (("state", state), ("kind", kind)):
            rows = rows.filter(**{name: value}) if value else rows
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    shown = [(one, sign_actions(one, actor)) for one in found[:limit]]
    return shown, found[limit - 1].id if len(found) > limit else None


def signs_of(*, case: Case, actor: Actor) -> list[Sign]:
    """Return the open early signs of a case that the actor may see."""
    with database.reading(actor.scope()):
        return list(signs_seen(actor).filter(case=case, state=SignState.OPEN.value).order_by("-id")[:10])


def locked_sign(sign_id: uuid.UUID, actor: Actor) -> Sign:
    """Return one early sign that the actor may see, locked. Raises NotFound."""
    with database.reading(actor.scope()):
        found = signs_seen(actor).filter(pk=sign_id).exists()
    if not found:
        raise not_found()
    return Sign.objects.select_for_update(of=("self",)).get(pk=sign_id)


def sign_actions(sign: Sign, actor: Actor) -> list[str]:
    """Return what the actor may do with an early sign now."""
    rows = SIGNS.allowed(SignState(sign.state))
    return [row.action for row in rows if permissions.can_sign(actor, row.action, sign)]
