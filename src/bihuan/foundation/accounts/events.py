"""What happened to accounts that others may want to react to."""

import datetime as dt
import uuid
from dataclasses import dataclass

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class Appointed(Event):
    """A person was appointed to a role."""

    appointment_id: uuid.UUID
    person_id: uuid.UUID
    role: str
    region: str
    actor_id: uuid.UUID
    now: dt.datetime


@dataclass(frozen=True, kw_only=True)
class AppointmentEnded(Event):
    """A person no longer holds a role; what waited for them needs somebody else."""

    appointment_id: uuid.UUID
    person_id: uuid.UUID
    role: str
    region: str
    actor_id: uuid.UUID
    now: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PersonDisabled(Event):
    """A person can no longer log in; their sessions and tokens are dead."""

    person_id: uuid.UUID
    actor_id: uuid.UUID
    now: dt.datetime
