"""How often an enterprise is visited, on which days, and whose clock is believed: on plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.outreach.rules import visits

D = dt.date(2026, 11, 16)
AT = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


def on(*steps: int) -> list[dt.date]:
    return [D + dt.timedelta(days=step) for step in steps]


@pytest.mark.parametrize(
    ("taken", "day", "earliest"),
    [
        ([], 0, "free"),
        ([-5], 0, "free"),
        ([-5, -3], 0, 5),
        ([-9, -3], 0, 1),
        ([-10, -3], 0, "free"),
        ([3, 5], 0, 13),
        ([-3, 3], 0, 7),
        ([-3, 12], 0, "free"),
    ],
)
def test_a_visit_too_many_names_the_first_free_day(taken, day, earliest):
    found = visits.excess(on(*taken), D + dt.timedelta(days=day), most=2, days=10)
    assert (found is None) == (earliest == "free")
    if found is not None:
        assert found.earliest == D + dt.timedelta(days=earliest)
        assert visits.excess(on(*taken), found.earliest, most=2, days=10) is None


@given(st.lists(st.integers(-40, 40), max_size=12), st.integers(1, 3), st.integers(1, 20))
def test_what_is_allowed_never_fills_a_stretch_beyond_the_cap(steps, most, days):
    kept: list[dt.date] = []
    for day in on(*steps):
        if visits.excess(kept, day, most=most, days=days) is None:
            kept.append(day)
    for first in kept:
        assert sum(0 <= (day - first).days < days for day in kept) <= most


@given(st.integers(1, 30), st.integers(1, 5), st.integers(1, 4))
def test_a_plan_leaves_nobody_out_without_a_reason(firms, days, teams):
    wanted = [f"f{number}" for number in range(firms)]
    full = {"f0": on(0, 1, 2)}
    found = visits.lay_out(
        firms=wanted, days=on(*range(days)), teams=[f"t{n}" for n in range(teams)], taken=full, most=2, days_of_cap=30
    )
    assert sorted([*(one for one, _d, _t in found.visits), *(one for one, _d in found.skipped)]) == sorted(wanted)
    assert [one for one, _day in found.skipped] == ["f0"]
    counts = [sum(team == f"t{n}" for _f, _d, team in found.visits) for n in range(teams)]
    assert max(counts) - min(counts) <= 1


def test_customary_days():
    since, until = dt.date(2026, 12, 1), dt.date(2026, 12, 31)
    assert visits.fixed_days(since, until, monthly=8, weekly=None) == [dt.date(2026, 12, 8)]
    assert [day.day for day in visits.fixed_days(since, until, monthly=None, weekly=3)] == [2, 9, 16, 23, 30]


@pytest.mark.parametrize(
    ("said", "expected", "wrong"),
    [(None, 0, False), (-60, -60, False), (3, 0, False), (6, 0, True), (60 * 24 * 365 * 30, 0, True), (-400, 0, True)],
)
def test_a_clock_that_is_ahead_is_not_believed_and_nothing_is_lost(said, expected, wrong):
    written = None if said is None else AT + dt.timedelta(minutes=said)
    found = visits.written_at(written, AT, registered=AT - dt.timedelta(hours=2))
    assert found == (AT + dt.timedelta(minutes=expected), wrong)


@pytest.mark.parametrize(
    ("parts", "ref", "expected"),
    [
        ((36, 30, 0), "N", 36.5),
        ((120, 0, 36), "W", -120.01),
        ((95, 0, 0), "N", None),
        ((), "N", None),
        ((1, 2, "x"), "E", None),
        ((1, 2, 3), "?", None),
    ],
)
def test_positions_as_photos_say_them(parts, ref, expected):
    assert visits.degrees(parts, ref) == expected
