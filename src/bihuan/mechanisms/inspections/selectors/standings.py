"""Classes of enterprises and the records behind them: for the enterprise itself, for enforcers, for the region."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from .. import permissions
from ..models import Batch, Record, Standing
from ..rulebook import Inspections
from ..rules import classes
from ..states import STANDINGS, StandingState

PAGE = 50


def _regions(actor: Actor) -> list[str]:
    """Return where the actor reads the classes of all enterprises: they are pushed to every enforcer."""
    if actor.reader is None:
        return []
    enforcing = actor.reader.regions_for(permissions.ENFORCERS)
    return list(dict.fromkeys([*actor.scope().regions, *enforcing]))


def _seen(actor: Actor) -> Any:
    rows = Standing.objects.select_related("enterprise")
    if actor.system:
        return rows
    if actor.reader is None:
        return rows.none()
    return rows.filter(Q(region__in=_regions(actor)) | Q(enterprise_id__in=list(actor.scope().enterprises)))


def classes_page(
    *, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Standing], uuid.UUID | None]:
    """Return classes the actor may see, newest first, and the id to continue after.

    only: `grade`, `state`, `year`, `enterprise` (USCC), `region`.
    """
    # The wall of the table lets through what belongs to the reader's regions; enforcers read by this rule alone.
    with database.reading(THE_SYSTEM.scope()):
        rows = _seen(actor)
        fields = {"grade": "grade", "state": "state", "enterprise": "enterprise__uscc", "region": "region"}
        rows = rows.filter(**{fields[key]: value for key, value in only.items() if value and key in fields})
        year = only.get("year", "")
        rows = rows.filter(year=int(year)) if year.isdecimal() and len(year) == 4 else rows
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find_standing(standing_id: uuid.UUID, actor: Actor) -> Standing:
    """Return one class that the actor may see. Raises NotFound."""
    with database.reading(THE_SYSTEM.scope()):
        found: Standing | None = _seen(actor).filter(pk=standing_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such class here, or you may not see it."), code="class_not_found")
    return found


def standing_actions(standing: Standing, actor: Actor) -> list[str]:
    """Return what this actor could do with the class now, in table order."""
    rows = STANDINGS.allowed(StandingState(standing.state))
    return [row.action for row in rows if permissions.can(actor, row.action, standing)]


def standing_trace(standing: Standing) -> list[dict[str, Any]]:
    """Return the facts of a class, oldest first."""
    with database.reading(THE_SYSTEM.scope()):
        return [ledger.content(fact) for fact in ledger.history(standing.id)]


def standing_of(*, enterprise: Enterprise, actor: Actor) -> Standing | None:
    """Return the newest class of an enterprise for those who may read it, else None."""
    if not permissions.reads_records(actor, enterprise.id, frozenset({enterprise.region})):
        return None
    with database.reading(THE_SYSTEM.scope()):
        rows = Standing.objects.filter(enterprise=enterprise).select_related("enterprise")
        return rows.order_by("-rated_at", "-id").first()


def grades_of(*, enterprises: Collection[uuid.UUID], book: Inspections) -> dict[uuid.UUID, str]:
    """Return enterprise → the class that counts, wherever it was rated. Two standings each suffice; one query.

    Inside a unit of work. An objection that waits puts the earlier class back.
    """
    found: dict[uuid.UUID, list[tuple[str, bool]]] = defaultdict(list)
    for enterprise, grade, state in database.fetch(_NEWEST, [list(enterprises)]):
        found[enterprise].append((grade, state == StandingState.OBJECTED.value))
    known = [one.id for one in book.classes.grades]
    return {
        one: classes.in_force(found.get(one, ()), known, book.classes.unrated) for one in dict.fromkeys(enterprises)
    }


_NEWEST = (
    "select enterprise_id, grade, state from inspections_standing where enterprise_id = any(%s::uuid[])"
    " order by enterprise_id, rated_at desc, id desc"
)


def records_of(*, enterprise: Enterprise, actor: Actor, limit: int = 200) -> list[Record]:
    """Return the newest records of an enterprise for those who may read them; none for others."""
    if not permissions.reads_records(actor, enterprise.id, frozenset({enterprise.region})):
        return []
    with database.reading(THE_SYSTEM.scope()):
        rows = Record.objects.filter(enterprise=enterprise).select_related("department", "check_made")
        return list(rows.order_by("-on", "-id")[:limit])


def find_batch(batch_id: uuid.UUID, actor: Actor) -> Batch:
    """Return one batch of records, for whoever entered it and for staff of the region. Raises NotFound."""
    with database.reading(THE_SYSTEM.scope()):
        found = Batch.objects.filter(pk=batch_id).first()
    mine = found is not None and actor.person_id is not None and found.entered_by == actor.person_id
    if found is None or not (mine or found.region in actor.scope().regions):
        raise errors.NotFound(_("There is no such file here, or you may not see it."), code="batch_not_found")
    return found
