"""Shapes of frequent matters in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .selectors import Seen


class FrequentQuery(Schema):
    """Filters of the list: one state, `open`, or all."""

    state: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class FrequentOut(Schema):
    """A frequent matter. matters: how many cases were counted; firms: how many enterprises raised them."""

    id: uuid.UUID
    region: str
    state: str
    category: str
    department: str
    since: dt.date
    until: dt.date
    matters: int
    firms: int
    demand: str
    answer: str
    outcome: str
    order_on: str
    due_at: dt.datetime | None
    overdue: bool
    listed_at: dt.datetime
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class FrequentPage(Schema):
    """A page of the list."""

    items: list[FrequentOut]
    next: str | None


_PLAIN = "region state category since until firms demand answer outcome order_on".split()
_INSTANTS = "due_at listed_at answered_at ended_at".split()


def frequent(found: Seen) -> dict[str, Any]:
    """Return a frequent matter ready for JSON."""
    thing = found.thing
    return {
        "id": str(thing.id),
        "department": thing.department.code,
        "matters": len(thing.cases),
        **{name: getattr(thing, name) for name in _PLAIN},
        **{name: answers.local(getattr(thing, name)) for name in _INSTANTS},
        "overdue": found.overdue,
        "available_actions": found.available_actions,
    }
