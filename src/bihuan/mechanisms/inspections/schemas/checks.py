"""Shapes of lists, classes and checks."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from ..models import (
    Check,
    Finding,
    Item,
    Leniency,
    Listed,
    Officer,
    Part,
    Power,
    Sheltered,
    Standing,
)
from ..rules import gate


class ItemQuery(Schema):
    """Filters of the published items."""

    region: str = ""
    category: str = ""
    department: str = ""


class ListedQuery(Schema):
    """Filters of a list."""

    state: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CheckQuery(Schema):
    """Filters of the register of checks. enterprise: its credit code."""

    state: str = ""
    kind: str = ""
    enterprise: str = ""
    number: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ClassQuery(Schema):
    """Filters of the classes."""

    grade: str = ""
    state: str = ""
    year: str = ""
    enterprise: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CheckItemOut(Schema):
    """An item that may be looked at, with its legal basis. on_site: false where paper or data suffice."""

    id: uuid.UUID
    region: str
    department: str
    code: str
    name: str
    category: str
    subject: str
    standard: str
    basis: str
    on_site: bool


class ItemList(Schema):
    """Published items."""

    items: list[CheckItemOut]


class ListedOut(Schema):
    """An entry of a list: an item, a power, an officer, a sheltered enterprise. detail: what is its own."""

    id: uuid.UUID
    on_list: str
    state: str
    region: str
    basis: str
    detail: dict[str, Any]
    entered_at: dt.datetime
    published_at: dt.datetime | None
    available_actions: list[str]


class ListedPage(Schema):
    """A page of a list."""

    items: list[ListedOut]
    next: str | None


class ReasonOut(Schema):
    """Why the gate refuses, or what a clue passed: its code, the rule, and what its way out needs."""

    code: str
    rule: str


class GateOut(Schema):
    """What the gate says. grade: the class of the enterprise that it went by."""

    passes: bool
    grade: str
    reasons: list[dict[str, Any]]


class CheckOut(Schema):
    """A check. parts: what each body does. It never says whether or how it was rated to those who came."""

    id: uuid.UUID
    number: str
    kind: str
    state: str
    region: str
    enterprise: str
    department: str
    on: dt.date
    grade: str
    sheltered: bool
    reasons: list[dict[str, Any]]
    reason: str
    parts: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    summary: str
    verdict: str
    review: str
    scanned: bool
    due_at: dt.datetime | None
    registered_at: dt.datetime
    arrived_at: dt.datetime | None
    reported_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class CheckPage(Schema):
    """A page of the register of checks."""

    items: list[CheckOut]
    next: str | None


class ClassOut(Schema):
    """The class of an enterprise with its whole calculation."""

    id: uuid.UUID
    enterprise: str
    region: str
    year: int
    revision: int
    grade: str
    before: str
    state: str
    points: int
    since: dt.date
    lines: list[dict[str, Any]]
    reason: str
    objection: str
    answer: str
    until: dt.datetime
    rated_at: dt.datetime
    available_actions: list[str]


class ClassPage(Schema):
    """A page of classes."""

    items: list[ClassOut]
    next: str | None


class RatedOut(Schema):
    """How many enterprises got which class."""

    classes: dict[str, int]


def item(one: Item) -> dict[str, Any]:
    """Return an item as the API shows it."""
    plain = "id region code name category subject standard basis on_site".split()
    return {name: getattr(one, name) for name in plain} | {"department": one.department.code}


def listed(one: Listed, name: str, actions: Sequence[str]) -> dict[str, Any]:
    """Return an entry of a list as the API shows it."""
    detail: dict[str, Any] = {}
    if isinstance(one, Item):
        detail = item(one)
    elif isinstance(one, Power):
        detail = {"department": one.department.code, "subject": one.subject, "until": one.until}
    elif isinstance(one, Officer):
        detail = {"department": one.department.code, "name": one.name, "certificate": one.certificate}
        detail |= {"until": one.until, "recused": len(one.recused)}
    elif isinstance(one, Leniency):
        plain_ = "kind violation category first minor corrected text".split()
        detail = {"department": one.department.code} | {key: getattr(one, key) for key in plain_}
    elif isinstance(one, Sheltered):
        detail = {"enterprise": one.enterprise.uscc, "name": one.enterprise.name}
    plain = {key: getattr(one, key) for key in ("id", "state", "region", "basis")}
    times = {"entered_at": answers.local(one.entered_at), "published_at": answers.local(one.published_at)}
    return plain | times | {"on_list": name, "detail": detail, "available_actions": list(actions)}


def judged(grade: str, reasons: Sequence[gate.Reason], passes: bool) -> dict[str, Any]:
    """Return what the gate says as the API shows it."""
    return {"grade": grade, "passes": passes, "reasons": [one.plain() for one in reasons]}


def check(
    one: Check, *, parts: Sequence[Part] = (), findings: Sequence[Finding] = (), actions: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a check as the API shows it."""
    plain = "id number kind state region on grade sheltered reasons reason summary verdict review scanned".split()
    times = "due_at registered_at arrived_at reported_at ended_at".split()
    return (
        {name: getattr(one, name) for name in plain}
        | {name: answers.local(getattr(one, name)) for name in times}
        | {
            "enterprise": one.enterprise.uscc,
            "department": one.department.code,
            "parts": [
                {
                    "department": part.department.code,
                    "items": part.items,
                    "officers": part.officers,
                    "approved_at": answers.local(part.approved_at),
                }
                for part in parts
            ],
            "findings": [
                {"item": row.item_id, "outcome": row.outcome, "severity": row.severity, "text": row.text}
                for row in findings
            ],
            "available_actions": list(actions),
        }
    )


def standing(one: Standing, actions: Sequence[str]) -> dict[str, Any]:
    """Return a class as the API shows it."""
    plain = "id region year revision grade before state points since lines reason objection answer".split()
    return (
        {name: getattr(one, name) for name in plain}
        | {"until": answers.local(one.until), "rated_at": answers.local(one.rated_at)}
        | {"enterprise": one.enterprise.uscc, "available_actions": list(actions)}
    )
