"""How much of its time a matter has used."""

import datetime as dt
from collections.abc import Callable

from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.foundation.workcalendar import selectors as workcalendar

Calendars = Callable[[str], WorkCalendar]


def elapsed_share(
    *,
    region: str,
    counts_from: dt.datetime | None,
    due_at: dt.datetime,
    natural: bool,
    moment: dt.datetime,
    calendars: Calendars = workcalendar.calendar_for,
) -> float | None:
    """Return how much of the allotted time is used at `moment` (1 = due), in working time unless `natural`.

    calendars: region → its calendar; a list hands in one that remembers.
    """
    if counts_from is None:
        return None
    if natural:
        whole = due_at - counts_from
        return round(max((moment - counts_from) / whole, 0.0), 4) if whole else 1.0
    return round(calendars(region).share(counts_from, due_at, moment), 4)
