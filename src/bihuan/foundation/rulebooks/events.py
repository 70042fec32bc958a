"""What happened to rulebooks."""

import datetime as dt
import uuid
from dataclasses import dataclass

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RulebookApplied(Event):
    """A region has a new version of its rulebook, in force from `effective_from`; actor None: the product."""

    version_id: uuid.UUID
    region: str
    number: int
    effective_from: dt.datetime
    actor_id: uuid.UUID | None
    now: dt.datetime
