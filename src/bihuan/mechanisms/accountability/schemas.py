"""Shapes of simulated accountability in the REST API. No name of a person stands in any of them."""

import datetime as dt
import uuid
from collections import Counter
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Check, Entry, Observer, Point, Relief, Sign
from .rulebook import Accountability
from .selectors import Dossier, Seen


class InquiryQuery(Schema):
    """Filters of the list: one state, `open`, `late`, or nothing for all; and what a figure counts."""

    state: str = ""
    outcome: str = ""
    unit: str = ""
    kind: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class InquiryPart(Schema):
    """Filters of the lists of early signs, and of tolerance findings and letters."""

    state: str = ""
    kind: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class InquiryOut(Schema):
    """A simulated accountability. Texts of the office's side are null for the unit; nothing here is a penalty."""

    id: uuid.UUID
    number: str
    title: str
    region: str
    state: str
    unit: str
    application: str | None
    answer: str | None
    unit_says: str
    outcome: str
    finding: str
    rectification: str
    result: str
    visits: int
    failed: int
    returned: int
    due_at: dt.datetime | None
    late: bool
    applied_at: dt.datetime
    taken_on_at: dt.datetime | None
    found_at: dt.datetime | None
    found_due: dt.datetime | None
    rectified_at: dt.datetime | None
    rectified_due: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class InquiryList(Schema):
    """A page of inquiries."""

    items: list[InquiryOut]
    next: str | None


class InquiryDuty(Schema):
    """One responsibility: whose post, which failing, what would apply if it were established, on which provision."""

    id: uuid.UUID
    unit: str
    bearer: str
    section: str
    post: str
    kind: str
    text: str
    would_apply_if_established: str
    provision: str


class InquiryRelief(Schema):
    """A tolerance finding, or a letter that something does not affect use. For a post; no name."""

    id: uuid.UUID
    number: str
    kind: str
    state: str
    unit: str
    section: str
    post: str
    text: str
    answer: str
    proposed_at: dt.datetime
    ended_at: dt.datetime | None
    available_actions: list[str]


class InquiryReliefs(Schema):
    """A page of tolerance findings and letters."""

    items: list[InquiryRelief]
    next: str | None


class InquiryFile(InquiryOut):
    """One inquiry with its responsibilities, return visits, tolerance findings and letters, as the caller may see."""

    duties: list[InquiryDuty]
    visit_notes: list[dict[str, Any]]
    reliefs: list[InquiryRelief]


class InquirySign(Schema):
    """An early sign about a unit in a matter, with its evidence [{what, value}]."""

    id: uuid.UUID
    case: str
    region: str
    unit: str
    kind: str
    state: str
    evidence: list[dict[str, Any]]
    unit_says: str
    answer: str
    found_at: dt.datetime
    ended_at: dt.datetime | None
    available_actions: list[str]


class InquirySigns(Schema):
    """A page of early signs."""

    items: list[InquirySign]
    next: str | None


class InquiryEntry(Schema):
    """What one board or town found at itself: [{kind, text, fix}]."""

    id: uuid.UUID
    name: str
    board: str
    found: list[dict[str, str]]
    text: str
    answered_at: dt.datetime | None


class InquiryRound(Schema):
    """A round of self-checks with the answers that the caller may see."""

    id: uuid.UUID
    region: str
    title: str
    state: str
    due_at: dt.datetime | None
    opened_at: dt.datetime
    ended_at: dt.datetime | None
    entries: list[InquiryEntry]


class InquiryRounds(Schema):
    """Rounds of self-checks."""

    items: list[InquiryRound]
    next: str | None


class InquiryPoint(Schema):
    """An observation point: its observers by id only, and what became of their hints of the last year."""

    id: uuid.UUID
    region: str
    name: str
    kind: str
    town: str
    advice: bool
    state: str
    observers: list[uuid.UUID]
    hints: dict[str, int]


class InquiryPoints(Schema):
    """Observation points."""

    items: list[InquiryPoint]
    next: str | None


class InquiryHint(Schema):
    """One matter that the caller noticed, and what became of it."""

    case: str
    title: str
    state: str
    achieved: bool | None
    raised_at: dt.datetime


class InquiryHints(Schema):
    """Hints of the caller."""

    items: list[InquiryHint]
    next: str | None


