"""Shapes of lenient lists and of repairs of credit."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from ninja import Schema

from bihuan.foundation.kernel import answers

from ..models import (
    Repair,
)
from ..selectors.leniency import Found


class LenientQuery(Schema):
    """What was done, by whom (credit code; for those who may read its records), and how it stands."""

    violation: str = ""
    region: str = ""
    enterprise: str = ""
    minor: bool = True
    corrected: bool = True


class LenientOut(Schema):
    """An entry of a lenient list. missing: `first`, `minor`, `corrected`; applies: null if nobody said whose."""

    id: uuid.UUID
    kind: str
    violation: str
    category: str
    department: str
    basis: str
    text: str
    needs: list[str]
    missing: list[str]
    applies: bool | None


class LenientList(Schema):
    """Entries of lenient lists, those that apply first."""

    items: list[LenientOut]


class RepairOut(Schema):
    """The repair of an enterprise's credit after one record."""

    id: uuid.UUID
    state: str
    region: str
    enterprise: str
    department: str
    record: str
    severity: str
    earliest: dt.date
    guidance: str
    application: str
    outcome: str
    due_at: dt.datetime | None
    asked_at: dt.datetime
    ended_at: dt.datetime | None
    available_actions: list[str]


class RepairPage(Schema):
    """A page of repairs."""

    items: list[RepairOut]
    next: str | None


def lenient(one: Found) -> dict[str, Any]:
    """Return an entry of a lenient list as the API shows it."""
    entry = one.entry
    plain = {name: getattr(entry, name) for name in "id kind violation category basis text".split()}
    return plain | {
        "department": entry.department.code,
        "needs": [name for name in ("first", "minor", "corrected") if getattr(entry, name)],
        "missing": list(one.missing),
        "applies": None if one.unknown and not one.missing else one.applies,
    }


def repair(one: Repair, actions: Sequence[str]) -> dict[str, Any]:
    """Return a repair as the API shows it."""
    plain = {name: getattr(one, name) for name in "id state region earliest guidance application outcome".split()}
    times = {name: answers.local(getattr(one, name)) for name in "due_at asked_at ended_at".split()}
    about = {"record": one.record.text, "severity": one.record.severity, "enterprise": one.enterprise.uscc}
    return plain | times | about | {"department": one.department.code, "available_actions": list(actions)}
