"""What follows bad ratings: supervisors see all of their places, a unit the letters to it, without the rating."""

import uuid
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.kernel import database, errors

from .. import permissions
from ..models import OPEN_FOLLOWS, FollowUp, Rating
from ..states import FOLLOW_UPS, SYSTEM, FollowState

PAGE = 50


def reader_regions(actor: Actor) -> tuple[str, ...]:
    """Return the regions whose ratings the actor reads."""
    return actor.reader.regions_for(permissions.SUPERVISING) if actor.reader else ()


def _departments(actor: Actor) -> list[str]:
    return [one for grant in actor.reader.grants for one in grant.departments] if actor.reader else []


def _seen(actor: Actor) -> Any:
    rows = FollowUp.objects.select_related("department")
    if actor.system:
        return rows
    own = _departments(actor)
    letters = Q(department_id__in=own, sent_at__isnull=False)
    all_of = Q(region__in=reader_regions(actor)) & ~Q(department_id__in=own, sent_at__isnull=True)
    # Whoever went on the visit does not read how it was rated, whatever else he or she is.
    all_of &= ~Q(official_ids__contains=[actor.person_id])
    return rows.filter(letters | all_of)


def find_follow_up(follow_up_id: uuid.UUID, actor: Actor) -> FollowUp:
    """Return one follow-up that the actor may see. Raises NotFound."""
    with database.reading(actor.scope()):
        found: FollowUp | None = _seen(actor).filter(pk=follow_up_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="follow_up_not_found")
    return found


def follow_ups(
    *, actor: Actor, state: str = "", kind: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[FollowUp], uuid.UUID | None]:
    """Return follow-ups the actor may see, newest first, and the id to continue after. state: one, `open`, or all."""
    with database.reading(actor.scope()):
        rows = _seen(actor)
        if state:
            rows = rows.filter(state__in=OPEN_FOLLOWS if state == "open" else [state])
        if kind:
            rows = rows.filter(kind=kind)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def follow_up_actions(follow_up: FollowUp, actor: Actor) -> list[str]:
    """Return what this actor could do with it now, in table order: one truth for page, API and tests."""
    rows = [row for row in FOLLOW_UPS.allowed(FollowState(follow_up.state)) if SYSTEM not in row.roles]
    allowed = [row.action for row in rows if permissions.can(actor, row.action, follow_up)]
    with database.reading(THE_SYSTEM.scope()):
        called = "call" in allowed and Rating.objects.filter(pk=follow_up.rating_id, enterprise__isnull=False).exists()
    missing = {"call"} - ({"call"} if called else set())
    missing |= {"send_letter"} if follow_up.department_id is None else set()
    return [one for one in allowed if one not in missing]


def rating_of(follow_up: FollowUp, actor: Actor) -> Rating | None:
    """Return the rating behind a follow-up; None for everybody but supervisors who do not belong to the rated side."""
    own = permissions.of_department(actor, follow_up.department_id) or actor.person_id in follow_up.official_ids
    if own or not permissions.supervises(actor, follow_up.region):
        return None
    with database.reading(actor.scope()):
        return Rating.objects.select_related("enterprise").filter(pk=follow_up.rating_id).first()
