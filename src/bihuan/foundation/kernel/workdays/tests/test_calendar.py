import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bihuan.foundation.kernel.workdays import (
    AfterHours,
    Day,
    Duration,
    OfficeHours,
    OutOfCalendar,
    RestPeriod,
    WorkCalendar,
)

from .samples import CALENDAR, DAYS, HOURS, at

VECTORS = [
    ("2026-09-30", "5wd", "2026-10-13"),
    ("2026-02-13", "1wd", "2026-02-14"),
    ("2026-02-13", "5wd", "2026-02-27"),
    ("2026-02-14", "3wd", "2026-02-26"),
    ("2026-05-08", "1wd", "2026-05-09"),
    ("2025-12-31", "2wd", "2026-01-05"),
    ("2026-09-24", "3wd", "2026-09-30"),
    ("2026-09-01", "30d", "2026-10-08"),
    ("2026-01-16", "30d", "2026-02-24"),
]


@pytest.mark.parametrize(("received", "duration", "due"), VECTORS)
def test_official_vectors(received, duration, due):
    for time in ("00:00", "08:29", "10:15", "17:30", "23:59:59.999999"):
        deadline = CALENDAR.add(at(f"{received} {time}"), Duration.parse(duration))
        assert deadline.at == at(f"{due} 17:30")
        assert not deadline.provisional


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2026-09-30 10:00", "4wh", "2026-09-30 15:30"),
        ("2026-09-30 17:00", "1wh", "2026-10-08 09:00"),
        ("2026-10-03 12:00", "1wh", "2026-10-08 09:30"),
        ("2026-09-30 12:30", "4wh", "2026-09-30 17:30"),
        ("2026-09-30 10:00", "24h", "2026-10-01 10:00"),
        ("2026-09-30 23:50", "30min", "2026-10-01 00:20"),
    ],
)
def test_hours_run_inside_office_hours_or_round_the_clock(start, duration, due):
    assert CALENDAR.add(at(start), Duration.parse(duration)).at == at(due)


@pytest.mark.parametrize(
    ("end", "duration", "start"),
    [
        ("2026-10-13 17:30", "5wd", "2026-09-30 17:30"),
        ("2026-10-08 09:30", "1wh", "2026-10-08 08:30"),
        ("2026-10-08 09:30", "2wh", "2026-09-30 16:30"),
        ("2026-10-08 17:30", "2d", "2026-09-30 17:30"),
        ("2026-10-08 17:30", "2h", "2026-10-08 15:30"),
    ],
)
def test_subtracting_goes_back(end, duration, start):
    assert CALENDAR.subtract(at(end), Duration.parse(duration)) == at(start)


def test_the_day_of_receipt_does_not_run():
    assert CALENDAR.add(at("2026-09-29 10:00"), Duration.parse("1wd")).counts_from == at("2026-09-30")
    assert CALENDAR.add(at("2026-09-29 10:00"), Duration.parse("1wh")).counts_from == at("2026-09-29 10:00")


def test_receipt_after_hours_may_count_for_the_next_working_day():
    strict = WorkCalendar(
        days=DAYS,
        known_years=(2025, 2026),
        hours=OfficeHours.parse("08:30-12:00, 13:30-17:30", after_hours=AfterHours.NEXT_DAY),
    )
    one = Duration.parse("1wd")
    assert strict.add(at("2026-09-29 17:30"), one).at == at("2026-09-30 17:30")
    assert strict.add(at("2026-09-29 17:31"), one).at == at("2026-10-08 17:30")
    assert strict.add(at("2026-10-02 09:00"), one).at == at("2026-10-09 17:30")
    assert strict.add(at("2026-10-02 09:00"), one).counts_from == at("2026-10-09")
    assert CALENDAR.add(at("2026-10-02 09:00"), one).at == at("2026-10-08 17:30")


def test_no_working_time_passes_in_the_spring_festival():
    start, due = at("2026-02-15 09:00"), at("2026-02-20 18:00")
    assert CALENDAR.elapsed(start, due) == dt.timedelta(0)
    assert CALENDAR.share(start, due, at("2026-02-17")) == 0.0
    assert CALENDAR.share(start, due, due) == 1.0
    assert CALENDAR.share(start, at("2026-02-24 12:00"), at("2026-02-24 10:15")) == 0.5


def test_days_ask_the_notice_before_the_week():
    assert [CALENDAR.is_workday(dt.date(2026, 10, d)) for d in (1, 7, 8, 9, 10, 11, 12)] == [
        False,
        False,
        True,
        True,
        True,
        False,
        True,
    ]
    assert CALENDAR.next_workday(dt.date(2026, 9, 30)) == dt.date(2026, 10, 8)
    assert CALENDAR.workdays_between(dt.date(2026, 9, 30), dt.date(2026, 10, 13)) == 5
    assert CALENDAR.workdays_between(dt.date(2026, 10, 13), dt.date(2026, 9, 30)) == -5
    assert CALENDAR.local_date(dt.datetime(2026, 10, 1, 17, tzinfo=dt.UTC)) == dt.date(2026, 10, 2)
    assert CALENDAR.opening(dt.date(2026, 10, 1)) == at("2026-10-01 00:00")
    assert CALENDAR.closing(dt.date(2026, 10, 1)) == at("2026-10-01 17:30")
    assert CALENDAR.roll(at("2026-10-03 20:00")) == at("2026-10-08 17:30")
    assert CALENDAR.roll(at("2026-09-30 20:00")) == at("2026-09-30 17:30")


