"""Shapes of the figures in the REST API."""

import datetime as dt
from typing import Any

from ninja import Schema
from pydantic import Field


class FiguresQuery(Schema):
    """The period in which matters were raised, both days included; without it the last twelve months."""

    since: dt.date | None = None
    until: dt.date | None = None
    region: str = Field(default="", max_length=9, description="GB/T 2260, with all below; empty: all you may see")


class FigureOut(Schema):
    """A number, what it counts, and where its very cases are listed."""

    id: str
    value: int
    definition: str
    cases: str


class RateOut(Schema):
    """A share between 0 and 1; null where there is nothing to divide by."""

    id: str
    value: float | None
    definition: str


class FiguresOut(Schema):
    """Figures as of an instant. by: month, channel, board, tier, region → rows with the same figures and rates."""

    as_of: dt.datetime
    since: dt.date
    until: dt.date
    region: str | None
    figures: list[FigureOut]
    rates: list[RateOut]
    by: dict[str, list[dict[str, Any]]]
