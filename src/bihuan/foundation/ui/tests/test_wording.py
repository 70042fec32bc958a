import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.ui import wording

CHINA = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2026, 11, 19, 10, 20, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (19, "today"),
        (18, "yesterday"),
        (20, "tomorrow"),
        (17, "Tue"),
        (13, "Fri"),
        (25, "Wed"),
        (12, "12 Nov"),
        (26, "26 Nov"),
    ],
)
def test_near_days_are_words_and_far_ones_dates(day, words):
    assert wording.day(dt.date(2026, 11, day), today=NOW.date()) == words


def test_another_year_is_named():
    assert wording.day(dt.date(2025, 11, 19), today=NOW.date()) == "19 Nov 2025"
    assert wording.date(dt.date(2025, 11, 19), today=NOW.date(), long=True) == "19 November 2025"
    assert wording.date(dt.date(2026, 11, 1), today=NOW.date(), long=True) == "1 November"


def test_the_day_of_an_instant_is_that_of_the_place():
    late = dt.datetime(2026, 11, 18, 16, 30, tzinfo=dt.UTC)
    assert wording.moment(late, now=NOW) == "today 00:30"
    assert wording.exact(late) == "2026-11-19 00:30"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (hours(6) + dt.timedelta(minutes=40), "6h 40m"),
        (hours(5), "5h"),
        (dt.timedelta(minutes=38, seconds=59), "38m"),
        (dt.timedelta(seconds=20), "less than 1m"),
        (hours(26) + dt.timedelta(minutes=59), "1d 2h"),
        (hours(48), "2d"),
        (hours(24 * 7 + 5), "7d"),
    ],
)
def test_spans_have_at_most_two_units(length, words):
    assert wording.span(length) == words
    assert wording.left(length) == f"{words} left"
    assert wording.left(-length) == f"{words} over"


def test_a_working_day_may_be_shorter():
    assert wording.span(hours(9), day_length=hours(7)) == "1d 2h"
    assert wording.span(hours(6.5), day_length=hours(7)) == "6h 30m"


@given(length=st.timedeltas(dt.timedelta(0), dt.timedelta(days=400)), day=st.integers(4, 24))
def test_what_is_shown_is_never_more_than_there_is(length, day):
    parts = wording.split(length, day_length=hours(day))
    shown = parts.days * hours(day) + dt.timedelta(hours=parts.hours, minutes=parts.minutes)
    assert shown <= length
    assert length - shown < (hours(day) if parts.days >= 3 else hours(1) if parts.days else dt.timedelta(minutes=1))


def test_numbers():
    day = dt.timedelta(hours=7, minutes=30)
    assert wording.worked(dt.timedelta(hours=187, minutes=25), day_length=day) == "24.9 working days"
    assert wording.worked(dt.timedelta(hours=187, minutes=30), day_length=day) == "25 working days"
    assert wording.worked(day, day_length=day) == "1 working day"
    assert wording.worked(dt.timedelta(hours=7, minutes=29), day_length=day) == "7h 29m"
    assert wording.workdays(3) == "3 working days"
    assert wording.workdays(1.0) == "1 working day"
    assert wording.workdays(4.62) == "4.6 working days"
    assert wording.percent(0.9999) == "99%"
    assert wording.percent(0.9315, digits=1) == "93.1%"
    assert wording.percent(1.12) == "112%"
    assert [wording.size(n) for n in (900, 421888, 1_900_000)] == ["900 B", "412 KB", "1.8 MB"]
