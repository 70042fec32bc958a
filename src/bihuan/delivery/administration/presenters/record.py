"""Lines of the security record in words."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts import wording
from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.permissions import OPERATOR


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: when, what, by whom, about whom, where, particulars, and whether it succeeded."""

    at: dt.datetime
    what: str
    who: str
    whom: str
    where: str
    address: str
    success: bool
    particulars: list[tuple[str, str]]


def lines(events: Sequence[SecurityEvent]) -> list[Line]:
    """Return the record in words; names are read with one query for people and one for departments."""
    names = accounts.names([one for event in events for one in (event.person_id, event.actor_id) if one])
    departments = directory.names_of_departments(_departments(events))
    return [_line(event, names, departments) for event in events]


def _line(event: SecurityEvent, names: dict[uuid.UUID, str], departments: dict[str, str]) -> Line:
    place = directory.region(event.region) if event.region else None
    about = event.data.get("department_id")
    return Line(
        at=event.at,
        what=wording.kind(event.kind),
        who=_name(event.actor_id, names),
        whom=_name(event.person_id, names) or event.username or departments.get(str(about), ""),
        where=place.name if place else "",
        address=event.ip or "",
        success=event.success,
        particulars=wording.particulars(event.data, departments=departments),
    )


def _name(person_id: uuid.UUID | None, names: dict[uuid.UUID, str]) -> str:
    if person_id is None:
        return ""
    return _("Operator of the installation") if person_id == OPERATOR else names.get(person_id, "")


def _departments(events: Sequence[SecurityEvent]) -> list[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for event in events:
        for key in ("department", "department_id", "successor_id"):
            found |= _ids(event.data.get(key))
    return sorted(found)


def _ids(value: Any) -> set[uuid.UUID]:
    try:
        return {uuid.UUID(value)} if value else set()
    except ValueError:
        return set()
