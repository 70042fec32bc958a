"""What the working calendar tells others."""

import datetime as dt
from dataclasses import dataclass

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """Working time changed on days from `first_day` to `last_day`, in `regions` and below (empty: everywhere).

    version is the number of the calendar data from now on; confirmed_years are those whose notice came in with it.
    """

    version: int
    first_day: dt.date
    last_day: dt.date
    regions: tuple[str, ...] = ()
    confirmed_years: tuple[int, ...] = ()
