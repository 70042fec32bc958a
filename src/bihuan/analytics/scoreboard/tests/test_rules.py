"""What counts, how it is compared, and what moved it: on plain values."""

import datetime as dt
import uuid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bihuan.analytics.scoreboard.rules import counting, fairness, moving, periods
from bihuan.analytics.scoreboard.rules.counting import Index, Matter, Outcome

OURS, OTHERS = uuid.uuid4(), uuid.uuid4()
DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 10, 26, 1, tzinfo=dt.UTC)
OCTOBER, NOVEMBER = periods.read("2026-10"), periods.read("2026-11")


def matter(**given):
    values = {
        "state": "closed",
        "closed_kind": "resolved",
        "region": "999901",
        "lead": OURS,
        "board": "projects",
        "category": "approval",
        "tier": "ordinary",
        "raised_at": START,
        "dispatched_at": START,
        "signed_at": START,
        "first_contact_at": START + DAY,
        "replied_at": START + 4 * DAY,
        "closed_at": START + 7 * DAY,
        "due_at": START + 7 * DAY,
        "original_due_at": START + 5 * DAY,
        "sign_due": START + DAY,
        "contact_due": START + 2 * DAY,
        "at_once_due": START + DAY,
    }
    return Matter(**values | given)


def counted(given, at=START + 90 * DAY, **more):
    return counting.count(given, at=at, day_of=lambda instant: instant.date(), **more)


@pytest.mark.parametrize(
    ("given", "index", "outcome"),
    [
        ({}, "on_time_rate", (OCTOBER, Outcome.HIT)),
        ({"replied_at": START + 6 * DAY}, "original_on_time_rate", (OCTOBER, Outcome.MISS)),
        ({"replied_at": START + 9 * DAY}, "on_time_rate", (NOVEMBER, Outcome.MISS)),
        ({"state": "handling", "closed_kind": "", "closed_at": None}, "on_time_rate", (NOVEMBER, Outcome.MISS)),
        ({"state": "suspended", "closed_kind": "", "closed_at": None, "held": True}, "on_time_rate", None),
        ({"achieved": True}, "achieved_rate", (NOVEMBER, Outcome.HIT)),
        ({}, "achieved_rate", (NOVEMBER, Outcome.MISS)),
        ({"achieved": True, "replied_at": START + 9 * DAY}, "overdue_achieved_rate", (NOVEMBER, Outcome.HIT)),
        ({}, "overdue_achieved_rate", None),
        ({"rating_result": 3}, "satisfaction", (NOVEMBER, Outcome.HIT)),
        ({"rating_result": 2}, "satisfaction", (NOVEMBER, Outcome.MISS)),
        ({}, "satisfaction", None),
        ({"rating_plan": 1}, "plan_satisfaction", (OCTOBER, Outcome.MISS)),
        ({"closed_kind": "explained"}, "refusal_rate", (NOVEMBER, Outcome.HIT)),
        ({"state": "declined", "closed_kind": "", "lead": None}, "refusal_rate", (OCTOBER, Outcome.HIT)),
        ({"state": "archived", "closed_kind": "", "lead": None}, "refusal_rate", (OCTOBER, Outcome.HIT)),
        ({"again": 1}, "repeat_rate", (OCTOBER, Outcome.HIT)),
        ({"replied_at": START + DAY}, "at_once_rate", (NOVEMBER, Outcome.HIT)),
        ({"first_contact_at": None}, "response_rate", (OCTOBER, Outcome.MISS)),
        ({"signed_at": None}, "sign_rate", (OCTOBER, Outcome.MISS)),
        ({"state": "merged"}, "on_time_rate", None),
        ({"closed_kind": "withdrawn"}, "on_time_rate", None),
        ({"closed_kind": "tracked"}, "achieved_rate", (NOVEMBER, Outcome.MISS)),
    ],
)
def test_a_matter_counts_as_its_definition_says(given, index, outcome):
    assert counted(matter(**given)).outcomes.get(Index(index)) == outcome


