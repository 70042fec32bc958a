"""Shapes of instruments in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .selectors import Seen


class InstrumentQuery(Schema):
    """Filters of the register: one state or `open`, one kind, and what a figure opens (`late`, `objected`, …)."""

    state: str = ""
    kind: str = ""
    only: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class InstrumentOut(Schema):
    """An instrument. number: of its letter, empty before the issue; late: the reply came after its time."""

    id: uuid.UUID
    kind: str
    number: str
    region: str
    state: str
    issuer: str
    department: str
    case: str | None
    title: str
    parts: dict[str, str]
    minutes: str
    reply: str
    late: bool
    returned: int
    outcome: str
    objection: str
    objection_text: str
    review_text: str
    look: str
    relapses: int
    public: bool
    due_at: dt.datetime | None
    overdue: bool
    reply_due_at: dt.datetime | None
    objection_until: dt.datetime | None
    drafted_at: dt.datetime
    issued_at: dt.datetime | None
    received_at: dt.datetime | None
    replied_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class InstrumentPage(Schema):
    """A page of the register."""

    items: list[InstrumentOut]
    next: str | None


class InstrumentFigures(Schema):
    """Kind → how many: all, issued, open, replied_late, closed, taken_back, objected, upheld, look, relapsed."""

    kinds: dict[str, dict[str, int]]
    as_of: dt.datetime


_PLAIN = (
    "kind region state issuer title parts minutes reply late returned outcome objection objection_text review_text look"
    " relapses public"
).split()
_INSTANTS = "due_at reply_due_at objection_until drafted_at issued_at received_at replied_at ended_at".split()


def instrument(found: Seen) -> dict[str, Any]:
    """Return an instrument ready for JSON."""
    thing = found.thing
    return {
        "id": str(thing.id),
        "number": found.number,
        "department": thing.addressee.code,
        "case": thing.case.number if thing.case else None,
        **{name: getattr(thing, name) for name in _PLAIN},
        **{name: answers.local(getattr(thing, name)) for name in _INSTANTS},
        "overdue": found.overdue,
        "available_actions": found.available_actions,
    }
