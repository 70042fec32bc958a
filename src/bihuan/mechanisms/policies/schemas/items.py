"""Shapes of service items in the REST API."""

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Any

from ninja import Schema

from bihuan.foundation.kernel import answers

from .. import selectors
from ..models import Item
from ..selectors.items import SeenItem


class ItemRow(Schema):
    """A service item in the list. burden: steps, papers that an enterprise has to bring, working days."""

    id: uuid.UUID
    region: str
    code: str
    name: str
    kind: str
    state: str
    burden: dict[str, int]


class ServiceItemPage(Schema):
    """A page of service items."""

    items: list[ItemRow]
    next: str | None


class ReformOut(Schema):
    """One reform: steps, papers and days before and after, and the numbers of the matters that caused it."""

    number: int
    at: dt.datetime
    text: str
    before: dict[str, Any]
    after: dict[str, Any]
    cases: list[str]


class PromiseOut(Schema):
    """A paper that comes later (`tolerated`) or is replaced by a word (`promised`)."""

    id: uuid.UUID
    kind: str
    paper: str
    state: str
    due_at: dt.datetime
    late: bool


class ServiceItemOut(ItemRow):
    """A service item. demanded: papers that were demanded; of them not on the list, and to be had elsewhere."""

    department: str
    guide: str
    basis: str
    legal_days: int | None
    steps: list[str]
    papers: list[dict[str, Any]]
    reforms: list[ReformOut]
    promises: list[PromiseOut]
    demanded: int
    unlisted: int
    shareable: int
    available_actions: list[str]


def item_row(one: Item) -> dict[str, Any]:
    """Return an item as the list shows it."""
    names = "id region code name kind state".split()
    return {name: getattr(one, name) for name in names} | {"burden": asdict(selectors.items.burden(one))}


def item(found: SeenItem) -> dict[str, Any]:
    """Return an item as the API shows it."""
    one = found.item
    return item_row(one) | {
        **{name: getattr(one, name) for name in "guide basis legal_days steps papers".split()},
        "department": one.department.code,
        "reforms": [
            {
                **{name: getattr(each, name) for name in "number text before after".split()},
                "at": answers.local(each.at),
                "cases": sorted(case.number for case in each.cases.all()),
            }
            for each in found.reforms
        ],
        "promises": [
            {
                **{name: getattr(each, name) for name in "id kind paper state".split()},
                "due_at": answers.local(each.due_at),
                "late": each.late_since is not None,
            }
            for each in found.promises
        ],
        **{name: getattr(found, name) for name in "demanded unlisted shareable available_actions".split()},
    }