def test_what_is_not_due_yet_waits_for_its_limit_and_tracked_ones_too():
    early = counted(matter(state="handling", closed_kind="", closed_at=None), at=START + 3 * DAY)
    assert Index.ON_TIME not in early.outcomes
    assert early.settles_at == START + 5 * DAY
    tracked = counted(matter(closed_kind="tracked", due_at=START + 40 * DAY), at=START + 30 * DAY)
    assert Index.ACHIEVED not in tracked.outcomes
    assert tracked.settles_at == START + 40 * DAY


def test_a_return_counts_for_whoever_sent_it_back():
    tally = counted(matter(returned_by=frozenset({OTHERS})))
    cells = {cell[1]: counts for cell, counts in counting.cells(tally).items() if cell[5] == 11}
    assert cells[str(OTHERS)] == (1, 1, 0)
    assert cells[str(OURS)] == (1, 0, 0)
    assert cells["999901"] == cells["projects"] == (1, 1, 0)


def test_what_is_excluded_is_counted_as_excluded_only():
    every = counting.cells(counted(matter(), excluded={""}))
    assert set(every.values()) == {(0, 0, 1)}
    one = counted(matter(), excluded={"on_time_rate"}).outcomes
    assert one[Index.ON_TIME][1] == Outcome.EXCLUDED
    assert one[Index.ACHIEVED][1] != Outcome.EXCLUDED


STATES = ["handling", "suspended", "replied", "closed", "archived", "declined", "merged"]
ANY = st.builds(
    matter,
    state=st.sampled_from(STATES),
    closed_kind=st.sampled_from(["", "resolved", "explained", "tracked", "withdrawn"]),
    achieved=st.booleans(),
    rating_result=st.none() | st.integers(1, 5),
    returned_by=st.sampled_from([frozenset(), frozenset({OTHERS}), frozenset({OURS})]),
    replied_at=st.integers(0, 60).map(lambda days: START + days * DAY),
)


@given(ANY, ANY, ANY)
def test_what_is_added_and_removed_is_what_stands_whatever_came_between(first, second, third):
    states = [counting.cells(counted(one)) for one in (first, second, third)]
    added = [counting.difference({}, states[0])]
    added += [counting.difference(states[0], states[1]), counting.difference(states[1], states[2])]
    added += [counting.difference(states[2], states[2])]
    assert counting.total(added) == states[2]


@given(ANY)
def test_keys_tell_the_outcomes(given):
    tally = counted(given)
    assert counting.outcomes_of(counting.keys(tally)) == tally.outcomes


COUNTS = st.tuples(st.integers(0, 400), st.floats(0, 1)).map(lambda pair: (pair[0], round(pair[0] * pair[1])))


@given(COUNTS)
def test_wilson_contains_the_share(pair):
    counted_, hits = pair
    low, high = fairness.wilson(hits, counted_)
    assert 0 <= low <= high <= 1
    if counted_:
        assert low <= hits / counted_ <= high


STRATA = st.dictionaries(st.sampled_from("abcd"), COUNTS, max_size=4)


@given(st.dictionaries(st.sampled_from("uvwxyz"), STRATA, min_size=1))
def test_intervals_contain_the_fair_value_and_everything_stays_a_share(units):
    pooled = dict.fromkeys("abcd", (0, 0))
    for strata in units.values():
        for name, (n, hits) in strata.items():
            pooled[name] = (pooled[name][0] + n, pooled[name][1] + hits)
    rates = fairness.reference(pooled, parent=dict.fromkeys("abcd", "t"))
    for fair in fairness.compare(units, rates).values():
        assert 0 <= fair.low <= fair.value <= fair.high <= 1
        assert np.isfinite(fair.ratio)


@given(STRATA.filter(lambda strata: any(n and 0 < hits < n for n, hits in strata.values())), st.integers(2, 6))
def test_identical_units_are_exactly_as_expected(strata, many):
    rates = fairness.reference(
        {name: (n * many, hits * many) for name, (n, hits) in strata.items()}, parent=dict.fromkeys("abcd", "t")
    )
    found = fairness.compare({f"u{i}": strata for i in range(many)}, rates).values()
    assert all(fair.ratio == pytest.approx(1) for fair in found)
    assert len({round(fair.value, 9) for fair in found}) == 1


