"""The packaged days against two libraries that typed the same notices, and against the law."""

import datetime as dt

import chinese_calendar
import holidays
import pytest

from bihuan.foundation.kernel.workdays import Day, Duration, WorkCalendar
from bihuan.foundation.workcalendar.official import packaged_days

YEARS = range(2018, 2027)
CALENDAR = WorkCalendar(days=[Day(day.date, day.works, day.name) for day in packaged_days()], known_years=YEARS)


def dates(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_equal_to_chinesecalendar(year):
    assert [d for d in dates(year) if CALENDAR.is_workday(d) != chinese_calendar.is_workday(d)] == []


@pytest.mark.parametrize("year", YEARS)
def test_equal_to_holidays(year):
    # Days moved around New Year stand in the neighbouring year's notice.
    library = holidays.China(years=(year, year + 1) if year < 2026 else year)
    worked = set(library.weekend_workdays)

    def works(date: dt.date) -> bool:
        return date in worked or (date.weekday() < 5 and date not in library)

    assert [d for d in dates(year) if CALENDAR.is_workday(d) != works(d)] == []


def test_every_year_has_its_notice_and_its_statutory_days():
    documents = {day.document for day in packaged_days()}
    assert len(documents) == 11
    assert all(d.startswith("国办发明电〔") and d.endswith("号") for d in documents)
    for year in YEARS:
        names = "、".join(day.name for day in packaged_days() if day.year == year and not day.works)
        assert {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"} <= set(names.split("、"))
        for fixed in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3)):
            assert not CALENDAR.is_workday(dt.date(year, *fixed))


def test_make_up_days_are_weekends_and_later_notices_win():
    by_date = {day.date: day for day in packaged_days()}
    assert all(day.date.weekday() >= 5 for day in packaged_days() if day.works)
    assert by_date[dt.date(2020, 2, 1)].document == "国办发明电〔2020〕1号"
    assert not by_date[dt.date(2020, 2, 1)].works
    assert CALENDAR.is_workday(dt.date(2020, 2, 3))
    assert not CALENDAR.is_workday(dt.date(2019, 5, 3))
    assert CALENDAR.is_workday(dt.date(2018, 12, 29))
    assert not CALENDAR.is_workday(dt.date(2018, 12, 31))


def test_the_longer_holidays_since_2025():
    off = [day for day in packaged_days() if day.year == 2025 and not day.works]
    assert sum(day.name == "春节" for day in off) == 8
    assert sum(day.name == "劳动节" for day in off) == 5


@pytest.mark.parametrize(
    ("received", "duration", "due"),
    [
        ("2026-09-30", "5wd", "2026-10-13"),
        ("2026-02-13", "1wd", "2026-02-14"),
        ("2026-02-13", "5wd", "2026-02-27"),
        ("2026-02-14", "3wd", "2026-02-26"),
        ("2026-05-08", "1wd", "2026-05-09"),
        ("2025-12-31", "2wd", "2026-01-05"),
        ("2026-09-24", "3wd", "2026-09-30"),
        ("2026-09-01", "30d", "2026-10-08"),
        ("2026-01-16", "30d", "2026-02-24"),
    ],
)
def test_vectors_on_the_packaged_days(received, duration, due):
    zone = CALENDAR.history[0][1].zone
    deadline = CALENDAR.add(dt.datetime.fromisoformat(received).replace(hour=10, tzinfo=zone), Duration.parse(duration))
    assert deadline.at == dt.datetime.fromisoformat(due).replace(hour=17, minute=30, tzinfo=zone)
    assert not deadline.provisional
