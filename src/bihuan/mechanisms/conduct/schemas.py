"""Shapes of conduct lists in the REST API."""

import datetime as dt
import uuid
from typing import Any

from ninja import Schema

from bihuan.foundation.kernel import answers

from .models import Sheet


class ConductEntry(Schema):
    """One entry: `P1`, `N2`, `A1` … side: positive, negative, advocated."""

    id: str
    side: str
    text: str


class SheetOut(Schema):
    """One version of a list of conduct."""

    id: uuid.UUID
    region: str
    kind: str
    audience: str
    version: int
    state: str
    title: str
    basis: str
    entries: list[ConductEntry]
    effective_on: dt.date
    published_at: dt.datetime | None


class SheetList(Schema):
    """The lists in force."""

    items: list[SheetOut]


def sheet(found: Sheet) -> dict[str, Any]:
    """Return a version ready for JSON."""
    names = "region kind audience version state title basis entries effective_on".split()
    return {
        "id": str(found.id),
        **{name: getattr(found, name) for name in names},
        "published_at": answers.local(found.published_at),
    }
