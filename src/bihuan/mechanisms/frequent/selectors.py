"""Reads of frequent matters, with the eyes of an actor: offices of the place, and the department."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor, visible
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from . import permissions
from .models import OPEN_STATES, Frequent
from .rules import Raised
from .states import FREQUENT, SYSTEM, FrequentState

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A frequent matter as a reader sees it."""

    thing: Frequent
    overdue: bool
    available_actions: list[str]


def seen(actor: Actor) -> Any:
    """Return what the actor may see; the policy of migration 0002 says the same a second time."""
    rows = Frequent.objects.select_related("department")
    if actor.system:
        return rows
    if not permissions.watches(actor):
        return rows.none()
    scope = actor.scope()
    return rows.filter(Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments)))


def available_actions(thing: Frequent, actor: Actor) -> list[str]:
    """Return what this actor could do with it now, in table order: one truth for page, API and tests."""
    rows = FREQUENT.allowed(FrequentState(thing.state))
    return [row.action for row in rows if SYSTEM not in row.roles and permissions.can(actor, row.action, thing)]


def page(
    *, actor: Actor, now: dt.datetime, state: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Seen], uuid.UUID | None]:
    """Return frequent matters the actor may see, newest first, and the id to go on after. state: one, `open`, all."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        if state == "open":
            rows = rows.filter(state__in=OPEN_STATES)
        elif state:
            rows = rows.filter(state=state)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    shown = found[:limit]
    return [_seen(one, actor, now) for one in shown], (shown[-1].id if len(found) > limit else None)


def _seen(thing: Frequent, actor: Actor, now: dt.datetime) -> Seen:
    overdue = thing.due_at is not None and thing.due_at < now
    return Seen(thing=thing, overdue=overdue, available_actions=available_actions(thing, actor))


def find(*, frequent_id: uuid.UUID, actor: Actor, now: dt.datetime) -> Seen:
    """Return one. Raises NotFound when there is none for these eyes."""
    with database.reading(actor.scope()):
        found = seen(actor).filter(pk=frequent_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such matter here, or you may not see it."), code="frequent_not_found")
    return _seen(found, actor, now)


def matters(*, found: Seen, actor: Actor, limit: int = 20) -> list[Case]:
    """Return the newest of the matters that were counted, as far as the actor may see them."""
    with database.reading(actor.scope()):
        rows = Case.objects.filter(visible(actor), pk__in=found.thing.cases).defer("search", "description")
        return list(rows.order_by("-id")[:limit])


def trace(*, found: Seen, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of one that was found for the actor, oldest first."""
    with database.reading(actor.scope()):
        return [ledger.content(fact) for fact in ledger.history(found.thing.id)]


def running(request: Any) -> int:
    """Return how many open ones the reader sees, for the number beside the entry of the navigation."""
    with database.reading(request.actor.scope()):
        return int(seen(request.actor).filter(state__in=OPEN_STATES).count())


def raised(*, region: str, since: dt.datetime, until: dt.datetime) -> list[Raised]:
    """Return the matters that came in between two instants and that somebody leads; inside `database.writing()`."""
    rows = Case.objects.filter(
        region=region, raised_at__gte=since, raised_at__lt=until, lead_department__isnull=False
    ).exclude(category="")
    fields = ("category", "lead_department_id", "id", "enterprise_id")
    return [
        Raised(category, str(department), str(case), str(firm or ""))
        for category, department, case, firm in rows.order_by("id").values_list(*fields)
    ]


def counted(*, region: str, since: dt.date) -> set[str]:
    """Return the matters that were on the list already and may still fall into the days looked at."""
    rows = Frequent.objects.filter(region=region, until__gte=since).values_list("cases", flat=True)
    return {str(case) for cases in rows for case in cases}


def open_groups(*, region: str) -> Collection[tuple[str, str]]:
    """Return (category, department) of what is on the list of a region now; inside `database.writing()`."""
    rows = Frequent.objects.filter(region=region, state__in=OPEN_STATES)
    return {(category, str(department)) for category, department in rows.values_list("category", "department_id")}


def regions(*, since: dt.datetime) -> list[str]:
    """Return the places where matters came in since an instant; inside `database.writing()`."""
    rows = Case.objects.filter(raised_at__gte=since).order_by("region").values_list("region", flat=True)
    return list(rows.distinct())


def waiting(*, region: str) -> list[Frequent]:
    """Return what is open in a region, oldest first; inside `database.writing()`."""
    rows = Frequent.objects.filter(region=region, state__in=OPEN_STATES)
    return list(rows.select_related("department").order_by("id"))
