"""Shapes of dispatch in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Return
from .selectors import Counts


class ObjectionQuery(Schema):
    """Filters of the list. `waiting`: only those not ruled on. `department`: code of who objected."""

    waiting: bool = False
    department: Annotated[str, Field(max_length=32)] = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ObjectionOut(Schema):
    """One objection: the how-manieth of its case, who returned the matter, why, and what was ruled."""

    id: uuid.UUID
    case: str
    title: str
    region: str
    number: int
    department: str
    reason: str
    basis: str
    objected_at: dt.datetime
    ruled_at: dt.datetime | None
    upheld: bool | None
    went_to: str | None


class ObjectionPage(Schema):
    """A page of objections."""

    items: list[ObjectionOut]
    next: str | None


class PairOut(Schema):
    """Two departments, by code, and how many matters went each way between them by an upheld objection."""

    first: str
    second: str
    there: int
    back: int
    together: int


class ReturnerOut(Schema):
    """One department: how often it objected, and what was ruled."""

    department: str
    objections: int
    upheld: int
    refused: int
    waiting: int


class ReturnsOut(Schema):
    """Ping-pong between departments, over how many objections."""

    objections: int
    pairs: list[PairOut]
    departments: list[ReturnerOut]


def objection(row: Return) -> dict[str, Any]:
    """Return an objection ready for JSON."""
    return {
        "id": str(row.id),
        "case": row.case.number,
        "title": row.case.title,
        "region": row.region,
        "number": row.number,
        "department": row.came_from.code,
        "reason": row.reason,
        "basis": row.basis,
        "objected_at": answers.local(row.objected_at),
        "ruled_at": answers.local(row.ruled_at),
        "upheld": row.upheld,
        "went_to": row.went_to.code if row.went_to else None,
    }


def returns(found: Counts) -> dict[str, Any]:
    """Return the counts ready for JSON."""
    return {
        "objections": found.objections,
        "pairs": [
            {
                "first": pair.first.code,
                "second": pair.second.code,
                "there": pair.there,
                "back": pair.back,
                "together": pair.together,
            }
            for pair in found.pairs
        ],
        "departments": [
            {
                "department": one.department.code,
                "objections": one.objections,
                "upheld": one.upheld,
                "refused": one.refused,
                "waiting": one.waiting,
            }
            for one in found.returners
        ],
    }
