"""What pages of service items show."""

from typing import Any

from django.utils.translation import get_language

from bihuan.casework.cases.permissions import Actor

from .. import forms, permissions, selectors, wording
from ..models import Item
from ..rulebook import Policies
from ..rules import papers
from ..selectors.items import SeenItem
from .library import entries


def kinds(book: Policies) -> dict[str, str]:
    """Return the kinds of items in the reader's language."""
    language = get_language() or "zh-hans"
    return {one.id: one.name.in_language(language) for one in book.item_kinds}


def row(one: Item, names: dict[str, str]) -> tuple[Item, str, Any, papers.Burden]:
    """Return a row of the catalogue: the item, its kind, where it stands, what it costs an enterprise."""
    return one, names.get(one.kind, one.kind), wording.ITEMS[one.state], selectors.items.burden(one)


def sheet(found: SeenItem, actor: Actor, book: Policies) -> dict[str, Any]:
    """Return what the page of one item shows."""
    item = found.item
    writes = permissions.writes(actor, item.region, item.department_id)
    return {
        "item": item,
        "found": found,
        "kind": kinds(book).get(item.kind, item.kind),
        "state": wording.ITEMS[item.state],
        "papers": [
            (one, "、".join(str(wording.WAYS[way]) for way in one.ways)) for one in selectors.items.papers_of(item)
        ],
        "burden": selectors.items.burden(item),
        "reforms": [(one, _before_after(one), list(one.cases.all())) for one in found.reforms],
        "promises": [
            (
                one,
                wording.PROMISE_KINDS[one.kind],
                wording.PROMISES[one.state],
                [(name, *wording.ITEM_ACTIONS[name]) for name in selectors.items.promise_actions(one, actor)],
            )
            for one in found.promises
        ],
        "actions": [(name, *wording.ITEM_ACTIONS[name]) for name in found.available_actions],
        "given": given(item),
        "kinds": kinds(book).items(),
        "promise_kinds": wording.PROMISE_KINDS.items(),
        "writes": writes,
        "window": permissions.holds(actor, permissions.ITEM_STAFF, item.region) or writes,
        "entries": entries(selectors.items.trace(found=found, actor=actor)),
    }


def _before_after(reform: Any) -> list[tuple[str, int, int]]:
    return [(name, reform.before[name], reform.after[name]) for name in ("steps", "papers", "days")]


def given(item: Item) -> dict[str, Any]:
    """Return what the form of an item shows."""
    return {
        "name": item.name,
        "kind": item.kind,
        "guide": item.guide,
        "basis": item.basis,
        "legal_days": "" if item.legal_days is None else item.legal_days,
        "days": item.days,
        "steps": "\n".join(item.steps),
        "papers": forms.papers_text(item.papers),
    }
