"""Shapes of key projects in the REST API."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from ninja import Schema

from .selectors import Seen


class ProjectMilestone(Schema):
    """A milestone. light: `done`, `calm`, `amber`, `red`, `dropped`."""

    id: uuid.UUID
    name: str
    day: dt.date
    state: str
    light: str
    available_actions: list[str]


class ProjectBlock(Schema):
    """The matter that blocks a project; open until it closes."""

    case: str
    text: str
    open: bool


class ProjectOut(Schema):
    """A key project. planned, paid: in ten thousand yuan; light: the worst of its milestones."""

    id: uuid.UUID
    region: str
    name: str
    investor: str
    department: str
    state: str
    planned: Decimal
    paid: Decimal
    signed_on: dt.date
    started_on: dt.date | None
    light: str
    milestones: list[ProjectMilestone]
    blocks: list[ProjectBlock]
    available_actions: list[str]


class ProjectList(Schema):
    """Projects, and the figures of those listed."""

    items: list[ProjectOut]
    figures: dict[str, Any]


def project(found: Seen) -> dict[str, Any]:
    """Return a project ready for JSON."""
    one = found.project
    return {
        "id": str(one.id),
        "department": one.department.code,
        **{name: getattr(one, name) for name in "region name investor state signed_on started_on".split()},
        "planned": str(one.planned),
        "paid": str(one.paid),
        "light": found.light,
        "milestones": [
            {
                "id": str(step.milestone.id),
                "name": step.milestone.name,
                "day": step.milestone.day,
                "state": step.milestone.state,
                "light": step.light,
                "available_actions": step.available_actions,
            }
            for step in found.steps
        ],
        "blocks": [{"case": block.number, "text": block.text, "open": block.open} for block in found.blocks],
        "available_actions": found.available_actions,
    }


def figures(found: dict[str, Any]) -> dict[str, Any]:
    """Return figures ready for JSON; amounts as texts, so that no digit is lost."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()}
