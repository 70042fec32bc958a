"""Clocks replayed on real registers of two foreign cities, with their own deadlines, against their own verdicts.

Boston (../shared/data/boston311) writes wall-clock times of New York without offset and says of every request whether
it was on time. The Dutch municipality (../shared/data/pm4py_logs) writes a deadline, a planned and a real end for each
application, with offsets. Both years have two changes of the clock. Each difference is counted and explained where it
is asserted. `pytest -m external tests/external/test_clocks.py -rP` prints the counts.
"""

# ruff: noqa: T201 -- it prints what it counts
import collections
import csv
import datetime as dt
import gzip
import io
import random
import zipfile
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bihuan.casework.deadlines import rules
from bihuan.casework.deadlines.rules import ClockView, Fact, FactKind
from bihuan.foundation.kernel.workdays import Duration, OfficeHours, Unit, WorkCalendar

from .conftest import REAL

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is not there: this check needs the data beside the project"),
]
NEW_YORK, AMSTERDAM, SHANGHAI = map(ZoneInfo, ("America/New_York", "Europe/Amsterdam", "Asia/Shanghai"))
BOSTON, MUNICIPALITY = (
    WorkCalendar(known_years=range(2000, 2060), hours=OfficeHours.parse("09:00-12:00, 13:00-17:00", timezone=zone.key))
    for zone in (NEW_YORK, AMSTERDAM)
)
LIGHTS = rules.check_lights([("yellow", 0.6), ("orange", 0.8), ("red", 1)])
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def clock(begin: dt.datetime, due: dt.datetime, end: dt.datetime | None) -> list[Fact]:
    """The facts of a clock with a set due date: started and, where there is an end, stopped."""
    facts = [Fact(kind=FactKind.STARTED, at=begin, allotment=due, lights=LIGHTS)]
    return facts if end is None else [*facts, Fact(kind=FactKind.STOPPED, at=end, seq=2)]


def check_light(view: ClockView) -> None:
    """What a reader sees agrees with the flag: red and nothing else means overdue.

    All working time may be used before the due date, where that stands outside office hours; more only after it.
    """
    assert (view.light == "red") == view.overdue
    assert view.elapsed_share >= 1 if view.overdue else view.elapsed_share <= 1
    assert dict(view.light_times)["red"] in (None, max(view.due_at, view.counts_from))


def utc(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC)


def off_the_weekend(date: dt.date) -> dt.date:
    return date if date.isoweekday() < 6 else date + (8 - date.isoweekday()) * DAY


# Boston


