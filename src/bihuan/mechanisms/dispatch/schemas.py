"""Shapes of dispatch in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from . import panels
from .models import Return
from .selectors import Counts, Month, Waiting
from .selectors.catalogue import Catalogue, Matter


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


class TriageQuery(Schema):
    """Cursor of the desk."""

    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class TriageOut(Schema):
    """A new matter on the desk. complete: `take` is enough; `proposal` as in a case."""

    number: str
    title: str
    region: str
    state: str
    urgent: bool
    raised_at: dt.datetime
    complete: bool
    proposal: dict[str, Any] | None


class TriagePage(Schema):
    """A page of the desk, the oldest first."""

    items: list[TriageOut]
    next: str | None


class DecisionIn(Schema):
    """What a person decides about a new matter: accepted with it, and dispatched where `lead` is named.

    matter: of the catalogue, as it is written there; "" for none of them, left out for the recognized one.
    """

    tier: Literal["ordinary", "complex", "hard"]
    board: Annotated[str, Field(min_length=1, max_length=64)]
    category: Annotated[str, Field(max_length=64)] = ""
    urgent: bool = False
    lead: Annotated[str, Field(max_length=64)] = ""
    co: Annotated[list[str], Field(max_length=20)] = []
    matter: Annotated[str | None, Field(max_length=200)] = None


class DecidedOut(Schema):
    """The state of the case after the decision."""

    number: str
    state: str
    board: str
    tier: str


class MatterOut(Schema):
    """An entry of the catalogue; departments by code. used, overruled: of decisions on a lead, since it is known."""

    matter: str
    words: list[str]
    category: str | None
    board: str | None
    tier: str | None
    level: str | None
    lead: str
    co: list[str]
    not_to: list[str]
    basis: str
    used: int
    overruled: int


class CatalogueOut(Schema):
    """An edition of the dispatch catalogue; `edition` is null where a place has none."""

    region: str
    edition: int | None
    in_force_at: dt.datetime | None
    items: list[MatterOut]


class PartOut(Schema):
    """One part of proposals: decided on, right, and the share (null for none)."""

    part: str
    decided: int
    right: int
    share: float | None


class MonthOut(Schema):
    """A month by its first day; null for the whole."""

    month: dt.date | None
    decided: int
    corrected: int
    without_proposal: int
    parts: list[PartOut]


class AccuracyOut(Schema):
    """Proposals against decisions: the whole of half a year, then its months."""

    items: list[MonthOut]


class ModelOut(Schema):
    """The card of the text model of a place; `why` says why there is none (`missing`, `broken`)."""

    region: str
    why: str
    card: dict[str, Any] | None
    limits: list[str]


def waiting(row: Waiting) -> dict[str, Any]:
    """Return a new matter ready for JSON."""
    case = row.case
    return {
        "number": case.number,
        "title": case.title,
        "region": case.region,
        "state": case.state,
        "urgent": case.urgent,
        "raised_at": answers.local(case.raised_at),
        "complete": row.complete,
        "proposal": panels.plain(row.proposal) if row.proposal and row.proposal.parts else None,
    }


def catalogue(region: str, found: Catalogue) -> dict[str, Any]:
    """Return an edition ready for JSON."""
    edition = found.edition
    return {
        "region": region,
        "edition": edition.number if edition else None,
        "in_force_at": answers.local(edition.in_force_at) if edition else None,
        "items": [_matter(one) for one in found.matters],
    }


def _matter(one: Matter) -> dict[str, Any]:
    entry = one.entry
    return {
        "matter": entry.matter,
        "words": entry.words,
        **{name: getattr(entry, name) or None for name in ("category", "board", "tier", "level")},
        "lead": one.lead.code,
        "co": [unit.code for unit in one.co],
        "not_to": [unit.code for unit in one.barred],
        "basis": entry.basis,
        "used": one.used,
        "overruled": one.overruled,
    }


def accuracy(found: list[Month]) -> dict[str, Any]:
    """Return the figures ready for JSON."""
    return {
        "items": [
            {
                "month": month.begin,
                "decided": month.decided,
                "corrected": month.corrected,
                "without_proposal": month.silent,
                "parts": [
                    {"part": part.field, "decided": part.decided, "right": part.right, "share": part.share}
                    for part in month.parts
                ],
            }
            for month in found
        ]
    }
