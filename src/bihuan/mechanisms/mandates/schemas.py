"""Shapes of mandates and windows in the REST API."""

import datetime as dt
import uuid
from typing import Any

from ninja import Schema

from .selectors import Post, Proposal, Seen, holder


class MandateTask(Schema):
    """What was asked and reported. text: empty for a report that nobody asked for; case: the matter it became."""

    id: uuid.UUID
    state: str
    text: str
    day: dt.date | None
    outcome: str
    answer: str
    case: str
    visited: str | None


class MandateOut(Schema):
    """A mandate. light: `calm`, `amber` near its end, `red` after it, `ended`; activity: counts within the term."""

    id: uuid.UUID
    region: str
    kind: str
    name: dict[str, str]
    state: str
    light: str
    holder: str
    enterprise: str | None
    window: uuid.UUID | None
    since: dt.date
    until: dt.date | None
    renewals: int
    ended_by: str
    duties: list[dict[str, str]]
    activity: dict[str, int]
    tasks: list[MandateTask]
    available_actions: list[str]


class MandateList(Schema):
    """One page of mandates, and the figures of all that the caller may see."""

    items: list[MandateOut]
    next: uuid.UUID | None
    figures: dict[str, int]


class MandateWindow(Schema):
    """A window: how many serve there, and counts of what was found there."""

    id: uuid.UUID
    name: str
    department: str
    state: str
    serving: list[uuid.UUID]
    found: dict[str, int]
    available_actions: list[str]


class MandateProposal(Schema):
    """Whom to move (a mandate), and to which window."""

    mandate: uuid.UUID
    to: uuid.UUID


class MandateWindows(Schema):
    """All windows the caller may see, and who is due to change."""

    items: list[MandateWindow]
    proposals: list[MandateProposal]


def mandate(found: Seen) -> dict[str, Any]:
    """Return a mandate ready for JSON."""
    one, kind = found.mandate, found.kind
    same = ("region", "kind", "state", "since", "until", "renewals", "ended_by")
    return {
        "id": str(one.id),
        **{name: getattr(one, name) for name in same},
        "name": kind.name.in_both() if kind else {"zh": one.kind, "en": one.kind},
        "light": found.light,
        "holder": holder(one),
        "enterprise": one.enterprise.uscc if one.enterprise else None,
        "window": str(one.window_id) if one.window_id else None,
        "duties": [duty.in_both() for duty in kind.duties] if kind else [],
        "activity": dict(found.activity),
        "tasks": [
            {
                **{name: getattr(task, name) for name in ("state", "text", "day", "outcome", "answer", "case")},
                "id": str(task.id),
                "visited": task.visited.uscc if task.visited else None,
            }
            for task in found.tasks
        ],
        "available_actions": found.available_actions,
    }


def post(found: Post) -> dict[str, Any]:
    """Return a window ready for JSON."""
    return {
        "id": str(found.window.id),
        "name": found.window.name,
        "department": found.window.department.code,
        "state": found.window.state,
        "serving": [str(one.id) for one in found.serving],
        "found": dict(found.found),
        "available_actions": found.available_actions,
    }


def proposal(found: Proposal) -> dict[str, str]:
    """Return a proposal ready for JSON."""
    return {"mandate": str(found.mandate.id), "to": str(found.to.id)}