def wall(text: str, *, fold: int = 0) -> dt.datetime | None:
    """The instant of a cell: the wall clock of Boston; fold 1 reads the hour that came twice as the second one."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold) if text else None


def times(row: dict[str, str], *, fold: int = 0) -> tuple[dt.datetime | None, ...]:
    return tuple(wall(row[name], fold=fold) for name in ("open_dt", "target_dt", "closed_dt"))


@pytest.fixture(scope="module")
def requests() -> list[dict[str, str]]:
    with zipfile.ZipFile(REAL / "boston311" / "311_service_requests_2011.zip") as archive:
        (name,) = archive.namelist()
        with archive.open(name) as file:
            return list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")))


@pytest.fixture(scope="module")
def told(requests) -> dt.datetime:
    """The last moment the register of Boston knows of: what was open then is judged by then."""
    return utc(max(wall(row["closed_dt"]) for row in requests if row["closed_dt"]))


def test_boston_is_overdue_where_boston_says_so(requests, told):
    """47,112 of 58,251 requests have a target and a verdict: for each our flag is the city's.

    The others cannot be compared. 10,981 have no target, so no clock runs and nothing is ever overdue; the city writes
    ONTIME for all of them, also for the 232 still open. 158 have a target and an empty verdict; by their own times
    157 were closed after it and one was never closed, so our clocks call all of them overdue.
    Three were given a target before they were opened: overdue from the first moment here, OVERDUE there.
    """
    tally: collections.Counter[str] = collections.Counter()
    for row in requests:
        begin, due, end = times(row)
        if due is None:
            assert row["ontime"] == "ONTIME"
            tally["no target, " + row["case_status"]] += 1
            continue
        view = rules.replay(clock(begin, due, end), BOSTON, told)
        check_light(view)
        assert view.due_at == view.original_due_at == due
        assert not row["ontime"] or view.overdue == (row["ontime"] == "OVERDUE"), row
        assert view.overdue == (utc(end or told) > utc(due))
        verdict = row["ontime"] or f"no verdict, {row['case_status']}, {'overdue' if view.overdue else 'in time'} here"
        tally[verdict] += 1
        if due < begin:
            assert {time for _light, time in view.light_times} == {begin}
            tally["born overdue"] += 1
    print(dict(tally))
    assert tally == {
        "ONTIME": 35_591,
        "OVERDUE": 11_521,
        "no target, Closed": 10_749,
        "no target, Open": 232,
        "no verdict, Closed, overdue here": 157,
        "no verdict, Open, overdue here": 1,
        "born overdue": 3,
    }


def test_boston_is_the_same_for_readers_in_any_zone_and_for_either_reading_of_the_hour_that_came_twice(requests, told):
    """On 6 November 2011 the hour from 1 to 2 came twice. Three times of clocks lie in it; no flag hangs on them."""
    seen = [row for row in requests if row["target_dt"]]
    twice = [row for row in seen if _differ(times(row), times(row, fold=1))]
    assert sum("2011-11-06 01:" in row[name] for row in twice for name in ("open_dt", "target_dt", "closed_dt")) == 3
    for row in twice:
        first, second = (rules.replay(clock(*times(row, fold=fold)), BOSTON, told) for fold in (0, 1))
        assert first.overdue == second.overdue == (row["ontime"] == "OVERDUE")
    for row in random.Random(2011).sample(seen, 1_500):
        own = times(row)
        views = [
            rules.replay(clock(*(moment and moment.astimezone(zone) for moment in own)), BOSTON, told)
            for zone in (NEW_YORK, dt.UTC, SHANGHAI)
        ]
        assert views[0] == views[1] == views[2]


def _differ(one: tuple, other: tuple) -> bool:
    return any(a is not None and utc(a) != utc(b) for a, b in zip(one, other, strict=True))


def test_boston_counts_days_on_its_wall_clock_through_the_change_of_the_clock(requests):
    """For 6,829 requests summer time ended or began between opening and target.

    5,944 of them were given whole days: the target shows the time of day of the opening (within ten seconds), although
    an hour more or less has passed. Our periods in days do the same: they end at the close of business of that
    date by the wall clock of Boston, rolled forward where it is a Saturday or Sunday.
    """
    across = [(begin, due) for begin, due, _ in map(times, requests) if due and begin.utcoffset() != due.utcoffset()]
    days, rolled = collections.Counter(), 0
    for begin, due in across:
        amount, rest = divmod(due.replace(tzinfo=None) - begin.replace(tzinfo=None) + dt.timedelta(seconds=10), DAY)
        if rest > dt.timedelta(seconds=20) or amount < 1:
            continue
        days[amount] += 1
        change = begin.utcoffset() - due.utcoffset()
        assert abs(change) == HOUR
        assert abs(utc(due) - utc(begin) - amount * DAY - change) <= dt.timedelta(seconds=10)
        closing = dt.datetime.combine(off_the_weekend(due.date()), dt.time(17), NEW_YORK)
        assert BOSTON.add(begin, Duration(amount, Unit.DAY)).at == utc(closing)
        rolled += due.isoweekday() > 5
    print(f"{len(across)} across, {days.total()} in whole days, {rolled} of them rolled; {days.most_common(5)}")
    assert (len(across), days.total()) == (6_829, 5_944)
    assert 0 < rolled < days.total()


def test_boston_working_time_equals_counting_day_by_day_alone_and_in_bulk(requests):
    """Opened to closed, 54,570 pairs: in bulk as one by one, and a sample against the plainest count."""
    pairs = [(begin, end) for begin, _, end in map(times, requests) if end]
    assert len(pairs) == 54_570
    columns = [np.array([utc(pair[n]).replace(tzinfo=None) for pair in pairs], dtype="datetime64[us]") for n in (0, 1)]
    bulk = BOSTON.elapsed_many(*columns).tolist()
    assert bulk == [BOSTON.elapsed(begin, end) for begin, end in pairs]
    sample = random.Random(54_570).sample(range(len(pairs)), 1_500)
    assert [bulk[n] for n in sample] == [day_by_day(*pairs[n]) for n in sample]
    due = BOSTON.add_many(columns[0], Duration(10, Unit.WORKING_DAY)).at.tolist()
    assert {moment.replace(tzinfo=dt.UTC).astimezone(NEW_YORK).time() for moment in due} == {dt.time(17)}


def day_by_day(begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Working time on the wall clock of Boston, each session of each weekday by itself.

    Office hours never hold a change of the clock, so wall clocks may be subtracted.
    """
    total, date = dt.timedelta(0), begin.date()
    first, last = begin.replace(tzinfo=None), end.replace(tzinfo=None)
    while date <= last.date():
        for opens, closes in ((9, 12), (13, 17)) if date.isoweekday() < 6 else ():
            low = max(first, dt.datetime.combine(date, dt.time(opens)))
            high = min(last, dt.datetime.combine(date, dt.time(closes)))
            total += max(high - low, dt.timedelta(0))
        date += DAY
    return total


