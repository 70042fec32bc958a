"""Shapes of double hand-overs in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .selectors import Seen, Side


class HandoverQuery(Schema):
    """Filters of the register: `open`, `late`, `ended`, or all."""

    only: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class HandoverAccount(Schema):
    """One side. department: code, none for discipline inspection; report: empty where it is not to be read yet."""

    id: uuid.UUID
    side: str
    department: str | None
    state: str
    report: str
    outcome: str
    sent_back: int
    due_at: dt.datetime | None
    overdue: bool
    signed_at: dt.datetime | None
    reported_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class HandoverOut(Schema):
    """A matter handed to both sides at once."""

    id: uuid.UUID
    region: str
    case: str
    title: str
    demand: str
    given_at: dt.datetime
    ended_at: dt.datetime | None
    accounts: list[HandoverAccount]


class HandoverPage(Schema):
    """A page of the register."""

    items: list[HandoverOut]
    next: str | None


def _side(side: Side) -> dict[str, Any]:
    one = side.account
    return {
        "id": str(one.id),
        "side": one.side,
        "department": one.department.code if one.department else None,
        "state": one.state,
        "report": one.report if side.open_to else "",
        "outcome": one.outcome if side.open_to else "",
        "sent_back": one.sent_back,
        "overdue": side.overdue,
        **{name: answers.local(getattr(one, name)) for name in ("due_at", "signed_at", "reported_at", "ended_at")},
        "available_actions": side.available_actions,
    }


def handover(found: Seen) -> dict[str, Any]:
    """Return a hand-over ready for JSON."""
    one = found.handover
    return {
        "id": str(one.id),
        "region": one.region,
        "case": one.number,
        "title": one.title,
        "demand": one.demand,
        "given_at": answers.local(one.given_at),
        "ended_at": answers.local(one.ended_at),
        "accounts": [_side(side) for side in found.sides],
    }
