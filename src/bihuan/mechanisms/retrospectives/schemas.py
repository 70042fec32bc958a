"""Shapes of retrospectives in the REST API."""

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bihuan.foundation.kernel import answers

from .selectors import Analysis, Dissection, Seen

FILTERS = "state branch cause step department presumption ground output since until".split()


class RetrospectiveQuery(Schema):
    """Filters of the list: one state, `open`, `late`, or nothing for all; and what a figure counts."""

    state: str = ""
    branch: str = ""
    cause: str = ""
    step: str = ""
    department: str = ""
    presumption: str = ""
    ground: str = ""
    output: str = ""
    since: str = ""
    until: str = ""
    cursor: uuid.UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class RetrospectiveOut(Schema):
    """A retrospective. grounds: ids of the rulebook's conditions, or `hand`; minutes: working time of the case."""

    id: uuid.UUID
    case: str
    title: str
    region: str
    state: str
    grounds: list[str]
    unit: str | None
    minutes: int
    due_at: dt.datetime | None
    overdue: bool
    opened_at: dt.datetime | None
    concluded_at: dt.datetime | None
    available_actions: list[str]


class RetrospectivePage(Schema):
    """A page of retrospectives."""

    items: list[RetrospectiveOut]
    next: str | None


class DissectionOut(RetrospectiveOut):
    """One retrospective: causes {id, branch, cause}; links {step, role, department, minutes, share, times}, the
    weakest first; presumptions {name: {kept, why}}; side_effects [{text, occurred}]; guests {name, advice}; outputs
    {id, kind, title, text}; versions of the report {number, sha256, author, drafted, at}; report: the one that counts.
    """

    ground_text: str
    leader: str | None
    unit_says: str
    causes: list[dict[str, Any]]
    links: list[dict[str, Any]]
    presumptions: dict[str, Any]
    finding: str
    solution: str
    side_effects: list[dict[str, Any]]
    touched: list[str]
    check_on: dt.date | None
    check_text: str
    guests: list[dict[str, Any]]
    outputs: list[dict[str, Any]]
    versions: list[dict[str, Any]]
    report: str
    approved_version: int | None
    approved_sha256: str


class CauseProposalOut(Schema):
    """A cause found before, with how often."""

    branch: str
    cause: str
    count: int


class RetrospectiveAnalysisOut(Schema):
    """Figures of the reports approved in a period. minutes: working time; cases: in how many retrospectives."""

    since: str
    until: str
    as_of: dt.datetime
    total: int
    causes: list[CauseProposalOut]
    steps: list[dict[str, Any]]
    departments: list[dict[str, Any]]
    presumptions_departed: dict[str, int]
    grounds: dict[str, int]
    outputs: dict[str, int]


def retrospective(found: Seen) -> dict[str, Any]:
    """Return a retrospective ready for JSON."""
    one = found.retrospective
    return {
        "id": str(one.id),
        "case": one.number,
        **{name: getattr(one, name) for name in ("title", "region", "state", "grounds", "minutes")},
        "unit": one.unit.code if one.unit else None,
        **{name: answers.local(getattr(one, name)) for name in ("due_at", "opened_at", "concluded_at")},
        "overdue": found.overdue,
        "available_actions": found.available_actions,
    }


def dissection(found: Dissection) -> dict[str, Any]:
    """Return one retrospective with all its parts ready for JSON."""
    one, newest = found.seen.retrospective, found.newest
    plain = "ground_text unit_says presumptions finding solution side_effects touched check_text".split()
    return {
        **retrospective(found.seen),
        **{name: getattr(one, name) for name in (*plain, "approved_version", "approved_sha256")},
        "leader": found.names.get(str(one.leader_id)),
        "check_on": one.check_on.isoformat() if one.check_on else None,
        "causes": [{"id": str(row.id), "branch": row.branch, "cause": row.text} for row in found.causes],
        "links": [
            {
                **{name: getattr(row, name) for name in ("step", "role", "minutes", "share", "times")},
                "department": row.department.code if row.department else None,
            }
            for row in found.links
        ],
        "guests": [{"name": row.name, "advice": row.advice} for row in found.guests],
        "outputs": [
            {
                "id": str(row.id),
                **{name: getattr(row, name) for name in ("kind", "title", "text", "stays")},
                "tells": found.tells.get(row.id, []),
            }
            for row in found.outputs
        ],
        "versions": [
            {
                **{name: getattr(row, name) for name in ("number", "sha256", "drafted")},
                "author": found.names.get(str(row.author_id), ""),
                "at": answers.local(row.at),
            }
            for row in found.versions
        ],
        "report": newest.text if newest else "",
    }


def analysis(found: Analysis) -> dict[str, Any]:
    """Return the figures of a period ready for JSON."""
    return {
        **{name: getattr(found, name) for name in ("since", "until", "total", "grounds", "outputs")},
        "as_of": answers.local(found.as_of),
        "causes": [proposal(row) for row in found.causes],
        "steps": [{"step": row.key, "minutes": row.minutes, "cases": row.count} for row in found.steps],
        "departments": [
            {"department": row.key, "minutes": row.minutes, "cases": row.count} for row in found.departments
        ],
        "presumptions_departed": found.departed,
    }


def proposal(row: tuple[str, str, int]) -> dict[str, Any]:
    """Return a cause with its count ready for JSON."""
    branch, cause, count = row
    return {"branch": branch, "cause": cause, "count": count}
