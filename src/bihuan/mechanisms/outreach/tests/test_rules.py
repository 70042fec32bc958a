"""Signed texts, what a rating sets going, and what a group may show."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.notifications.rules import mask
from bihuan.mechanisms.outreach.rules import codes, ratings


@given(st.binary(min_size=10, max_size=10), st.sampled_from("cp"))
def test_a_text_says_what_it_is_and_no_masking_touches_it(chance, what):
    name = codes.ident(chance)
    text = codes.sign(key="k", what=what, ident=name)
    assert codes.read(key="k", text=text) == (what, name)
    assert codes.read(key="other", text=text) is None
    assert (len(text), mask(text)) == (codes.LENGTH, text)


@given(st.integers(0, 32), st.sampled_from("abcp234567Z%错"))
def test_a_changed_text_is_refused(place, letter):
    text = codes.sign(key="k", what="c", ident=codes.ident(b"0123456789"))
    changed = text[:place] + letter + text[place + 1 :]
    assert codes.read(key="k", text=changed) == (None if changed != text else ("c", codes.ident(b"0123456789")))


@pytest.mark.parametrize("text", ["", "c", "c" * 33, "p" + "a" * 31, "x" * 400, "\x00" * 33])
def test_what_is_no_text_of_ours_is_refused(text):
    assert codes.read(key="k", text=text) is None


@pytest.mark.parametrize(
    ("level", "known", "by_known", "by_unknown", "expected"),
    [
        (5, True, "callback", "letter", ""),
        (3, False, "callback", "letter", ""),
        (2, True, "callback", "letter", "callback"),
        (1, False, "callback", "letter", "letter"),
        (1, True, "letter", "callback", "letter"),
        (1, False, "letter", "callback", "letter"),
    ],
)
def test_what_a_rating_sets_going(level, known, by_known, by_unknown, expected):
    found = ratings.follows(level=level, line=2, known=known, by_known=by_known, by_unknown=by_unknown)
    assert found == expected


@given(st.lists(st.integers(1, 5), max_size=20), st.integers(2, 10))
def test_a_small_group_shows_nothing(levels, least):
    mean = ratings.mean(levels, least=least)
    assert (mean is None) == (len(levels) < least)
    assert mean is None or 1 <= mean <= 5


def test_what_is_settled_are_whole_months():
    assert ratings.settled(dt.date(2026, 11, 30)) == dt.date(2026, 11, 1)
