"""Shapes of inspections in the REST API."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware, make_aware
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import answers, errors, ids

from .models import Check, Draw, Finding, Item, Listed, Officer, Part, Power, Sheltered, Standing
from .rules import gate
from .services import Lots, Planned


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


class ItemOut(Schema):
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

    items: list[ItemOut]


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


class DrawOut(Schema):
    """A random draw. seed: null until it is revealed."""

    id: uuid.UUID
    title: str
    state: str
    region: str
    department: str
    count: int
    draw_at: dt.datetime
    seed_hash: str
    pool_hash: str
    pool_size: int
    seed: str | None
    committed_at: dt.datetime
    pooled_at: dt.datetime | None
    drawn_at: dt.datetime | None
    reason: str
    available_actions: list[str]


class DrawPage(Schema):
    """A page of draws."""

    items: list[DrawOut]
    next: str | None


class ProofOut(Schema):
    """All that a stranger needs to draw again; see the page of a draw for how."""

    seed_hash: str
    pool_hash: str
    targets: list[dict[str, Any]]
    officers: list[dict[str, Any]]
    recused: list[list[str]]
    seed: str | None
    drawn: list[dict[str, Any]]


def draw(one: Draw, actions: Sequence[str]) -> dict[str, Any]:
    """Return a draw as the API shows it."""
    plain = "id title state region count seed_hash pool_hash pool_size reason".split()
    times = "draw_at committed_at pooled_at drawn_at".split()
    return (
        {name: getattr(one, name) for name in plain}
        | {name: answers.local(getattr(one, name)) for name in times}
        | {"department": one.department.code, "seed": one.seed or None, "available_actions": list(actions)}
    )


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


def planned(body: Mapping[str, Any], department: Department) -> Planned:
    """Return a check as it is asked for. Raises Invalid (on)."""
    return Planned(
        enterprise=str(body.get("enterprise", "")),
        on=day(str(body.get("on", ""))),
        kind=str(body.get("kind", "planned")),
        parts={department.id: (keys(body, "items"), keys(body, "officers"))},
        reason=str(body.get("reason") or ""),
        filed=str(body.get("filed") or ""),
    )


def day(text: str) -> dt.date:
    """Return a day as it comes in. Raises Invalid."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        said = _("%(field)s: a date such as 2026-12-31") % {"field": "on"}
        raise errors.Invalid(said, code="invalid_body", field="on")
    return found


def keys(body: Mapping[str, Any], field: str) -> list[uuid.UUID]:
    """Return the ids in a field, each once. Raises Invalid for what is none."""
    given = body.get(field) or []
    found = [ids.parse(str(one)) for one in given] if isinstance(given, list) else [None]
    if None in found or len(found) > 200:
        raise errors.Invalid(_("%(field)s: a list of ids") % {"field": field}, code="invalid_body", field=field)
    return list(dict.fromkeys(one for one in found if one is not None))


def lots(body: Mapping[str, Any]) -> Lots:
    """Return a draw as it is asked for. Raises Invalid (on, draw_at, items, count)."""
    try:
        at = parse_datetime(str(body.get("draw_at", "")))
    except ValueError:
        at = None
    if at is None:
        said = _("draw_at: an instant to come, announced to everybody")
        raise errors.Invalid(said, code="invalid_body", field="draw_at")
    grades = body.get("grades") or []
    return Lots(
        title=str(body.get("title", "")),
        items=keys(body, "items"),
        count=_number(body, "count", 0),
        on=day(str(body.get("on", ""))),
        draw_at=at if is_aware(at) else make_aware(at),
        per_day=_number(body, "per_day", 1),
        grades=[str(one) for one in grades] if isinstance(grades, list) else [],
        industry=str(body.get("industry") or ""),
    )


def _number(body: Mapping[str, Any], field: str, otherwise: int) -> int:
    given = body.get(field, otherwise)
    if isinstance(given, str) and given.isdecimal() and len(given) < 9:
        return int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) else 0
