"""The arithmetic against the plainest reading of the rules: count days one by one, minutes one by one."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.foundation.kernel.workdays import AfterHours, Duration, OfficeHours, Unit, WorkCalendar

from .samples import CALENDAR, DAYS, HOURS

SUMMER = OfficeHours.parse("08:00-11:30, 14:30-18:00, 19:00-20:00")
LATE = OfficeHours.parse("09:00-17:00", after_hours=AfterHours.NEXT_DAY)
BOSTON = OfficeHours.parse("09:00-17:00", timezone="America/New_York")
CALENDARS = {
    "plain": CALENDAR,
    "seasons": WorkCalendar(
        days=DAYS,
        known_years=(2025, 2026),
        hours=[(dt.date(2000, 1, 1), HOURS), (dt.date(2026, 2, 20), SUMMER), (dt.date(2026, 9, 28), LATE)],
    ),
    "boston": WorkCalendar(days=DAYS, known_years=(2025, 2026), hours=BOSTON),
}
NAMED = {day.date: day.works for day in DAYS}
calendars = st.sampled_from(sorted(CALENDARS))
starts = st.datetimes(dt.datetime(2025, 9, 20), dt.datetime(2026, 11, 20), timezones=st.just(dt.UTC))
minutes = starts.map(lambda moment: moment.replace(second=0, microsecond=0))


def works(date: dt.date) -> bool:
    return NAMED.get(date, date.weekday() < 5)


def naive_by_date(calendar: WorkCalendar, start: dt.datetime, duration: Duration) -> dt.datetime:
    zone = calendar.history[0][1].zone
    local = start.astimezone(zone)
    date, day = local.date(), dt.timedelta(days=1)
    if duration.unit is Unit.DAY:
        date += duration.amount * day
        while not works(date):
            date += day
    else:
        hours = calendar.hours_on(date)
        late = not works(date) or local.replace(tzinfo=None) > dt.datetime.combine(date, dt.time()) + hours.closing
        if hours.after_hours is AfterHours.NEXT_DAY and late:
            date += day
            while not works(date):
                date += day
        left = duration.amount
        while left:
            date += day
            left -= works(date)
    closing = dt.datetime.combine(date, dt.time()) + calendar.hours_on(date).closing
    return closing.replace(tzinfo=zone)


def open_minute(calendar: WorkCalendar, moment: dt.datetime) -> bool:
    local = moment.astimezone(calendar.history[0][1].zone)
    minute = local.hour * 60 + local.minute
    sessions = calendar.hours_on(local.date()).sessions
    return works(local.date()) and any(opens <= minute < closes for opens, closes in sessions)


@given(calendars, starts, st.sampled_from([Unit.WORKING_DAY, Unit.DAY]), st.integers(1, 60))
def test_days_equal_counting_day_by_day(name, start, unit, amount):
    duration = Duration(amount, unit)
    assert CALENDARS[name].add(start, duration).at == naive_by_date(CALENDARS[name], start, duration)


@settings(max_examples=60, deadline=None)
@given(calendars, minutes, st.integers(1, 12))
def test_hours_equal_counting_minute_by_minute(name, start, amount):
    calendar, moment, left = CALENDARS[name], start, amount * 60
    while left:
        left -= open_minute(calendar, moment)
        moment += dt.timedelta(minutes=1)
    assert calendar.add(start, Duration(amount, Unit.WORKING_HOUR)).at == moment


@settings(max_examples=40, deadline=None)
@given(calendars, minutes, st.integers(0, 6000))
def test_elapsed_equals_counting_minute_by_minute(name, start, length):
    calendar, end = CALENDARS[name], start + dt.timedelta(minutes=length)
    counted = sum(open_minute(calendar, start + dt.timedelta(minutes=n)) for n in range(length))
    assert calendar.elapsed(start, end) == dt.timedelta(minutes=counted)
    assert calendar.elapsed(end, start) == -dt.timedelta(minutes=counted)


@given(calendars, starts, starts, st.sampled_from(list(Unit)), st.integers(1, 60))
def test_a_later_receipt_never_ends_earlier(name, one, other, unit, amount):
    first, second = sorted((one, other))
    add = CALENDARS[name].add
    duration = Duration(amount, unit)
    assert add(first, duration).at <= add(second, duration).at
    if amount > 1:
        assert add(first, Duration(amount - 1, unit)).at <= add(first, duration).at


@given(calendars, starts, st.integers(1, 200))
def test_adding_hours_then_measuring_gives_them_back(name, start, amount):
    calendar = CALENDARS[name]
    due = calendar.add(start, Duration(amount, Unit.WORKING_HOUR)).at
    assert calendar.elapsed(start, due) == dt.timedelta(hours=amount)
    assert calendar.elapsed(calendar.subtract(due, Duration(amount, Unit.WORKING_HOUR)), due) == dt.timedelta(
        hours=amount
    )


@given(st.sampled_from(["plain", "boston"]), starts, st.integers(1, 60))
def test_going_back_working_days_leads_forward_again(name, start, amount):
    calendar, duration = CALENDARS[name], Duration(amount, Unit.WORKING_DAY)
    due = calendar.add(start, duration).at
    assert calendar.add(calendar.subtract(due, duration), duration).at == due


@given(calendars, starts)
def test_position_and_instant_are_inverse(name, start):
    calendar = CALENDARS[name]
    position = calendar.position(start)
    found = calendar.instant(position)
    assert found <= start
    assert calendar.position(found) == position


@given(starts, starts, starts)
def test_share_lies_between_and_grows(one, two, three):
    start, now, due = sorted((one, two, three))
    assert 0.0 <= CALENDAR.share(start, due, now) <= 1.0
    assert CALENDAR.share(start, due, due) == 1.0
    assert CALENDAR.share(start, due, start) == (1.0 if start == due else 0.0)


@settings(deadline=None)
@given(calendars, st.lists(starts, min_size=1, max_size=40), st.sampled_from(list(Unit)), st.integers(1, 60))
def test_bulk_equals_one_by_one(name, moments, unit, amount):
    calendar, duration = CALENDARS[name], Duration(amount, unit)
    array = np.array([moment.replace(tzinfo=None) for moment in moments], dtype="datetime64[us]")
    found = calendar.add_many(array, duration)
    single = [calendar.add(moment, duration) for moment in moments]
    assert [value.replace(tzinfo=dt.UTC) for value in found.at.tolist()] == [deadline.at for deadline in single]
    assert found.provisional.tolist() == [deadline.provisional for deadline in single]
    spans = calendar.elapsed_many(array[:1].repeat(len(array)), array)
    assert spans.tolist() == [calendar.elapsed(moments[0], moment) for moment in moments]


def test_bulk_refuses_what_one_by_one_refuses():
    early = np.array(["1970-01-01"], dtype="datetime64[us]")
    late = np.array(["2059-12-30"], dtype="datetime64[us]")
    for unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.DAY):
        for array in (early, late):
            with pytest.raises(ValueError, match="outside the calendar"):
                CALENDAR.add_many(array, Duration(100, unit))
    assert CALENDAR.add_many(early[:0], Duration(5, Unit.WORKING_DAY)).at.tolist() == []
