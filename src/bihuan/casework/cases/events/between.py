"""What mechanisms tell one another, since none knows another: a thing found on a visit, a letter wanted, a clue."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class VisitFound(Event):
    """Visitors of an enterprise found something (a problem, perhaps). department_id: whom it is about, if said."""

    report_id: uuid.UUID
    visit_id: uuid.UUID
    region: str
    department_id: uuid.UUID | None
    text: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class LetterWanted(Event):
    """Something found has to become a letter of oversight: for whoever keeps the letters, with the actor's own rights.

    kind: an instrument of oversight; department: code; parts: more than the kind may need; case: number, or empty.
    """

    source_id: uuid.UUID
    region: str
    kind: str
    department: str
    title: str
    parts: Mapping[str, str]
    case: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class LetterMoved(Event):
    """A letter that was wanted stands elsewhere now. number: empty before its issue; text: what was said."""

    source_id: uuid.UUID
    instrument_id: uuid.UUID
    kind: str
    state: str
    number: str
    text: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class ClueFound(Event):
    """What was found can be checked and concerns persons: for the vault alone, with the actor's own rights (O3)."""

    source_id: uuid.UUID
    region: str
    text: str
    unit: str
    person: str
    actor_id: uuid.UUID | None
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class ClueReceived(Event):
    """The vault took in what was found, and says no more than this receipt, ever."""

    source_id: uuid.UUID
    number: str
    seal: str
    at: dt.datetime