class InquiryFigures(Schema):
    """Counts without names; `in_time`: {report: [in time, all]}."""

    all: int
    late: int
    states: dict[str, int]
    outcomes: dict[str, int]
    units: dict[str, int]
    kinds: dict[str, int]
    signs: dict[str, int]
    reliefs: dict[str, int]
    in_time: dict[str, list[int]]


class InquiryProblems(Schema):
    """The problem list in force: classes with kinds, treatments and posts. proposed: not yet decided by the place."""

    proposed: bool
    problems: list[dict[str, Any]]
    treatments: list[dict[str, Any]]
    posts: list[dict[str, Any]]


_PLAIN = "number title region state unit_says outcome finding rectification result visits failed returned".split()
_AT = "due_at applied_at taken_on_at found_at found_due rectified_at rectified_due ended_at".split()


def inquiry(found: Seen) -> dict[str, Any]:
    """Return an inquiry ready for JSON; what the office keeps to itself is left out for the unit."""
    one = found.inquiry
    return {
        "id": str(one.id),
        "unit": one.unit.code,
        **{name: getattr(one, name) for name in _PLAIN},
        **{name: answers.local(getattr(one, name)) for name in _AT},
        **{name: getattr(one, name) if found.inside else None for name in ("application", "answer")},
        "late": found.late,
        "available_actions": found.available_actions,
    }


def dossier(found: Dossier) -> dict[str, Any]:
    """Return one inquiry with what hangs on it, ready for JSON."""
    return {
        **inquiry(found.seen),
        "duties": [
            {
                "id": str(duty.id),
                "unit": duty.department.code,
                "bearer": duty.bearer.code,
                **{name: getattr(duty, name) for name in ("section", "post", "kind", "text", "provision")},
                "would_apply_if_established": duty.treatment,
            }
            for duty in found.duties
        ],
        "visit_notes": [{"done": one.done, "text": one.text, "at": answers.local(one.at)} for one in found.visits],
        "reliefs": [relief(one, actions) for one, actions in found.reliefs],
    }


def relief(one: Relief, actions: list[str]) -> dict[str, Any]:
    """Return a tolerance finding or letter ready for JSON."""
    return {
        "id": str(one.id),
        "unit": one.department.code,
        **{name: getattr(one, name) for name in ("number", "kind", "state", "section", "post", "text", "answer")},
        "proposed_at": answers.local(one.proposed_at),
        "ended_at": answers.local(one.ended_at),
        "available_actions": actions,
    }


def sign(one: Sign, actions: list[str]) -> dict[str, Any]:
    """Return an early sign ready for JSON."""
    return {
        "id": str(one.id),
        "case": one.case.number,
        "unit": one.department.code,
        **{name: getattr(one, name) for name in ("region", "kind", "state", "evidence", "unit_says", "answer")},
        "found_at": answers.local(one.found_at),
        "ended_at": answers.local(one.ended_at),
        "available_actions": actions,
    }


def check(one: Check, entries: list[Entry]) -> dict[str, Any]:
    """Return a round of self-checks ready for JSON."""
    return {
        "id": str(one.id),
        **{name: getattr(one, name) for name in ("region", "title", "state")},
        **{name: answers.local(getattr(one, name)) for name in ("due_at", "opened_at", "ended_at")},
        "entries": [
            {
                "id": str(entry.id),
                **{name: getattr(entry, name) for name in ("name", "board", "found", "text")},
                "answered_at": answers.local(entry.answered_at),
            }
            for entry in entries
        ],
    }


def point(one: Point, observers: list[Observer], hints: Counter[str]) -> dict[str, Any]:
    """Return an observation point ready for JSON; observers are ids, their names stay inside."""
    return {
        "id": str(one.id),
        **{name: getattr(one, name) for name in ("region", "name", "kind", "town", "advice", "state")},
        "observers": [str(seat.person_id) for seat in observers],
        "hints": dict(hints),
    }


def figures(found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures ready for JSON; units by code."""
    units: Counter[str] = Counter()
    for (code, _name), count in found["units"].items():
        units[code] += count
    return found | {"units": units, "in_time": {name: list(pair) for name, pair in found["in_time"].items()}}


def problems(book: Accountability) -> dict[str, Any]:
    """Return the problem list ready for JSON."""
    plain = book.model_dump(mode="json")
    return {name: plain[name] for name in ("proposed", "problems", "treatments", "posts")}
