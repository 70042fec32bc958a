"""Shapes of upward escalation in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Escalation, Peer
from .selectors import Seen


class EscalationQuery(Schema):
    """direction `up`: what went up; `below`: what came from below. state: one, `open`, or nothing for all."""

    direction: Literal["up", "below"] = "up"
    state: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Clock(Schema):
    """How a case stands at one level, and its clock."""

    number: str
    state: str
    light: str
    due_at: dt.datetime | None


class EscalationOut(Schema):
    """A matter between two levels. here: the case of this level; there: that of the other one, when it last spoke."""

    id: uuid.UUID
    direction: str
    state: str
    region: str
    other_region: str
    level: str
    title: str
    reason: str
    asked: str
    answer: str
    answer_kind: str
    here: Clock
    there: Clock
    reply_due_at: dt.datetime | None
    overdue: bool
    listed_at: dt.datetime | None
    began_at: dt.datetime
    ended_at: dt.datetime | None
    available_actions: list[str]


class EscalationPage(Schema):
    """A page of matters between the levels."""

    items: list[EscalationOut]
    next: str | None


class PeerIn(Schema):
    """Another installation: its name, address, public key, and the region it speaks for."""

    name: str
    url: str
    public_key: str
    region: str


class PeerOut(Schema):
    """Another installation; waiting: messages it has not signed for yet."""

    id: uuid.UUID
    name: str
    url: str
    public_key: str
    region: str
    active: bool
    waiting: int
    waiting_since: dt.datetime | None
    last_error: str


class PeerPage(Schema):
    """All other installations."""

    items: list[PeerOut]
    next: str | None


class IdentityOut(Schema):
    """By which key other installations know this one."""

    public_key: str


class ExchangeReceiptOut(Schema):
    """receipt: which message, with which SHA-256, was received when; signature: over it, by `key`."""

    receipt: str
    signature: str
    key: str


def escalation(found: Seen) -> dict[str, Any]:
    """Return a matter between the levels ready for JSON."""
    thing, case = found.thing, found.case
    up = isinstance(thing, Escalation)
    return {
        "id": str(thing.id),
        "direction": "up" if up else "below",
        "state": thing.state,
        "region": thing.region,
        "other_region": thing.to_region if up else thing.from_region,
        "level": found.level,
        "title": case.title,
        "reason": thing.reason,
        "asked": thing.asked if up else "",
        "answer": thing.answer if up else case.reply_text,
        "answer_kind": thing.answer_kind if up else case.closed_kind,
        "here": _clock(case.number, case.state, found.near, case.due_at),
        "there": _clock(thing.far_number, thing.far_state, found.far, thing.far_due_at),
        "reply_due_at": answers.local(thing.reply_due_at),
        "overdue": found.overdue,
        "listed_at": answers.local(thing.listed_at),
        "began_at": answers.local(thing.sent_at if up else thing.arrived_at),
        "ended_at": answers.local(thing.ended_at),
        "available_actions": found.available_actions,
    }


def _clock(number: str, state: str, light: str, due_at: dt.datetime | None) -> dict[str, Any]:
    return {"number": number, "state": state, "light": light, "due_at": answers.local(due_at)}


def peer(one: Peer, waiting: int = 0, since: dt.datetime | None = None, error: str = "") -> dict[str, Any]:
    """Return an installation ready for JSON."""
    return {
        "id": str(one.id),
        "name": one.name,
        "url": one.url,
        "public_key": one.public_key,
        "region": one.region,
        "active": one.active,
        "waiting": waiting,
        "waiting_since": answers.local(since),
        "last_error": error,
    }
