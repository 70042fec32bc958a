"""Shapes of the review of refusals in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Proposal
from .selectors import Review, Seen


class RefusalQuery(Schema):
    """Filters of the list: one state, `pool`, `review`, `open`, or nothing for all; and what a figure counts."""

    state: str = ""
    outcome: str = ""
    cause: str = ""
    reason: str = ""
    category: str = ""
    unit: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class RefusalOut(Schema):
    """A refusal. evidence: [{sign, kind, start, end}] in `text`; scores as proposed and as decided; null outside."""

    id: uuid.UUID
    case: str
    title: str
    region: str
    state: str
    causes: list[str]
    reason: str
    unit: str | None
    text: str
    evidence: list[dict[str, Any]] | None
    share: float | None
    proposed: dict[str, Any] | None
    scores: dict[str, Any] | None
    seed_hash: str
    round: int
    outcome: str
    service: str
    measure: str
    measure_due: dt.datetime | None
    progress: str
    unit_says: str
    enterprise_says: str
    result: str
    due_at: dt.datetime | None
    overdue: bool
    pooled_at: dt.datetime
    selected_at: dt.datetime | None
    decided_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class RefusalPage(Schema):
    """A page of refusals."""

    items: list[RefusalOut]
    next: str | None


class ReviewOut(RefusalOut):
    """One review: notes of the field research, how many votes are in, and, once they are open, who said what."""

    minutes: str
    notes: list[dict[str, Any]]
    panel: list[dict[str, Any]]
    votes_in: int
    votes: list[dict[str, Any]]


class PolicyProposalOut(Schema):
    """A policy proposal with the cases that show the problem."""

    id: uuid.UUID
    region: str
    state: str
    title: str
    text: str
    answer: str
    refusals: list[uuid.UUID]
    proposed_at: dt.datetime
    ended_at: dt.datetime | None


class ProposalPage(Schema):
    """A page of proposals."""

    items: list[PolicyProposalOut]
    next: str | None


_PLAIN = (
    "title region state causes reason text seed_hash round outcome service measure progress unit_says"
    " enterprise_says result"
).split()
_AT = "measure_due due_at pooled_at selected_at decided_at ended_at".split()
_INSIDE = "evidence share proposed scores".split()


def refusal(found: Seen) -> dict[str, Any]:
    """Return a refusal ready for JSON; what the pool knows is left out for readers outside."""
    one = found.refusal
    return {
        "id": str(one.id),
        "case": one.number,
        "unit": one.unit.code if one.unit else None,
        **{name: getattr(one, name) for name in _PLAIN},
        **{name: answers.local(getattr(one, name)) for name in _AT},
        **{name: getattr(one, name) if found.inside else None for name in _INSIDE},
        "overdue": found.overdue,
        "available_actions": found.available_actions,
    }


def review(found: Review) -> dict[str, Any]:
    """Return one review ready for JSON."""
    return {
        **refusal(found.seen),
        "minutes": found.seen.refusal.minutes,
        "notes": [
            {"text": note.text, "visit": note.visit, "as_deputy": note.as_deputy, "at": answers.local(note.at)}
            for note in found.notes
        ],
        "panel": [
            {"person": str(seat.person_id), "group": seat.group, "left_reason": seat.left_reason}
            for seat in found.seats
            if not seat.reserve
        ],
        "votes_in": found.cast,
        "votes": [
            {
                "person": str(vote.seat.person_id),
                "outcome": vote.outcome,
                "reason": vote.reason,
                "salt": vote.salt,
                "seal": vote.seal,
            }
            for vote in found.votes
        ],
    }


def proposal(found: Proposal) -> dict[str, Any]:
    """Return a proposal ready for JSON."""
    return {
        "id": str(found.id),
        "refusals": [str(one) for one in found.refusal_ids],
        **{name: getattr(found, name) for name in ("region", "state", "title", "text", "answer")},
        "proposed_at": answers.local(found.proposed_at),
        "ended_at": answers.local(found.ended_at),
    }
