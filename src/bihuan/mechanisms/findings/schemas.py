"""Shapes of findings in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .selectors import Seen
from .services import Receipt
from .states import list_of


class FindingQuery(Schema):
    """Filters: one of the lists, one nature, and what a figure opens (`late`, `look`, `relapsed`, `found`)."""

    on_list: str = ""
    nature: str = ""
    only: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class FindingOut(Schema):
    """A finding. on_list: which of the three linked lists it stands on; letter: number of the letter it became."""

    id: uuid.UUID
    region: str
    state: str
    on_list: str
    nature: str
    source: str
    title: str
    text: str
    department: str | None
    case: str | None
    letter: str
    check_on: dt.date | None
    demand: str
    answer: str
    outcome: str
    sent_back: int
    look: str
    relapses: int
    due_at: dt.datetime | None
    overdue: bool
    made_at: dt.datetime
    found_at: dt.datetime | None
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class FindingPage(Schema):
    """A page of the lists."""

    items: list[FindingOut]
    next: str | None


class FindingReceipt(Schema):
    """What the giver of a clue gets, once."""

    number: str
    seal: str
    received_at: dt.datetime


class FindingFigures(Schema):
    """Counts: planned, found, clue, common, unclear, single, written_off, late, relapsed."""

    counts: dict[str, int]
    as_of: dt.datetime


_PLAIN = "region state nature source title letter check_on demand answer outcome sent_back look relapses".split()
_INSTANTS = "due_at made_at found_at answered_at ended_at".split()


def finding(found: Seen) -> dict[str, Any]:
    """Return a finding ready for JSON."""
    thing = found.thing
    return {
        "id": str(thing.id),
        "on_list": list_of(thing.state),
        "text": thing.text,
        "department": thing.department.code if thing.department else None,
        "case": thing.case.number if thing.case and found.inside else None,
        **{name: getattr(thing, name) for name in _PLAIN},
        **{name: answers.local(getattr(thing, name)) for name in _INSTANTS},
        "overdue": found.overdue,
        "available_actions": found.available_actions,
    }


def receipt(given: Receipt) -> dict[str, Any]:
    """Return the receipt of a clue ready for JSON."""
    return {"number": given.number, "seal": given.seal, "received_at": answers.local(given.received_at)}
