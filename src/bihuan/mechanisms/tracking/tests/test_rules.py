"""The score of entry, by table and by property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.tracking import rules
from bihuan.mechanisms.tracking.rulebook import Entry, Weights
from bihuan.mechanisms.tracking.rules import Signs
from bihuan.mechanisms.tracking.states import MACHINE, TrackState

ENTRY = Entry()
WEIGHTS, FULL = ENTRY.weights.model_dump(), ENTRY.full.model_dump()


def points(hand_offs, open_share, alike):
    signs = Signs(hand_offs=hand_offs, open_share=open_share, alike=alike)
    return rules.parts(signs, full=FULL, weights=WEIGHTS)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ((0, 0.0, 0), {"hand_offs": 0, "length": 0, "breadth": 0}),
        ((1, 0.0, 0), {"hand_offs": 13, "length": 0, "breadth": 0}),
        ((3, 1.0, 5), {"hand_offs": 40, "length": 30, "breadth": 30}),
        ((9, 7.5, 50), {"hand_offs": 40, "length": 30, "breadth": 30}),
        ((2, 0.5, 1), {"hand_offs": 26, "length": 15, "breadth": 6}),
    ],
)
def test_points(signs, expected):
    assert points(*signs) == expected


some = st.tuples(st.integers(0, 60), st.floats(0, 50), st.integers(0, 60))


@given(some, some)
def test_more_of_every_sign_never_gives_fewer_points(one, other):
    more = tuple(map(max, one, other))
    assert rules.score(points(*one)) <= rules.score(points(*more)) <= 100


@pytest.mark.parametrize(
    ("score", "refused_at", "expected"),
    [(59, None, False), (60, None, True), (60, 60, False), (61, 60, True), (50, 20, False)],
)
def test_a_refused_matter_is_proposed_again_only_with_more_points(score, refused_at, expected):
    assert rules.proposes(score, threshold=60, refused_at=refused_at) is expected


@pytest.mark.parametrize(("level", "expected"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_bad_plan_is_revised(level, expected):
    assert rules.asks_for_revision(level, revise_at=2) is expected


def test_the_most_pressing_light_counts():
    order = ["green", "yellow", "orange", "red"]
    assert rules.worst(["green", "orange", "yellow"], order) == "orange"
    assert rules.worst([], order) == rules.worst(["unknown"], order) == ""


def test_weights_fit_into_a_hundred():
    with pytest.raises(ValueError, match="between 1 and 100"):
        Weights(hand_offs=50, length=50, breadth=1)


def test_the_machine_has_no_flaw():
    assert MACHINE.flaws(TrackState) == []