# The Dutch municipality


@pytest.fixture(scope="module")
def applications() -> list[tuple[dict[str, dt.datetime], list[dt.datetime]]]:
    """For each application its dates (startdate, deadline, enddate_planned, enddate) and the times of its events."""
    space, found = "{http://www.xes-standard.org/}", []
    with gzip.open(REAL / "pm4py_logs" / "08_receipt.xes.gz") as file:
        for trace in ElementTree.parse(file).getroot().iter(f"{space}trace"):
            dates = {
                one.get("key"): dt.datetime.fromisoformat(one.get("value")) for one in trace.findall(f"{space}date")
            }
            events = [
                dt.datetime.fromisoformat(one.get("value"))
                for one in trace.findall(f"{space}event/{space}date[@key='time:timestamp']")
            ]
            found.append((dates, events))
    return found


@pytest.fixture(scope="module")
def logged(applications) -> dt.datetime:
    """The last moment the log of the municipality knows of."""
    return max(moment for _, events in applications for moment in events)


def test_the_municipality_is_late_where_its_own_dates_say_so(applications, logged):
    """1,434 applications carry a deadline; 1,329 of them an end. Late is an end after the deadline: 377.

    Two applications end before they begin; such a clock is refused, by their dates both are in time. The other 105
    have no end: the log says nothing; at its last moment the deadline of 39 has passed, so they are
    overdue.
    """
    tally: collections.Counter[str] = collections.Counter()
    for dates, _ in applications:
        begin, due, end = dates["startdate"], dates["deadline"], dates.get("enddate")
        if end and end < begin:
            with pytest.raises(ValueError, match="begins with a started"):
                rules.replay(clock(begin, due, end), MUNICIPALITY, logged)
            tally["ends before it begins, in time" if end <= due else "ends before it begins, late"] += 1
            continue
        view = rules.replay(clock(begin, due, end), MUNICIPALITY, logged)
        check_light(view)
        assert view.due_at == due
        assert view.overdue == ((end or logged) > due)
        tally[("late" if view.overdue else "in time") + ("" if end else ", still open")] += 1
    print(dict(tally))
    assert tally == {
        "late": 377,
        "in time": 950,
        "ends before it begins, in time": 2,
        "late, still open": 39,
        "in time, still open": 66,
    }


