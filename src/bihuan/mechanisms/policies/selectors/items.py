"""Service items: published ones for everybody; what was demanded and promised for both sides."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger

from .. import permissions
from ..models import Demand, Item, Promise, Reform
from ..rules import papers
from ..states import ITEMS, PROMISES, ItemState, PromiseState

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class SeenItem:
    """An item as a reader sees it. demands: papers that were demanded, of them not on the list, of them shareable."""

    item: Item
    reforms: list[Reform]
    promises: list[Promise]
    demanded: int
    unlisted: int
    shareable: int
    available_actions: list[str]


def seen(actor: Actor) -> Any:
    """Return the items the actor may read."""
    rows = Item.objects.select_related("department")
    if actor.system:
        return rows
    scope = actor.scope()
    own = Q(region__in=list(scope.regions)) | Q(department_id__in=list(scope.departments))
    return rows.filter(~Q(state="draft") | own)


def page(
    *, actor: Actor, kind: str = "", text: str = "", before: uuid.UUID | None = None, limit: int = PAGE
) -> tuple[list[Item], uuid.UUID | None]:
    """Return items the actor may read, newest first, and the id to continue after."""
    with database.reading(actor.scope()):
        rows = seen(actor)
        rows = rows.filter(kind=kind) if kind else rows
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else rows
        rows = rows.filter(id__lt=before) if before is not None else rows
        found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find(*, item_id: uuid.UUID, actor: Actor) -> SeenItem:
    """Return one item with its reforms. Raises NotFound."""
    with database.reading(actor.scope()):
        found: Item | None = seen(actor).filter(pk=item_id).first()
        if found is None:
            raise errors.NotFound(
                _("There is no such service item here, or you may not see it."), code="item_not_found"
            )
        reforms = list(found.reforms.prefetch_related("cases").order_by("-number"))
        promises = list(Promise.objects.filter(item=found).select_related("enterprise").order_by("-id")[:50])
        counted = Demand.objects.filter(item=found).aggregate(
            n=Count("id"), unlisted=Count("id", filter=Q(listed=False)), shared=Count("id", filter=Q(shared=True))
        )
    rows = ITEMS.allowed(ItemState(found.state))
    return SeenItem(
        item=found,
        reforms=reforms,
        promises=promises,
        demanded=counted["n"],
        unlisted=counted["unlisted"],
        shareable=counted["shared"],
        available_actions=[row.action for row in rows if permissions.can_item(actor, row.action, found)],
    )


def promise_actions(promise: Promise, actor: Actor) -> list[str]:
    """Return what this actor could do with a promise now."""
    rows = PROMISES.allowed(PromiseState(promise.state))
    return [row.action for row in rows if permissions.can_item(actor, row.action, promise)]


def papers_of(item: Item) -> tuple[papers.Paper, ...]:
    """Return the papers of an item."""
    return papers.read(item.papers)


def burden(item: Item) -> papers.Burden:
    """Return what an item costs an enterprise."""
    return papers.burden(item.steps, papers_of(item), item.days)


def trace(*, found: SeenItem, actor: Actor) -> list[dict[str, Any]]:
    """Return the facts of an item, in order of time; for those who write it."""
    item = found.item
    if not permissions.writes(actor, item.region, item.department_id):
        return []
    with database.reading(actor.scope()):
        return [{**ledger.content(fact), "of": item.name} for fact in ledger.history(item.id)]
