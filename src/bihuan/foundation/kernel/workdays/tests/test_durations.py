import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.kernel.workdays import AfterHours, Duration, OfficeHours, Unit


@pytest.mark.parametrize("text", ["5wd", "4wh", "15d", "24h", "30min", " 5wd "])
def test_durations_read_and_write(text):
    assert str(Duration.parse(text)) == text.strip()


@given(st.sampled_from(list(Unit)), st.integers(1, 3650))
def test_every_duration_survives_writing(unit, amount):
    assert Duration.parse(str(Duration(amount, unit))) == Duration(amount, unit)


@pytest.mark.parametrize(
    "text", ["", "5", "wd", "0wd", "-1d", "1.5wh", "5 wd", "5WD", "９d", "5wdx", "99999wd", None, 5]
)
def test_what_is_no_duration_says_what_one_is(text):
    with pytest.raises(ValueError, match="duration"):
        Duration.parse(text)


def test_units_know_how_they_count():
    assert [(d.working, d.by_date) for d in map(Duration.parse, ("1wd", "1wh", "1d", "1h", "1min"))] == [
        (True, True),
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]


def test_hours_read_from_sessions_or_from_a_span_with_breaks():
    split = OfficeHours.parse("08:30-12:00, 13:30-17:30")
    assert OfficeHours.parse("8:30–17:30", breaks="12:00–13:30") == split
    assert str(split) == "08:30-12:00, 13:30-17:30"
    assert OfficeHours.parse(str(split)) == split
    assert split.length.total_seconds() == 7.5 * 3600
    assert str(OfficeHours.parse("09:00-24:00")) == "09:00-24:00"
    assert OfficeHours.parse("9:00-17:00", after_hours="next_day").after_hours is AfterHours.NEXT_DAY


@pytest.mark.parametrize(
    ("text", "breaks", "says"),
    [
        ("", "", "no session"),
        ("08:30", "", "no session"),
        ("08:30-12:99", "", "no session"),
        ("12:00-08:30", "", "empty"),
        ("08:30-12:00, 11:00-17:30", "", "overlaps"),
        ("13:30-17:30, 08:30-12:00", "", "overlaps"),
        ("20:00-24:30", "", "leaves the day"),
        ("08:30-12:00", "08:00-13:00", "at least one session"),
    ],
)
def test_hours_that_cannot_be_say_why(text, breaks, says):
    with pytest.raises(ValueError, match=says):
        OfficeHours.parse(text, breaks=breaks)


def test_unknown_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        OfficeHours(timezone="Asia/Hangzhou")
