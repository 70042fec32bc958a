"""Counting returns: pairs and returners, by tables and by any rows."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.dispatch.rules.pingpong import Ruled, pairs, returners


def ruled(text: str) -> list[Ruled]:
    """`a>b` upheld, `a!` refused, `a?` waiting."""
    rows = []
    for word in text.split():
        went_to = word[2] if word[1] == ">" else None
        rows.append(Ruled(came_from=word[0], went_to=went_to, upheld={">": True, "!": False, "?": None}[word[1]]))
    return rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("", []),
        ("a! b?", []),
        ("a>b", [("a", "b", 1, 0)]),
        ("a>b b>a", [("a", "b", 1, 1)]),
        ("b>a a>b a>b", [("a", "b", 2, 1)]),
        ("c>a a>b b>a a>b", [("a", "b", 2, 1), ("c", "a", 1, 0)]),
    ],
)
def test_pairs(rows, expected):
    assert [(pair.first, pair.second, pair.there, pair.back) for pair in pairs(ruled(rows))] == expected


def test_returners_the_most_frequent_first():
    found = returners(ruled("a>b a! a? b>a"))
    assert [(one.department, one.objections, one.upheld, one.refused, one.waiting) for one in found] == [
        ("a", 3, 1, 1, 1),
        ("b", 1, 1, 0, 0),
    ]


WORD = st.one_of(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")).filter(lambda ab: ab[0] != ab[1]).map(">".join),
    st.sampled_from(["a!", "b!", "c?"]),
)


@given(st.lists(WORD, max_size=30))
def test_nothing_is_lost_or_counted_twice(words):
    rows = ruled(" ".join(words))
    upheld = Counter(frozenset((row.came_from, row.went_to)) for row in rows if row.upheld)
    assert {frozenset((pair.first, pair.second)): pair.together for pair in pairs(rows)} == upheld
    found = returners(rows)
    assert sum(one.objections for one in found) == len(rows)
    assert all(one.objections == one.upheld + one.refused + one.waiting for one in found)
