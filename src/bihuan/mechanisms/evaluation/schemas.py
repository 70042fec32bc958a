"""Shapes of evaluation in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .selectors import Mean, SeenCall, SeenMark, SeenQuestion


class EvaluationQuery(Schema):
    """Filters of a list: one state, `open` (the default), or `all`; bad marks also `appealed`, callbacks `false`."""

    state: str = "open"
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def wanted(self) -> str:
        """The state as selectors take it."""
        return "" if self.state == "all" else self.state


class BadMarkOut(Schema):
    """A bad mark. For the rated unit `case`, `parts` and `said` are null, and of times only `month` is told."""

    id: uuid.UUID
    number: str
    region: str
    state: str
    month: str
    case: str | None
    department: str | None
    parts: dict[str, int] | None
    reasons: list[str]
    said: str | None
    shared: str
    demand: str
    correction: str
    corrections: int
    answer: str | None
    revisit: str | None
    outcome: str | None
    appeal: str
    appeal_text: str
    appeal_decision: str
    due_at: dt.datetime | None
    overdue: bool
    improved: bool | None
    available_actions: list[str]


class BadMarkPage(Schema):
    """A page of bad marks."""

    items: list[BadMarkOut]
    next: str | None


class CallbackOut(Schema):
    """A callback, with both versions when it is done."""

    id: uuid.UUID
    case: str
    title: str
    region: str
    state: str
    draw: uuid.UUID | None
    attempts: int
    solved: bool | None
    level: int | None
    unit_said: str
    raiser_said: str
    false_closing: bool
    overturned: bool
    due_at: dt.datetime | None
    overdue: bool
    opened_at: dt.datetime
    ended_at: dt.datetime | None
    available_actions: list[str]


class CallbackPage(Schema):
    """A page of callbacks."""

    items: list[CallbackOut]
    next: str | None


class QuestionOut(Schema):
    """A question to a supervisor: what was noticed, with its evidence. Never a verdict."""

    id: uuid.UUID
    kind: str
    region: str
    state: str
    department: str | None
    case: str | None
    evidence: dict[str, Any]
    false_alarms: float | None
    note: str
    opened_at: dt.datetime
    answered_at: dt.datetime | None
    available_actions: list[str]


class QuestionPage(Schema):
    """A page of questions."""

    items: list[QuestionOut]
    next: str | None


class DrawLine(Schema):
    """A draw in a list: how many were drawn, and the hash of its seed."""

    id: uuid.UUID
    region: str
    state: str
    since: dt.datetime
    until: dt.datetime
    committed_at: dt.datetime
    committed_before_period: bool
    commitment: str
    seed: str | None
    share: float
    drawn: int


class DrawPage(Schema):
    """Draws, newest first."""

    items: list[DrawLine]
    next: str | None


class DrawOut(Schema):
    """A draw with everything from which it can be repeated; the seed is null until it is revealed."""

    id: uuid.UUID
    region: str
    state: str
    since: dt.datetime
    until: dt.datetime
    committed_at: dt.datetime
    committed_before_period: bool
    commitment: str
    seed: str | None
    share: float
    strata: dict[str, list[str]]
    whole: list[str]
    sample: list[str]
    tickets_hash: str
    sample_hash: str
    agrees: bool
    rule: str


class MeanOut(Schema):
    """Mean levels of one department by month of closing; null where too few enterprises rated."""

    department: str
    name: str
    month: str
    rated: int | None
    process: float | None
    result: float | None


class MeanPage(Schema):
    """Means by department and month."""

    items: list[MeanOut]
    next: str | None


def bad_mark(one: SeenMark) -> dict[str, Any]:
    """Return a bad mark ready for JSON: for the rated unit without what could tell who gave it."""
    plain = "number region state month reasons demand correction corrections appeal appeal_text appeal_decision shared"
    heard = "parts answer revisit outcome improved"
    return {
        "id": str(one.id),
        **{name: getattr(one, name) for name in plain.split()},
        **{name: None if one.as_unit else getattr(one, name) for name in heard.split()},
        "said": None if one.as_unit else one.words,
        "case": one.case.number if one.case else None,
        "department": None if one.as_unit else one.department or None,
        "due_at": answers.local(one.due_at),
        "overdue": one.overdue,
        "available_actions": one.available_actions,
    }


def callback(one: SeenCall) -> dict[str, Any]:
    """Return a callback ready for JSON."""
    plain = "region state attempts solved level unit_said raiser_said false_closing overturned"
    return {
        "id": str(one.call.id),
        "case": one.case.number,
        "title": one.case.title,
        "draw": one.call.draw_id,
        **{name: getattr(one.call, name) for name in plain.split()},
        **{name: answers.local(getattr(one.call, name)) for name in ("due_at", "opened_at", "ended_at")},
        "overdue": one.overdue,
        "available_actions": one.available_actions,
    }


def question(one: SeenQuestion, false_alarms: float | None) -> dict[str, Any]:
    """Return a question ready for JSON, with the measured false-alarm rate of its detector."""
    row = one.question
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in "kind region state evidence note".split()},
        "department": row.department.code if row.department else None,
        "case": row.case.number if row.case else None,
        "false_alarms": false_alarms,
        **{name: answers.local(getattr(row, name)) for name in ("opened_at", "answered_at")},
        "available_actions": one.available_actions,
    }


def mean(one: Mean) -> dict[str, Any]:
    """Return means ready for JSON."""
    return {name: getattr(one, name) for name in MeanOut.model_fields}