def test_an_unannounced_year_makes_a_deadline_provisional():
    def provisional(start: str, duration: str) -> bool:
        return CALENDAR.add(at(start), Duration.parse(duration)).provisional

    assert not provisional("2026-12-10", "5wd")
    assert provisional("2026-12-18", "10wd")
    assert provisional("2026-12-18", "30d")
    assert provisional("2026-12-31 16:00", "10wh")
    assert provisional("2024-12-20", "1wd"), "a year before the first known one"
    assert not provisional("2024-12-31 12:00", "2h"), "round-the-clock time needs no calendar"
    assert CALENDAR.settled(dt.date(2025, 1, 1), dt.date(2026, 12, 24))
    assert not CALENDAR.settled(dt.date(2025, 1, 1), dt.date(2026, 12, 25))
    assert CALENDAR.unannounced_year(dt.date(2026, 12, 25)) == 2027
    assert CALENDAR.unannounced_year(dt.date(2028, 3, 1)) == 2028


def test_seasonal_hours_follow_their_dates():
    summer = OfficeHours.parse("08:30-12:00, 14:30-18:00")
    calendar = WorkCalendar(
        days=DAYS,
        known_years=(2025, 2026),
        hours=[(dt.date(2026, 10, 1), HOURS), (dt.date(2020, 1, 1), HOURS), (dt.date(2026, 6, 1), summer)],
    )
    assert calendar.add(at("2026-05-28 10:00"), Duration.parse("1wd")).at == at("2026-05-29 17:30")
    assert calendar.add(at("2026-05-29 10:00"), Duration.parse("1wd")).at == at("2026-06-01 18:00")
    assert calendar.hours_on(dt.date(2026, 7, 1)) == summer
    assert calendar.elapsed(at("2026-05-29"), at("2026-06-02")) == HOURS.length + summer.length
    assert calendar.elapsed(at("2026-09-30"), at("2026-10-09")) == HOURS.length + summer.length


def test_explanation_of_the_national_day():
    found = CALENDAR.explain(at("2026-09-30 10:00"), Duration.parse("5wd"))
    assert found.received_on == found.counted_from == dt.date(2026, 9, 30)
    assert not found.receipt_day_counted
    assert found.holidays == (RestPeriod(dt.date(2026, 10, 1), dt.date(2026, 10, 7), "国庆节"),)
    assert found.make_up_days == (dt.date(2026, 10, 10),)
    assert found.weekend_days == 1
    assert found.due_at == at("2026-10-13 17:30")
    assert found.due_on == dt.date(2026, 10, 13)
    assert found.unannounced == ()


def test_explanation_of_a_rolled_natural_day():
    found = CALENDAR.explain(at("2026-01-16 10:00"), Duration.parse("30d"))
    assert found.before_rolling == dt.date(2026, 2, 15)
    assert found.holidays == (RestPeriod(dt.date(2026, 2, 15), dt.date(2026, 2, 23), "春节"),)
    assert found.due_on == dt.date(2026, 2, 24)
    assert CALENDAR.explain(at("2026-12-20"), Duration.parse("30d")).unannounced == (2027,)


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="offset"):
        CALENDAR.add(dt.datetime(2026, 9, 30), Duration.parse("5wd"))
    for moment in (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2060, 1, 1, tzinfo=dt.UTC)):
        with pytest.raises(OutOfCalendar):
            CALENDAR.position(moment)
    for duration in ("3wd", "3d", "30wh"):
        with pytest.raises(OutOfCalendar):
            CALENDAR.add(at("2059-12-31 12:00"), Duration.parse(duration))
        with pytest.raises(OutOfCalendar):
            CALENDAR.subtract(at("2000-01-03 09:00"), Duration.parse(duration))
    with pytest.raises(ValueError, match="same time zone"):
        WorkCalendar(hours=[(dt.date(2026, 1, 1), HOURS), (dt.date(2026, 2, 1), OfficeHours(timezone="Asia/Urumqi"))])
    with pytest.raises(ValueError, match="same day"):
        WorkCalendar(hours=[(dt.date(2026, 1, 1), HOURS), (dt.date(2026, 1, 1), HOURS)])
    with pytest.raises(OutOfCalendar):
        WorkCalendar(days=[Day(dt.date(1999, 1, 1), False)])


def test_a_reader_in_a_foreign_zone_sees_the_same_instant():
    start = at("2026-10-30 10:00")
    elsewhere = start.astimezone(ZoneInfo("America/New_York"))
    for text in ("5wd", "3wh", "9d", "4h"):
        assert CALENDAR.add(elsewhere, Duration.parse(text)) == CALENDAR.add(start, Duration.parse(text))


def test_an_office_with_daylight_saving_closes_by_its_own_wall_clock():
    boston = ZoneInfo("America/New_York")
    calendar = WorkCalendar(known_years=range(2000, 2060), hours=OfficeHours(timezone="America/New_York"))
    due = calendar.add(dt.datetime(2011, 11, 4, 12, tzinfo=boston), Duration.parse("1wd")).at
    assert due == dt.datetime(2011, 11, 7, 17, 30, tzinfo=boston)
    assert calendar.elapsed(dt.datetime(2011, 11, 4, 17, 30, tzinfo=boston), due) == HOURS.length