def test_the_municipality_by_its_planned_end_differs_where_the_plan_is_another_date(applications, logged):
    """The planned end is the deadline plus 0, 10 or 20 ms in all but 37 plans: 33 end earlier, 4 later.

    Taken as a new due date, 389 are late: 374 of those above and 15 that missed an earlier plan but kept the deadline.
    3 are late by the deadline only: one had a later plan, two end on the very instant of the plan, 20 ms after the
    deadline.
    """
    plans, tally = collections.Counter(), collections.Counter()
    for dates, _ in applications:
        begin, due, end = dates["startdate"], dates["deadline"], dates.get("enddate")
        planned = dates.get("enddate_planned", due)
        moved = planned - due if abs(planned - due) > dt.timedelta(milliseconds=20) else dt.timedelta(0)
        plans["earlier" if moved < dt.timedelta(0) else "later" if moved else "the deadline"] += 1
        if not end or end < begin:
            continue
        facts = clock(begin, due, end)
        facts.insert(1, Fact(kind=FactKind.RETARGETED, at=begin, seq=1, allotment=planned))
        view = rules.replay(facts, MUNICIPALITY, logged)
        assert (view.due_at, view.original_due_at, view.overdue) == (planned, due, end > planned)
        if view.overdue != (end > due):
            why = "an earlier plan" if moved < dt.timedelta(0) else "a later plan" if moved else "20 ms"
            assert moved or end == planned == due + dt.timedelta(milliseconds=20)
            tally["late" if view.overdue else "in time", why] += 1
        elif view.overdue:
            tally["late", "both"] += 1
    print(dict(plans), dict(tally))
    assert (plans["earlier"], plans["later"]) == (33, 4)
    assert tally == {
        ("late", "both"): 374,
        ("late", "an earlier plan"): 15,
        ("in time", "a later plan"): 1,
        ("in time", "20 ms"): 2,
    }


def test_the_municipality_by_its_last_event_differs_because_the_log_ends_with_the_receiving_phase(applications, logged):
    """Stopped by the last event instead of the end, 92 are late, not 377.

    The log holds the receiving phase only, the end is that of the whole application: 294 ended late with no event
    after the deadline. 5 ended in time and still have events after the deadline; 4 have such events and no end.
    """
    tally: collections.Counter[tuple[str, bool]] = collections.Counter()
    for dates, events in applications:
        begin, due, end = dates["startdate"], dates["deadline"], dates.get("enddate")
        view = rules.replay(clock(min(begin, *events), due, max(events)), MUNICIPALITY, logged)
        assert view.overdue == (max(events) > due)
        tally["open" if not end else "late" if end > due else "in time", view.overdue] += 1
    print(dict(tally))
    assert tally == {
        ("late", True): 83,
        ("late", False): 294,
        ("in time", True): 5,
        ("in time", False): 947,
        ("open", True): 4,
        ("open", False): 101,
    }


def test_the_municipality_counts_eight_weeks_on_its_wall_clock(applications):
    """1,080 deadlines are eight weeks after the start by date, 344 of them over a change of the clock.

    Our 56 days end on the same date at the close of business, those on a Saturday or Sunday on the Monday after.
    """
    whole, across, rolled, same_time = 0, 0, 0, collections.Counter()
    for dates, _ in applications:
        begin, due = (dates[name].astimezone(AMSTERDAM) for name in ("startdate", "deadline"))
        if due.date() - begin.date() != 56 * DAY:
            continue
        whole += 1
        change = begin.utcoffset() - due.utcoffset()
        late = abs(utc(due) - utc(begin) - 56 * DAY - change)
        across += bool(change)
        same_time[bool(change)] += late <= dt.timedelta(milliseconds=20)
        closing = dt.datetime.combine(off_the_weekend(due.date()), dt.time(17), AMSTERDAM)
        assert MUNICIPALITY.add(begin, Duration(56, Unit.DAY)).at == utc(closing)
        rolled += due.isoweekday() > 5
    print(f"{whole} of eight weeks, {across} over a change of the clock, {rolled} rolled; same time {dict(same_time)}")
    assert (whole, across) == (1_080, 344)
    assert same_time == {False: 647, True: 335}
