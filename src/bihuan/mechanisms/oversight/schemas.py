"""Shapes of oversight in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .selectors import Seen


class OrderQuery(Schema):
    """Filters of a list: one state, `open`, or nothing for all."""

    state: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class OrderOut(Schema):
    """A supervision order. due_at: when the step that is expected now is due."""

    id: uuid.UUID
    number: str
    case: str
    title: str
    region: str
    state: str
    light: str
    cause: str
    owner: str
    due_at: dt.datetime | None
    overdue: bool
    demand: str
    report: str
    outcome: str
    sent_back: int
    drafted_at: dt.datetime
    issued_at: dt.datetime | None
    signed_at: dt.datetime | None
    reported_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class OrderPage(Schema):
    """A page of orders."""

    items: list[OrderOut]
    next: str | None


class EntryOut(Schema):
    """A matter on a list: `warning`."""

    id: uuid.UUID
    kind: str
    case: str
    title: str
    region: str
    state: str
    light: str
    cause: str
    words: str
    listed_at: dt.datetime
    seen_at: dt.datetime | None
    cleared_at: dt.datetime | None
    available_actions: list[str]


class EntryPage(Schema):
    """A page of a list."""

    items: list[EntryOut]
    next: str | None


_ORDER = "number region state light cause owner demand report outcome sent_back".split()
_ORDER_AT = "due_at drafted_at issued_at signed_at reported_at ended_at".split()
_ENTRY = "kind region state light cause words".split()
_ENTRY_AT = "listed_at seen_at cleared_at".split()


def order(found: Seen) -> dict[str, Any]:
    """Return an order ready for JSON."""
    return {**_shown(found, _ORDER, _ORDER_AT), "overdue": found.overdue}


def entry(found: Seen) -> dict[str, Any]:
    """Return an entry ready for JSON."""
    return _shown(found, _ENTRY, _ENTRY_AT)


def _shown(found: Seen, plain: list[str], instants: list[str]) -> dict[str, Any]:
    return {
        "id": str(found.thing.id),
        "case": found.case.number,
        "title": found.case.title,
        **{name: getattr(found.thing, name) for name in plain},
        **{name: answers.local(getattr(found.thing, name)) for name in instants},
        "available_actions": found.available_actions,
    }
