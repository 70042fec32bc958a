"""Shapes of codes, ratings and what follows them in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .models import Campaign, CampaignMatter, Code, FollowUp, Visit, VisitPlan
from .selectors import Chart, Counted, SeenReport


class OutreachCodeQuery(Schema):
    """Filters of the list of codes; `q` is part of the place."""

    kind: str = ""
    state: str = ""
    department: str = ""
    q: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class OutreachCodeOut(Schema):
    """A printed code with its counts. token: what the QR code carries, for those who put codes up.

    mean: of all ratings, or of settled months for the rated unit; null while too few have rated.
    """

    id: uuid.UUID
    kind: str
    state: str
    region: str
    place: str
    department: str | None
    enterprise: str | None
    token: str | None
    printed: int
    handed_out: int
    scans: int
    ratings: int
    mean: float | None
    prompts: int
    issued_at: dt.datetime
    ended_at: dt.datetime | None
    available_actions: list[str]


class OutreachCodePage(Schema):
    """A page of codes."""

    items: list[OutreachCodeOut]
    next: str | None


class FollowUpQuery(Schema):
    """Filters of the list of bad ratings: one state, `open`, or nothing for all."""

    state: str = ""
    kind: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class FollowUpOut(Schema):
    """What follows a bad rating: a letter to the unit, or a callback. It never says who rated."""

    id: uuid.UUID
    kind: str
    state: str
    region: str
    place: str
    department: str | None
    number: str
    text: str
    answer: str
    outcome: str
    due_at: dt.datetime | None
    opened_at: dt.datetime
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None
    available_actions: list[str]


class FollowUpPage(Schema):
    """A page of what follows bad ratings."""

    items: list[FollowUpOut]
    next: str | None


class OutreachRatingOut(Schema):
    """That a rating was taken."""

    taken: bool


def code(found: Code, counted: Counted, actions: list[str], token: str | None) -> dict[str, Any]:
    """Return a code ready for JSON."""
    return {
        "id": str(found.id),
        **{name: getattr(found, name) for name in ("kind", "state", "region", "place", "printed", "handed_out")},
        "department": found.department.code if found.department else None,
        "enterprise": found.enterprise.uscc if found.enterprise else None,
        "token": token,
        **{name: getattr(counted, name) for name in ("scans", "ratings", "mean", "prompts")},
        "issued_at": answers.local(found.issued_at),
        "ended_at": answers.local(found.ended_at),
        "available_actions": actions,
    }


_TEXTS = "kind state region place number text answer outcome".split()
_TIMES = "due_at opened_at sent_at ended_at".split()


def follow_up(found: FollowUp, actions: list[str]) -> dict[str, Any]:
    """Return what follows a bad rating ready for JSON."""
    return {
        "id": str(found.id),
        "department": found.department.code if found.department else None,
        **{name: getattr(found, name) for name in _TEXTS},
        **{name: answers.local(getattr(found, name)) for name in _TIMES},
        "available_actions": actions,
    }


class FirmVisitQuery(Schema):
    """Filters of the list of visits; `mine`: those the caller goes on."""

    state: str = ""
    kind: str = ""
    enterprise: str = ""
    mine: bool = False
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class FirmVisitOut(Schema):
    """A visit to an enterprise. rated: whether it was rated, for the enterprise alone; how, nobody is told."""

    id: uuid.UUID
    kind: str
    state: str
    region: str
    enterprise: str
    department: str | None
    team: str | None
    on: dt.date
    purpose: str
    announced: bool
    registered_at: dt.datetime
    done_at: dt.datetime | None
    rated: bool | None
    available_actions: list[str]


class FirmVisitPage(Schema):
    """A page of visits."""

    items: list[FirmVisitOut]
    next: str | None


class FirmVisitReportsOut(FirmVisitOut):
    """One visit with what was reported, for those who went, their body, and staff of the region."""

    reports: list[dict[str, Any]]


class FirmVisitReportOut(Schema):
    """That a report is kept; case: the number of the matter the enterprise stated; its code is told this once."""

    id: uuid.UUID
    case: str
    follow_up_code: str
    clock_off: bool


class FirmVisitPlanOut(Schema):
    """A plan; skipped: enterprises that are visited enough already, with their first free day."""

    id: uuid.UUID
    region: str
    name: str
    kind: str
    purpose: str
    since: dt.date
    until: dt.date
    skipped: list[dict[str, Any]]


_VISIT = "kind state region purpose announced".split()


def visit(found: Visit, actions: list[str], *, visited: bool) -> dict[str, Any]:
    """Return a visit ready for JSON."""
    return {
        "id": str(found.id),
        **{name: getattr(found, name) for name in _VISIT},
        "enterprise": found.enterprise.uscc,
        "department": found.department.code if found.department else None,
        "team": found.team.name if found.team else None,
        "on": found.on.isoformat(),
        "registered_at": answers.local(found.registered_at),
        "done_at": answers.local(found.done_at),
        "rated": found.rated if visited else None,
        "available_actions": actions,
    }


def visit_report(found: SeenReport) -> dict[str, Any]:
    """Return a report ready for JSON; photos by id, their places apart and for supervisors only."""
    one = found.report
    return {
        "id": str(one.id),
        "taken_at": answers.local(one.taken_at),
        "received_at": answers.local(one.received_at),
        "clock_off": one.clock_off,
        "text": one.text,
        "finding": one.finding,
        "department": one.department.code if one.department else None,
        "case": one.case.number if one.case else "",
        "photos": [
            {"id": str(photo.id), "place": [place.latitude, place.longitude] if place else None}
            for photo, place in found.photos
        ],
    }


def plan(found: VisitPlan) -> dict[str, Any]:
    """Return a plan ready for JSON."""
    texts = {name: getattr(found, name) for name in ("region", "name", "kind", "purpose", "skipped")}
    return {"id": str(found.id), **texts, "since": found.since.isoformat(), "until": found.until.isoformat()}


class CampaignOut(Schema):
    """A campaign. goals: figure, target, reached, and what would be expected by today."""

    id: uuid.UUID
    region: str
    name: str
    purpose: str
    since: dt.date
    until: dt.date
    state: str
    summary: str
    counted_at: dt.datetime | None
    available_actions: list[str]


class CampaignPage(Schema):
    """A page of campaigns."""

    items: list[CampaignOut]
    next: str | None


class CampaignMatterOut(Schema):
    """One matter of a wall chart. stars: the criteria it meets; never about a person."""

    id: uuid.UUID
    campaign: uuid.UUID
    name: str
    department: str
    measure: str
    due_on: dt.date
    state: str
    progress: str
    blocked: bool
    sent_back: int
    done_on: dt.date | None
    stars: list[str]
    available_actions: list[str]


class CampaignChartOut(CampaignOut):
    """A campaign with its wall chart and its figures day by day, which are counted every hour."""

    goals: list[dict[str, Any]]
    criteria: list[str]
    matters: list[CampaignMatterOut]
    totals: dict[str, int]
    days: dict[str, dict[str, int]]


def campaign(found: Campaign, actions: list[str]) -> dict[str, Any]:
    """Return a campaign ready for JSON."""
    texts = {name: getattr(found, name) for name in ("region", "name", "purpose", "state", "summary")}
    days = {"since": found.since.isoformat(), "until": found.until.isoformat()}
    told = {"counted_at": answers.local(found.counted_at), "available_actions": actions}
    return {"id": str(found.id), **texts, **days, **told}


def campaign_matter(found: CampaignMatter, stars: list[str], actions: list[str]) -> dict[str, Any]:
    """Return a matter of a wall chart ready for JSON."""
    names = ("name", "measure", "state", "progress", "blocked", "sent_back")
    return {
        "id": str(found.id),
        "campaign": str(found.campaign_id),
        **{name: getattr(found, name) for name in names},
        "department": found.department.code,
        "due_on": found.due_on.isoformat(),
        "done_on": found.done_on.isoformat() if found.done_on else None,
        "stars": stars,
        "available_actions": actions,
    }


def chart(found: Chart) -> dict[str, Any]:
    """Return goals and figures of a wall chart ready for JSON."""
    return {
        "goals": [
            {"figure": one.figure, "target": one.target, "reached": one.reached, "expected": one.expected}
            for one in found.goals
        ],
        "criteria": list(found.criteria),
        "totals": dict(found.totals),
        "days": {
            figure: {day.isoformat(): value for day, value in sorted(counts.items())}
            for figure, counts in found.days.items()
        },
    }
