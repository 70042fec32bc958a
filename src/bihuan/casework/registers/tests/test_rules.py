"""The effect of an institution: known values, and what must hold for any numbers."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.casework.registers.rules import effect

BEGAN = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
counts = st.integers(0, 400)


class TestRate:
    @pytest.mark.parametrize(
        ("before", "before_days", "after", "after_days", "value", "low", "high"),
        [
            # The example of R's poisson.test: 11 events in 800 against 21 in 3011.
            (21, 3011, 11, 800, 1.971488, 0.8584264, 4.2772659),
            # Nothing after it: the upper bound is 1 - 0.025 ** (1 / n) as odds.
            (10, 100, 0, 100, 0.0, 0.0, 0.4460936),
            (20, 100, 20, 100, 1.0, 0.5102, 1.9600),
        ],
    )
    def test_known_values(self, before, before_days, after, after_days, value, low, high):
        found = effect.rate_ratio(before=before, before_days=before_days, after=after, after_days=after_days)
        assert (found.value, found.low, found.high) == pytest.approx((value, low, high), rel=2e-3)

    @given(st.integers(1, 400), counts, st.floats(1, 400), st.floats(1, 400))
    def test_the_interval_holds_the_ratio_and_the_sides_mirror_each_other(self, before, after, first, second):
        found = effect.rate_ratio(before=before, before_days=first, after=after, after_days=second)
        assert 0 <= found.low <= found.value <= found.high
        if after:
            turned = effect.rate_ratio(before=after, before_days=second, after=before, after_days=first)
            assert turned.value == pytest.approx(1 / found.value)
            assert turned.low == pytest.approx(1 / found.high, rel=1e-6)

    def test_it_holds_the_truth_as_often_as_it_says(self):
        dice, held = random.Random(7), 0
        for _round in range(300):
            before = sum(dice.random() < 0.02 for _day in range(1_000))
            after = sum(dice.random() < 0.01 for _day in range(1_000))
            found = effect.rate_ratio(before=max(before, 1), before_days=1_000, after=after, after_days=1_000)
            held += found.low <= 0.5 <= found.high
        assert held >= 280


class TestDuration:
    @given(st.lists(st.floats(0, 60), min_size=5, max_size=40), st.integers(-9, 9))
    @settings(max_examples=20)
    def test_a_shift_is_found_again_and_the_same_cases_give_the_same_figure(self, before, shift):
        still, moved = (effect.median_difference(before, [one + by for one in before]) for by in (0, shift))
        assert still.value == pytest.approx(0)
        assert still.low <= 0 <= still.high
        assert moved.value == pytest.approx(shift, abs=1e-9)
        assert (moved.low, moved.high) == pytest.approx((still.low + shift, still.high + shift), abs=1e-9)
        assert moved == effect.median_difference(before, [one + shift for one in before])

    def test_it_holds_the_truth_about_as_often_as_it_says(self):
        dice, held = random.Random(11), 0
        for _round in range(120):
            before, after = ([dice.expovariate(1 / mean) for _case in range(40)] for mean in (8, 5))
            truth = (5 - 8) * 0.6931472
            found = effect.median_difference(before, after)
            held += found.low <= truth <= found.high
        assert held >= 108


class TestHonesty:
    def window(self, days, count, taken=(), start=BEGAN):
        return effect.Window(start=start, end=start + days * DAY, count=count, durations=tuple(taken))

    @pytest.mark.parametrize(
        ("before", "after", "why"),
        [
            ((180, 30), (27, 3), "too_early"),
            ((180, 4), (90, 30), "too_few"),
            ((20, 30), (90, 30), "too_few"),
            ((180, 5), (90, 0), ""),
        ],
    )
    def test_small_counts_and_short_times_say_nothing(self, before, after, why):
        found = effect.compare(self.window(*before), self.window(*after), least=5)
        assert found.why == why
        assert (found.rate is None) == bool(why)
        assert found.duration is None

    def test_durations_need_enough_on_both_sides(self):
        some, few = self.window(180, 9, [5.0] * 9), self.window(90, 9, [3.0] * 4)
        assert effect.compare(some, few, least=5).duration is None
        assert effect.compare(some, self.window(90, 9, [3.0] * 5), least=5).duration.value == -2

    @given(st.integers(0, 900), st.integers(0, 900), st.integers(1, 24))
    def test_windows_never_reach_beyond_what_is_known(self, known, passed, months):
        first, until = BEGAN - known * DAY, BEGAN + passed * DAY
        before, after = effect.windows(began=BEGAN, first=first, until=until, months=months)
        assert before.end == after.start == BEGAN
        assert first <= before.start
        assert after.end <= until
        assert max(before.days, after.days) <= months * effect.MONTH + 1e-6

    def test_a_ratio_says_what_it_leaves_open(self):
        assert effect.Interval(value=0.5, low=0.3, high=0.8).verdict == "less"
        assert effect.Interval(value=2, low=1.1, high=3).verdict == "more"
        assert effect.Interval(value=0.9, low=0.5, high=1.4).verdict == ""
