"""Shapes of the conference in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from . import selectors


class Query(Schema):
    """Filters of a list: one state, `open`, or nothing for all; kind of meeting; only late decisions."""

    state: str = ""
    kind: str = ""
    late: bool = False
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ItemOut(Schema):
    """A matter on its way through a conference or a consultation."""

    id: uuid.UUID
    case: str
    title: str
    region: str
    forum: str
    state: str
    source: str
    reason: str
    verdict: str
    brief: str
    options: list[str]
    meeting: str | None
    position: int
    minutes: int
    found_at: dt.datetime
    screened_at: dt.datetime | None
    ended_at: dt.datetime | None
    late: bool
    available_actions: list[str]


class DecisionOut(Schema):
    """A decision; case: null where the caller answers for it without handling the case."""

    id: uuid.UUID
    number: str
    case: str | None
    subject: str
    region: str
    state: str
    light: str
    what: str
    measures: list[str]
    owner: str
    people: list[str]
    owner_left: bool
    due_at: dt.datetime
    original_due_at: dt.datetime
    overdue: bool
    report: str
    outcome: str
    sent_back: int
    decided_at: dt.datetime
    reported_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class MeetingOut(Schema):
    """A meeting in a list."""

    id: uuid.UUID
    number: str
    kind: str
    series: str
    region: str
    state: str
    starts_at: dt.datetime
    place: str
    held_at: dt.datetime | None
    minuted_at: dt.datetime | None
    late: bool
    available_actions: list[str]


class SeatOut(Schema):
    """A seat at a meeting. last_invited_at, open_matters: why a guest was chosen."""

    id: uuid.UUID
    role: str
    name: str
    department: str | None
    enterprise: str | None
    presides: bool
    votes: bool
    present: bool | None
    last_invited_at: dt.datetime | None
    open_matters: int | None


class IssueOut(Schema):
    """What an enterprise raised at a dialogue."""

    id: uuid.UUID
    case: str
    question: str
    answer: str
    published_at: dt.datetime | None


class InstitutionOut(Schema):
    """A lasting rule that was proposed."""

    id: uuid.UUID
    title: str
    text: str
    cases: list[uuid.UUID]
    proposed_at: dt.datetime


class QuorumOut(Schema):
    """Voting members needed and present, and whether somebody presides."""

    needed: int
    present: int
    chaired: bool
    reached: bool


class SessionOut(MeetingOut):
    """A meeting with everything on it."""

    briefing: str
    report: str
    minutes: str
    quorum: QuorumOut | None
    seats: list[SeatOut]
    items: list[ItemOut]
    decisions: list[DecisionOut]
    issues: list[IssueOut]
    institutions: list[InstitutionOut]


class MeetingPage(Schema):
    """A page of meetings."""

    items: list[MeetingOut]
    next: str | None


class ItemPage(Schema):
    """A page of items."""

    items: list[ItemOut]
    next: str | None


class DecisionPage(Schema):
    """A page of decisions."""

    items: list[DecisionOut]
    next: str | None


class MemberOut(Schema):
    """A seat in the leading group."""

    id: uuid.UUID
    region: str
    role: str
    name: str
    department: str | None
    since: dt.datetime


class Members(Schema):
    """The leading groups the caller's offices cover."""

    items: list[MemberOut]
    next: str | None


def item(found: selectors.Seen) -> dict[str, Any]:
    """Return an item ready for JSON."""
    row, case = found.thing, found.case
    assert case is not None
    plain = {
        name: getattr(row, name) for name in "region forum state source reason verdict brief options position".split()
    }
    return {
        "id": str(row.id),
        "case": case.number,
        "title": case.title,
        **plain,
        "meeting": row.meeting.number if row.meeting else None,
        "minutes": row.length,
        **{name: answers.local(getattr(row, name)) for name in ("found_at", "screened_at", "ended_at")},
        "late": found.overdue,
        "available_actions": found.available_actions,
    }


def decision(found: selectors.Followed) -> dict[str, Any]:
    """Return a decision ready for JSON."""
    row = found.thing
    plain = {
        name: getattr(row, name)
        for name in "number subject region state what measures report outcome sent_back".split()
    }
    instants = "due_at original_due_at decided_at reported_at ended_at".split()
    return {
        "id": str(row.id),
        "case": found.case.number if found.case else None,
        **plain,
        "light": found.light,
        "owner": row.owner_department.code,
        "people": found.people,
        "owner_left": found.left,
        **{name: answers.local(getattr(row, name)) for name in instants},
        "overdue": found.overdue,
        "available_actions": found.available_actions,
    }


def meeting(found: selectors.Seen) -> dict[str, Any]:
    """Return a meeting of a list ready for JSON."""
    row = found.thing
    plain = {name: getattr(row, name) for name in "number kind series region state place".split()}
    return {
        "id": str(row.id),
        **plain,
        **{name: answers.local(getattr(row, name)) for name in ("starts_at", "held_at", "minuted_at")},
        "late": found.overdue,
        "available_actions": found.available_actions,
    }


def session(found: selectors.Session) -> dict[str, Any]:
    """Return a meeting with everything on it ready for JSON."""
    row, quorum = found.thing, found.quorum
    return {
        **meeting(found),
        **{name: getattr(row, name) for name in ("briefing", "report")},
        "minutes": found.minutes,
        "quorum": quorum
        and {
            "needed": quorum.needed,
            "present": quorum.present,
            "chaired": quorum.chaired,
            "reached": quorum.reached,
        },
        "seats": [_seat(one, found) for one in found.seats],
        "items": [item(one) for one in found.items],
        "decisions": [decision(one) for one in found.decisions],
        "issues": [
            {
                "id": str(one.id),
                "case": one.case.number,
                "question": one.question,
                "answer": one.answer,
                "published_at": answers.local(one.published_at),
            }
            for one in found.issues
        ],
        "institutions": [
            {
                "id": str(one.id),
                "title": one.title,
                "text": one.text,
                "cases": [str(case) for case in one.case_ids],
                "proposed_at": answers.local(one.proposed_at),
            }
            for one in found.institutions
        ],
    }


def _seat(seat: Any, found: selectors.Session) -> dict[str, Any]:
    plain = {name: getattr(seat, name) for name in "role presides votes present open_matters".split()}
    return {
        "id": str(seat.id),
        **plain,
        "name": found.names.get(seat.person_id, ""),
        "department": seat.department.code if seat.department else None,
        "enterprise": seat.enterprise.uscc if seat.enterprise else None,
        "last_invited_at": answers.local(seat.last_invited_at),
    }


def member(row: Any, names: dict[uuid.UUID, str]) -> dict[str, Any]:
    """Return a seat in the leading group ready for JSON."""
    return {
        "id": str(row.id),
        "region": row.region,
        "role": row.role,
        "name": names.get(row.person_id, ""),
        "department": row.department.code if row.department else None,
        "since": answers.local(row.since),
    }
