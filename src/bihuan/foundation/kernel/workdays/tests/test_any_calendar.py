"""Any calendar a place may have, against counting day by day: split shifts, holidays, make-up days, seasons, zones."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.foundation.kernel.workdays import Duration, Unit

from .plain import ONE_DAY, ZONES, Plain, places, starts

units = st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.DAY])
durations = st.builds(Duration, st.integers(1, 80), units)
# Each example builds a calendar of sixty years, which takes longer than what is asked of it: so each asks much.
often = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(places(), st.lists(starts, min_size=1, max_size=12), st.lists(durations, min_size=1, max_size=6))
def test_deadlines_equal_counting_day_by_day_alone_and_in_bulk(place: Plain, moments, allowed):
    calendar = place.calendar()
    array = np.array([moment.replace(tzinfo=None) for moment in moments], dtype="datetime64[us]")
    for duration in allowed:
        plain = [place.due(moment, duration) for moment in moments]
        assert [calendar.add(moment, duration).at for moment in moments] == plain
        assert [value.replace(tzinfo=dt.UTC) for value in calendar.add_many(array, duration).at.tolist()] == plain


@often
@given(places(), st.lists(st.tuples(starts, starts), min_size=1, max_size=8))
def test_working_time_equals_counting_session_by_session_alone_and_in_bulk(place: Plain, pairs):
    calendar = place.calendar()
    pairs = [tuple(sorted(pair)) for pair in pairs]
    plain = [place.counted(begin, end) for begin, end in pairs]
    assert [calendar.elapsed(begin, end) for begin, end in pairs] == plain
    assert [calendar.elapsed(end, begin) for begin, end in pairs] == [-worked for worked in plain]
    first, last = (np.array([pair[n].replace(tzinfo=None) for pair in pairs], dtype="datetime64[us]") for n in (0, 1))
    assert calendar.elapsed_many(first, last).tolist() == plain


@often
@given(places(), st.lists(starts, min_size=1, max_size=8), st.sampled_from([*ZONES, "Asia/Kolkata"]))
def test_days_equal_counting_one_by_one_and_no_zone_of_a_reader_changes_them(place: Plain, moments, zone):
    calendar, reader = place.calendar(), ZoneInfo(zone)
    for moment in moments:
        date = place.local(moment).date()
        elsewhere = moment.astimezone(reader)
        own = moment.astimezone(place.history[0][1].zone)
        assert calendar.local_date(moment) == calendar.local_date(elsewhere) == calendar.local_date(own) == date
        assert calendar.is_workday(date) == place.works(date)
        assert calendar.next_workday(date) == place.next_workday(date)
        assert calendar.closing(date) == place.instant(place.closing(date))
        later = [date + n * ONE_DAY for n in range(1, 40)]
        assert calendar.workdays_between(date, later[-1]) == sum(map(place.works, later))
        one = Duration(3, Unit.WORKING_HOUR)
        assert calendar.add(own, one) == calendar.add(elsewhere, one) == calendar.add(moment, one)
        assert calendar.position(own) == calendar.position(elsewhere) == calendar.position(moment)
