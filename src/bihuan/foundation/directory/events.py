"""What happened in the directory. Every event names the region, who did it and when."""

import datetime as dt
import uuid
from dataclasses import dataclass

from bihuan.foundation.kernel.events import Event

Values = tuple[tuple[str, str, str], ...]
"""What became of what: (field, before, after), as people read it."""


@dataclass(frozen=True, kw_only=True)
class _Change(Event):
    region: str
    actor_id: uuid.UUID
    now: dt.datetime


@dataclass(frozen=True, kw_only=True)
class RegionsImported(_Change):
    """Regions were added or changed from a file; `region` is empty, since it may concern the whole country."""

    created: int
    updated: int


@dataclass(frozen=True, kw_only=True)
class DepartmentCreated(_Change):
    """A department was set up."""

    department_id: uuid.UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DepartmentChanged(_Change):
    """A department got another name or another place in the tree; `fields` names what changed."""

    department_id: uuid.UUID
    code: str
    fields: tuple[str, ...]
    values: Values = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DepartmentMerged(_Change):
    """A department went into another one; from `on` (exclusive end) it is no longer in force."""

    department_id: uuid.UUID
    code: str
    successor_id: uuid.UUID
    on: dt.date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DepartmentClosed(_Change):
    """A department ended without a successor; from `on` it is no longer in force."""

    department_id: uuid.UUID
    code: str
    on: dt.date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class BoardChanged(_Change):
    """A board was set up, changed or closed (`change`: created, changed, closed)."""

    board_id: uuid.UUID
    code: str
    change: str
    values: Values = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class EnterpriseChanged(_Change):
    """An enterprise was added or corrected (`change`: added, changed)."""

    enterprise_id: uuid.UUID
    change: str


@dataclass(frozen=True, kw_only=True)
class EnterprisesImported(_Change):
    """Enterprises were added or corrected from a file."""

    created: int
    updated: int
    refused: int
