"""Shapes of the registers in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Adoption, Caution, Competition, Exemplar, Institution, Lesson, Proposal
from .rules.effect import Effect, Interval, Window
from .selectors import Contest, Found

Limit = Annotated[int, Field(ge=1, le=200)]


class InstitutionQuery(Schema):
    """Filters of the list: one state, `kept` (in force or reviewed), `late`, or nothing for all; owner: its code."""

    state: str = ""
    kind: str = ""
    owner: str = ""
    category: str = ""
    cursor: uuid.UUID | None = None
    limit: Limit = 50


class RegisteredInstitutionOut(Schema):
    """An institution (制度). cases: how many are linked; due_at: the day of its next review."""

    id: uuid.UUID
    region: str
    state: str
    kind: str
    title: str
    text: str
    owner: str | None
    category: str
    words: str
    source: str
    origin: str
    cases: int
    in_force_on: dt.date | None
    review: str
    reason: str
    due_at: dt.datetime | None
    late_since: dt.datetime | None
    drafted_at: dt.datetime
    reviewed_at: dt.datetime | None
    ended_at: dt.datetime | None


class RegisteredInstitutionPage(Schema):
    """A page of institutions."""

    items: list[RegisteredInstitutionOut]
    next: str | None


class EffectSideOut(Schema):
    """Cases raised in [start, end), how many of them are not answered yet, per month, median working days."""

    start: dt.datetime
    end: dt.datetime
    count: int
    unanswered: int
    monthly: float
    median: float | None


class EffectIntervalOut(Schema):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class EffectOut(Schema):
    """What it changed. rate: cases a month, after ÷ before (exact); duration: median after − before, working days.

    why: `not_in_force`, `no_theme`, `too_early`, `too_few` where nothing can be said. as_of: when it was counted.
    """

    why: str
    before: EffectSideOut | None
    after: EffectSideOut | None
    rate: EffectIntervalOut | None
    duration: EffectIntervalOut | None
    as_of: dt.datetime


class InstitutionDetailOut(RegisteredInstitutionOut):
    """One institution: linked cases the caller may see, the effect (null for raisers), what may be done."""

    linked: list[str]
    effect: EffectOut | None
    available_actions: list[str]


class RegisteredProposalOut(Schema):
    """A policy proposal as far as it has come; institution: what was drafted when the policy changed."""

    id: uuid.UUID
    region: str
    state: str
    title: str
    text: str
    answer: str
    source: str
    institution: uuid.UUID | None
    proposed_at: dt.datetime
    moved_at: dt.datetime


class RegisteredProposalPage(Schema):
    """A page of policy proposals."""

    items: list[RegisteredProposalOut]
    next: str | None


class CompetitionOut(Schema):
    """An open competition for model cases; due_at: the end of nominations, or of the vote."""

    id: uuid.UUID
    region: str
    state: str
    title: str
    text: str
    due_at: dt.datetime | None
    called_at: dt.datetime
    ended_at: dt.datetime | None


class CompetitionPage(Schema):
    """A page of competitions."""

    items: list[CompetitionOut]
    next: str | None


class ExemplarOut(Schema):
    """A nominated or promoted model case. votes: null until the vote is counted; adopted_by: codes of departments."""

    id: uuid.UUID
    region: str
    state: str
    title: str
    text: str
    department: str | None
    board: str
    source: str
    votes: int | None
    competition: uuid.UUID | None
    nominated_at: dt.datetime
    adopted_by: list[str]
    available_actions: list[str]


class ExemplarPage(Schema):
    """A page of model cases."""

    items: list[ExemplarOut]
    next: str | None


class CompetitionDetailOut(CompetitionOut):
    """One competition. cast: votes so far; voted: whether the caller has; choice: what the caller may vote for."""

    exemplars: list[ExemplarOut]
    cast: int
    voted: bool
    choice: list[uuid.UUID]
    available_actions: list[str]


class WarningOut(Schema):
    """A warning without names. told: departments it went to; read_by: codes of those that opened it."""

    id: uuid.UUID
    region: str
    state: str
    title: str
    text: str
    lesson: str
    source: str
    told: int
    read: int
    drafted_at: dt.datetime
    circulated_at: dt.datetime | None


class WarningPage(Schema):
    """A page of warnings."""

    items: list[WarningOut]
    next: str | None


class WarningDetailOut(WarningOut):
    """One warning with who has read it and what the caller may do."""

    read_by: list[str]
    available_actions: list[str]


class LessonOut(Schema):
    """An entry of the case library: the problem and what worked, without names."""

    id: uuid.UUID
    region: str
    state: str
    title: str
    problem: str
    worked: str
    category: str
    institution: uuid.UUID | None
    written_at: dt.datetime
    available_actions: list[str]


class LessonPage(Schema):
    """A page of the case library."""

    items: list[LessonOut]
    next: str | None


_PLAIN = "region state kind title text category words source origin in_force_on review reason".split()
_AT = "due_at late_since drafted_at reviewed_at ended_at".split()


def institution(found: Institution) -> dict[str, Any]:
    """Return an institution ready for JSON."""
    return {
        "id": str(found.id),
        "owner": found.owner.code if found.owner else None,
        "cases": found.case_count,
        **{name: getattr(found, name) for name in _PLAIN},
        **{name: answers.local(getattr(found, name)) for name in _AT},
    }


def detail(found: Found, effect: Effect | None, now: dt.datetime) -> dict[str, Any]:
    """Return one institution ready for JSON."""
    return {
        **institution(found.thing),
        "linked": [case.number for case in found.cases],
        "effect": _effect(effect, now) if effect else None,
        "available_actions": found.available_actions,
    }


def _effect(found: Effect, now: dt.datetime) -> dict[str, Any]:
    return {
        "why": found.why,
        "before": _side(found.before),
        "after": _side(found.after),
        "rate": _interval(found.rate),
        "duration": _interval(found.duration),
        "as_of": answers.local(now),
    }


def _side(side: Window | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "start": answers.local(side.start),
        "end": answers.local(side.end),
        "count": side.count,
        "unanswered": side.unanswered,
        "monthly": round(side.monthly, 2),
        "median": None if side.median is None else round(side.median, 2),
    }


def _interval(found: Interval | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {"value": round(found.value, 3), "low": round(found.low, 3), "high": round(found.high, 3)}


def proposal(found: Proposal) -> dict[str, Any]:
    """Return a policy proposal ready for JSON."""
    return {
        "id": str(found.id),
        "institution": str(found.institution_id) if found.institution_id else None,
        **{name: getattr(found, name) for name in ("region", "state", "title", "text", "answer", "source")},
        "proposed_at": answers.local(found.proposed_at),
        "moved_at": answers.local(found.moved_at),
    }


def _told(found: Any, plain: str, at: str) -> dict[str, Any]:
    return {
        "id": str(found.id),
        **{name: getattr(found, name) for name in f"region state title {plain}".split()},
        **{name: answers.local(getattr(found, name)) for name in at.split()},
    }


def competition(found: Competition) -> dict[str, Any]:
    """Return a competition ready for JSON."""
    return _told(found, "text", "due_at called_at ended_at")


def exemplar(found: Exemplar, taken: list[Adoption], actions: list[str]) -> dict[str, Any]:
    """Return a model case ready for JSON."""
    return {
        **_told(found, "text board source votes", "nominated_at"),
        "department": found.department.code if found.department else None,
        "competition": str(found.competition_id) if found.competition_id else None,
        "adopted_by": [one.department.code for one in taken],
        "available_actions": actions,
    }


def contest(found: Contest) -> dict[str, Any]:
    """Return one competition ready for JSON; who voted how is in nothing that is read."""
    return {
        **competition(found.thing),
        "exemplars": [exemplar(one, [], []) for one in found.exemplars],
        "cast": found.cast,
        "voted": found.voted,
        "choice": [str(one.id) for one in found.choice],
        "available_actions": found.available_actions,
    }


def warning(found: Caution, read: int) -> dict[str, Any]:
    """Return a warning ready for JSON."""
    return {**_told(found, "text lesson source told", "drafted_at circulated_at"), "read": read}


def lesson(found: Lesson, actions: list[str]) -> dict[str, Any]:
    """Return an entry of the case library ready for JSON."""
    return {
        **_told(found, "problem worked category", "written_at"),
        "institution": str(found.institution_id) if found.institution_id else None,
        "available_actions": actions,
    }
