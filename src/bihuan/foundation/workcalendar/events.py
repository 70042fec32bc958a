"""What the working calendar tells others."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """Working time changed on days from `first_day` to `last_day`, in `regions` and below (empty: everywhere).

    version is the number of the calendar data from now on; confirmed_years are those whose notice came in with it.
    what and detail: as in the journal (`CalendarVersion`); actor_id is None when a release brought the days.
    """

    version: int
    first_day: dt.date
    last_day: dt.date
    regions: tuple[str, ...] = ()
    confirmed_years: tuple[int, ...] = ()
    what: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    actor_id: uuid.UUID | None = None
    now: dt.datetime | None = None
