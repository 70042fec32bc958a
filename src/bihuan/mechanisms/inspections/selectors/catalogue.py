"""What is listed: published items for everybody, the rest for those who enter and publish it."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import THE_SYSTEM, Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import database, errors

from .. import permissions
from ..models import LISTS, Item, Listed, Officer, Sheltered
from ..states import LISTED, ListedState

PAGE = 100
PUBLISHED = ListedState.PUBLISHED.value


def published_items(*, region: str = "", category: str = "", department: str = "") -> list[Item]:
    """Return the published items of a region or of all, by body and code; anybody may read them."""
    with database.reading(THE_SYSTEM.scope()):
        rows = Item.objects.filter(state=PUBLISHED).select_related("department")
        rows = rows.filter(region=region) if region else rows
        rows = rows.filter(category=category) if category else rows
        rows = rows.filter(department__code=department) if department else rows
        return list(rows.order_by("region", "department__pinyin", "code")[:2000])


def _seen(name: str, actor: Actor) -> Any:
    model = LISTS[name]
    own = name != "sheltered"
    rows = model.objects.select_related("department") if own else model.objects.select_related("enterprise")  # type: ignore[attr-defined]
    if actor.system:
        return rows
    if actor.reader is None or not actor.reader.roles & set(permissions.READERS):
        return rows.none()
    mine = Q(department_id__in=list(actor.scope().departments)) if own else Q(pk=None)
    return rows.filter(Q(region__in=actor.scope().regions) | mine)


def listed_page(
    *, name: str, actor: Actor, before: uuid.UUID | None = None, limit: int = PAGE, **only: str
) -> tuple[list[Any], uuid.UUID | None]:
    """Return what stands on a list (`item`, `power`, `officer`, `sheltered`), newest first, and where to go on.

    only: `state`, `department` (id). Raises NotFound for a list of another name.
    """
    if name not in LISTS:
        raise errors.NotFound(_("There is no list of this name."), code="list_unknown")
    with database.reading(actor.scope()):
        rows = _seen(name, actor)
        fields = {"state": "state"} | ({} if name == "sheltered" else {"department": "department_id"})
        rows = rows.filter(**{fields[key]: value for key, value in only.items() if value and key in fields})
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find_listed(*, name: str, listed_id: uuid.UUID, actor: Actor) -> Listed:
    """Return one entry of a list that the actor may see. Raises NotFound."""
    if name in LISTS:
        with database.reading(actor.scope()):
            found: Listed | None = _seen(name, actor).filter(pk=listed_id).first()
        if found is not None:
            return found
    raise errors.NotFound(_("There is no such entry here, or you may not see it."), code="listed_not_found")


def listed_actions(listed: Listed, actor: Actor) -> list[str]:
    """Return what this actor could do with an entry now, in table order."""
    rows = LISTED.allowed(ListedState(listed.state))
    return [row.action for row in rows if permissions.can(actor, row.action, listed)]


def powers_of(*, departments: Collection[uuid.UUID], on: dt.date) -> frozenset[uuid.UUID]:
    """Return those of the bodies whose power to check is published and holds on a day. Inside a unit of work."""
    return frozenset(one for (one,) in database.fetch(_POWERS, [list(departments), on]))


_POWERS = (
    "select department_id from inspections_power"
    " where department_id = any(%s::uuid[]) and state = 'published' and (until is null or until >= %s)"
)


def published_officers(*, department: uuid.UUID, on: dt.date) -> list[Officer]:
    """Return the officers of a body whose certificate holds on a day, by name."""
    with database.reading(THE_SYSTEM.scope()):
        rows = Officer.objects.filter(department=department, state=PUBLISHED, until__gte=on)
        return list(rows.order_by("name", "id")[:500])


def is_sheltered(*, region: str, enterprise: uuid.UUID) -> bool:
    """Tell whether an enterprise stands on the whitelist of a region. Inside a unit of work."""
    return Sheltered.objects.filter(region=region, enterprise=enterprise, state=PUBLISHED).exists()


def bodies_of(actor: Actor) -> Sequence[Department]:
    """Return the bodies for which the actor registers checks."""
    grants = actor.reader.grants if actor.reader else ()
    ids = dict.fromkeys(one.department_id for one in grants if one.role in permissions.ENFORCERS and one.department_id)
    return [found for one in ids if (found := directory.department_by_id(one)) is not None]


def body_of(actor: Actor, code: str) -> Department:
    """Return the actor's body with this code, or the only one. Raises Forbidden."""
    bodies = [one for one in bodies_of(actor) if code in ("", one.code)]
    if not bodies:
        raise errors.Forbidden(_("You may register checks of your own body only."), code="other_body")
    return bodies[0]


def items_of(ids: Collection[uuid.UUID]) -> list[Item]:
    """Return items by id, in whatever state: what a check was registered with stays readable."""
    with database.reading(THE_SYSTEM.scope()):
        return list(Item.objects.filter(pk__in=list(ids)).select_related("department").order_by("department", "code"))


def officers_of(ids: Collection[uuid.UUID]) -> list[Officer]:
    """Return officers by id, in whatever state."""
    with database.reading(THE_SYSTEM.scope()):
        return list(Officer.objects.filter(pk__in=list(ids)).order_by("name", "id"))
