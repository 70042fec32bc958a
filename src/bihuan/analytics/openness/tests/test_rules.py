"""What may be published of counts."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.analytics.openness import rules


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([20, 30, 40], [20, 30, 40]),
        ([3, 4, 40], [None, None, 40]),
        ([3, 30, 40], [None, None, 40]),
        ([3], [None]),
        ([], []),
    ],
)
def test_a_single_small_part_takes_another_one_along(counts, shown):
    assert rules.hide(counts, least=10) == shown


@given(st.lists(st.integers(0, 40), max_size=12))
def test_nothing_small_is_shown_and_nothing_hidden_can_be_computed(counts):
    shown = rules.hide(counts, least=10)
    assert all(value is None or value >= 10 for value in shown)
    hidden = [count for count, value in zip(counts, shown, strict=True) if value is None]
    assert len(hidden) != 1 or len(counts) == 1 or not any(value for value in shown)


@pytest.mark.parametrize(("part", "whole", "share"), [(50, 100, 0.5), (9, 100, None), (9, 9, None), (10, 10, 1.0)])
def test_shares_need_as_many_matters(part, whole, share):
    assert rules.share(part, whole, least=10) == share


@pytest.mark.parametrize(
    ("last", "months", "first"),
    [
        (dt.date(2026, 11, 28), 12, dt.date(2025, 12, 1)),
        (dt.date(2026, 12, 1), 12, dt.date(2026, 1, 1)),
        (dt.date(2026, 1, 31), 3, dt.date(2025, 11, 1)),
    ],
)
def test_the_period_is_whole_months(last, months, first):
    assert rules.first_month(last, months=months) == first
    between = rules.months_between(first, last)
    assert len(between) == months
    assert (between[0], between[-1]) == (f"{first:%Y-%m}", f"{last:%Y-%m}")
