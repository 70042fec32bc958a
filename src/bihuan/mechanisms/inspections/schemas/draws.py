"""Shapes of random draws."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, make_aware
from django.utils.translation import gettext as _
from ninja import Schema

from bihuan.foundation.kernel import answers, errors

from ..models import (
    Draw,
)
from ..services import Lots
from .reading import day, keys


class RandomDrawOut(Schema):
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


class RandomDrawPage(Schema):
    """A page of draws."""

    items: list[RandomDrawOut]
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