def test_one_lucky_matter_does_not_beat_ninety_good_ones():
    units = {"lucky": {"a": (1, 1)}, "good": {"a": (100, 94)}, "poor": {"a": (100, 60)}, "usual": {"a": (100, 80)}}
    found = fairness.compare(units, fairness.reference({"a": (301, 235)}, parent={"a": "t"}))
    assert found["good"].value > found["lucky"].value > found["poor"].value
    assert found["lucky"].high - found["lucky"].low > found["good"].high - found["good"].low


def test_places_are_shared_and_the_score_is_the_sum_of_its_parts():
    assert fairness.ranks([("a", 3.0), ("b", 5.0), ("c", 3.0), ("d", 1.0)]) == {"b": 1, "a": 2, "c": 2, "d": 4}
    fair = fairness.compare({"u": {"a": (10, 8)}}, {"a": 0.8})["u"]
    score = fairness.score({"x": fair, "y": fair}, {"x": 60, "y": 40}, frozenset({"y"}))
    assert score.value == pytest.approx(60 * fair.value + 40 * (1 - fair.value))
    assert score.low <= score.value <= score.high


@given(STRATA, STRATA)
def test_what_moved_a_share_adds_up_exactly(before, after):
    found = moving.move(before, after)
    if found is None:
        assert not sum(n for n, _h in before.values()) or not sum(n for n, _h in after.values())
    else:
        assert found.mix + found.rate == pytest.approx(found.change, abs=1e-9)


def test_more_hard_matters_are_mix_and_no_fault():
    found = moving.move({"easy": (90, 81), "hard": (10, 5)}, {"easy": (50, 45), "hard": (50, 25)})
    assert found.rate == pytest.approx(0)
    assert found.mix == pytest.approx(found.change) == pytest.approx(-0.16)


def simulated(seed: int) -> tuple[list[float], list[float], list[float]]:
    """True quality, plain rates and our values of thirty departments with different work and sizes."""
    dice = np.random.default_rng(seed)
    ease = np.array([1.6, 0.6, -0.3, -1.2])
    quality = dice.normal(0, 0.6, 30)
    units, plain = {}, []
    for place, mine in enumerate(quality):
        size = int(dice.choice([6, 12, 25, 60, 150]))
        numbers = dice.multinomial(size, dice.dirichlet([0.7] * 4))
        hits = dice.binomial(numbers, 1 / (1 + np.exp(-(ease + mine + 0.4))))
        units[str(place)] = {f"s{i}": (int(n), int(h)) for i, (n, h) in enumerate(zip(numbers, hits, strict=True))}
        plain.append(hits.sum() / size)
    pooled = {
        f"s{i}": tuple(int(sum(unit[f"s{i}"][side] for unit in units.values())) for side in range(2)) for i in range(4)
    }
    rates = fairness.reference(pooled, parent=dict.fromkeys(pooled, "t"))
    found = fairness.compare(units, rates)
    return list(quality), plain, [found[str(place)].value for place in range(30)]


def test_departments_of_known_quality_are_ordered_better_than_by_plain_rates():
    kendall, spearman = [], []
    for seed in range(60):
        truth, plain, ours = simulated(seed)
        kendall.append([stats.kendalltau(truth, values).statistic for values in (plain, ours)])
        spearman.append([stats.spearmanr(truth, values).statistic for values in (plain, ours)])
    (plain_k, ours_k), (plain_s, ours_s) = np.mean(kendall, axis=0), np.mean(spearman, axis=0)
    print(f"Kendall {plain_k:.3f} → {ours_k:.3f}, Spearman {plain_s:.3f} → {ours_s:.3f}")  # noqa: T201
    assert ours_k > plain_k + 0.08
    assert ours_s > plain_s + 0.08
