"""Working time counted the plain way: day by day, session by session, on wall clocks, without any table."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from bihuan.foundation.kernel.workdays import AfterHours, Day, Duration, OfficeHours, Unit, WorkCalendar

BEGIN, END = dt.date(2026, 1, 5), dt.date(2026, 12, 20)
ONE_DAY, NOTHING = dt.timedelta(days=1), dt.timedelta(0)
ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin")
"""Without summer time, with it, with one of half an hour on the southern half, and with a "negative" one."""

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Plain:
    """The days and office hours of a place, as a person keeps them."""

    named: dict[dt.date, bool]
    history: list[tuple[dt.date, OfficeHours]]

    def calendar(self) -> WorkCalendar:
        """The product's own calendar of the same days and hours."""
        days = [Day(date, works) for date, works in self.named.items()]
        return WorkCalendar(days=days, known_years=range(2025, 2028), hours=self.history)

    def works(self, date: dt.date) -> bool:
        return self.named.get(date, date.weekday() < 5)

    def hours(self, date: dt.date) -> OfficeHours:
        return [hours for since, hours in self.history if since <= date][-1]

    def local(self, instant: dt.datetime) -> dt.datetime:
        """What the wall clock shows."""
        return instant.astimezone(self.history[0][1].zone).replace(tzinfo=None)

    def instant(self, wall: dt.datetime) -> dt.datetime:
        return wall.replace(tzinfo=self.history[0][1].zone).astimezone(dt.UTC)

    def closing(self, date: dt.date) -> dt.datetime:
        return dt.datetime.combine(date, dt.time()) + self.hours(date).closing

    def sessions(self, first: dt.date) -> Iterator[Span]:
        """Every session from `first` on, on the wall clock."""
        while True:
            midnight = dt.datetime.combine(first, dt.time())
            for opens, closes in self.hours(first).sessions if self.works(first) else ():
                yield midnight + dt.timedelta(minutes=opens), midnight + dt.timedelta(minutes=closes)
            first += ONE_DAY

    def counted(self, start: dt.datetime, end: dt.datetime, without: Iterable[Span] = ()) -> dt.timedelta:
        """Working time from `start` to `end` (instants), leaving out what lies in any of `without`."""
        return sum((high - low for low, high in self.pieces(start, without, until=end)), NOTHING)

    def reached(self, start: dt.datetime, amount: dt.timedelta, without: Iterable[Span] = ()) -> dt.datetime:
        """The earliest instant at which `amount` (more than nothing) has been worked since `start`."""
        for low, high in self.pieces(start, without):
            if amount <= high - low:
                return self.instant(low + amount)
            amount -= high - low
        raise AssertionError("sessions never end")

    def pieces(self, start: dt.datetime, without: Iterable[Span], until: dt.datetime | None = None) -> Iterator[Span]:
        """The stretches worked from `start` to `until`, ascending, with holes where `without` lies."""
        begin, end = self.local(start), self.local(until) if until else dt.datetime.max
        holes = sorted((self.local(low), self.local(high)) for low, high in without)
        for opens, closes in self.sessions(begin.date()):
            if opens >= end:
                return
            low, last = max(opens, begin), min(closes, end)
            for hole, over in holes:
                if low < min(hole, last):
                    yield low, min(hole, last)
                low = max(low, over)
            if low < last:
                yield low, last

    def due(self, start: dt.datetime, duration: Duration) -> dt.datetime:
        """When a period that begins with a receipt at `start` ends."""
        if duration.unit is Unit.WORKING_HOUR:
            return self.reached(start, dt.timedelta(hours=duration.amount))
        if duration.unit is Unit.DAY:
            date = self.local(start).date() + duration.amount * ONE_DAY
            while not self.works(date):
                date += ONE_DAY
        else:
            date = self.received(start)
            for _ in range(duration.amount):
                date = self.next_workday(date)
        return self.instant(self.closing(date))

    def received(self, start: dt.datetime) -> dt.date:
        """The day that counts as the day of receipt."""
        date = self.local(start).date()
        in_time = self.works(date) and self.local(start) <= self.closing(date)
        if self.hours(date).after_hours is AfterHours.SAME_DAY or in_time:
            return date
        return self.next_workday(date)

    def next_workday(self, date: dt.date) -> dt.date:
        date += ONE_DAY
        while not self.works(date):
            date += ONE_DAY
        return date


@st.composite
def office_hours(draw: st.DrawFn, zone: str) -> OfficeHours:
    """One to four sessions a day, to the minute; where clocks change, they do so before five in the morning."""
    earliest = 0 if zone == "Asia/Shanghai" else 300
    edges = st.lists(st.integers(earliest, 1440), min_size=2, max_size=8, unique=True).map(sorted)
    found = draw(edges)
    pairs = tuple(zip(found[::2], found[1::2], strict=False))
    return OfficeHours(pairs, zone, draw(st.sampled_from(AfterHours)))


@st.composite
def places(draw: st.DrawFn) -> Plain:
    """Split shifts, holidays of one to nine days, make-up days at weekends, seasonal hours, zones with summer time."""
    zone = draw(st.sampled_from(ZONES))
    dates = st.dates(BEGIN, END)
    named: dict[dt.date, bool] = {}
    for first, length in draw(st.lists(st.tuples(dates, st.integers(1, 9)), max_size=12)):
        named |= {first + n * ONE_DAY: False for n in range(length)}
    named |= {date: True for date in draw(st.lists(dates, max_size=12)) if date.weekday() >= 5}
    seasons = draw(st.lists(dates, max_size=2, unique=True).map(sorted))
    history = [(date, draw(office_hours(zone))) for date in (dt.date(2000, 1, 1), *seasons)]
    return Plain(named, history)


starts = st.datetimes(
    dt.datetime.combine(BEGIN, dt.time()), dt.datetime.combine(END, dt.time()), timezones=st.just(dt.UTC)
)
