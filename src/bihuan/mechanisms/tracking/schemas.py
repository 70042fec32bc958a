"""Shapes of tracking in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Bulletin
from .selectors import Followed


class TrackQuery(Schema):
    """Filters of the list."""

    state: str = ""
    late: bool = False
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NodeOut(Schema):
    """A step of the followed plan."""

    node: int
    what: str
    unit: str
    due_at: dt.datetime | None
    light: str
    reached_at: dt.datetime | None


class TrackedOut(Schema):
    """One following of one case."""

    id: uuid.UUID
    number: str
    title: str
    region: str
    state: str
    light: str
    score: int
    plan_version: int
    revising: bool
    progress_due_at: dt.datetime | None
    late_since: dt.datetime | None
    missed: int
    bulletins: int
    nodes: list[NodeOut]
    available_actions: list[str]


class TrackPage(Schema):
    """A page of the store."""

    items: list[TrackedOut]
    next: str | None


class BulletinOut(Schema):
    """A bulletin as it was sent."""

    number: int
    since: dt.datetime
    until: dt.datetime
    text: str
    document: str


class BulletinPage(Schema):
    """All bulletins of a track, newest first."""

    items: list[BulletinOut]
    next: str | None


class OpenIn(Schema):
    """Put a case into the store by a person's own judgement."""

    number: str
    reason: str


def bulletin(row: Bulletin) -> dict[str, Any]:
    """Return a bulletin ready for JSON."""
    return {
        "number": row.number,
        "since": answers.local(row.since),
        "until": answers.local(row.until),
        "text": row.text,
        "document": f"/api/v1/tracking/{row.track_id}/bulletins/{row.number}/document",
    }


def track(found: Followed) -> dict[str, Any]:
    """Return a track ready for JSON."""
    row = found.track
    return {
        "id": str(row.id),
        "number": found.case.number,
        "title": found.case.title,
        "region": row.region,
        "state": row.state,
        "light": found.light,
        "score": row.score,
        "plan_version": row.plan_version,
        "revising": row.revising,
        "progress_due_at": answers.local(row.progress_due_at),
        "late_since": answers.local(row.late_since),
        "missed": row.missed,
        "bulletins": row.bulletins,
        "nodes": [
            {
                "node": node.place,
                "what": node.what,
                "unit": node.unit,
                "due_at": answers.local(node.due_at),
                "light": node.light,
                "reached_at": answers.local(node.reached_at),
            }
            for node in found.nodes
        ],
        "available_actions": found.available_actions,
    }
