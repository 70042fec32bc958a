"""Why a deadline falls where it falls: plain values that a template can word in any language."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from .durations import Duration, Unit
from .hours import OfficeHours
from .table import DayTable, date_of, unannounced_year


@dataclass(frozen=True, slots=True)
class RestPeriod:
    """Days in a row off by an official notice, both ends included."""

    first: dt.date
    last: dt.date
    name: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps from a receipt to its deadline. Dates are those of the office's wall clock.

    received_on   date of receipt, not counted for wd and d
    counted_from  date taken as receipt: a later one where receipts after hours count for the next working day
    holidays, make_up_days  official days met on the way; weekend_days  ordinary rest days met
    before_rolling  the natural day that was a rest day and was rolled forward, or None
    unannounced   years whose official notice is still missing, so that the deadline may change
    """

    start: dt.datetime
    duration: Duration
    due_at: dt.datetime
    received_on: dt.date
    counted_from: dt.date
    due_on: dt.date
    holidays: tuple[RestPeriod, ...]
    make_up_days: tuple[dt.date, ...]
    weekend_days: int
    before_rolling: dt.date | None
    unannounced: tuple[int, ...]
    office_hours: OfficeHours

    @property
    def receipt_day_counted(self) -> bool:
        """Whether the day of receipt counts (only for hours and minutes)."""
        return not self.duration.by_date


def explain(
    *,
    table: DayTable,
    hours: OfficeHours,
    known_years: frozenset[int],
    start: dt.datetime,
    due_at: dt.datetime,
    duration: Duration,
    received: int,
    counted_from: int,
    due: int,
) -> Explanation:
    """Put together the explanation of a deadline from the day numbers its computation met."""
    unrolled = counted_from + duration.amount if duration.unit is Unit.DAY else due
    first = unrolled if duration.unit is Unit.DAY else counted_from + (1 if duration.by_date else 0)
    # Round-the-clock hours pass through rest days too, so none of them explains anything.
    met = range(first, due + 1) if duration.unit not in (Unit.HOUR, Unit.MINUTE) else range(0)
    years = {unannounced_year(date_of(number), known_years) for number in range(received, due + 1)}
    return Explanation(
        start=start,
        duration=duration,
        due_at=due_at,
        received_on=date_of(received),
        counted_from=date_of(counted_from),
        due_on=date_of(due),
        holidays=tuple(_rest_periods(table, met)),
        make_up_days=tuple(date_of(n) for n in met if n in table.named and table.works[n]),
        weekend_days=sum(1 for n in met if not table.works[n] and n not in table.named),
        before_rolling=date_of(unrolled) if unrolled != due else None,
        unannounced=tuple(sorted(year for year in years if year is not None)),
        office_hours=hours,
    )


def _rest_periods(table: DayTable, numbers: range) -> Iterator[RestPeriod]:
    first = last = -2
    name = ""
    for number in numbers:
        day = table.named.get(number)
        if day is None or day.works:
            continue
        if number != last + 1 or day.name != name:
            if first >= 0:
                yield RestPeriod(date_of(first), date_of(last), name)
            first, name = number, day.name
        last = number
    if first >= 0:
        yield RestPeriod(date_of(first), date_of(last), name)
