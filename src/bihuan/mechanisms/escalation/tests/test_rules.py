"""Decisions on plain values: which level is next, when to try again, what a number of a message means."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.escalation import rules

PATH = ["990000", "999900", "999901"]
NOW = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("receiving", "above"),
    [(set(PATH), "999900"), ({"990000", "999901"}, "990000"), ({"999901"}, None), (set(), None)],
)
def test_it_goes_to_the_nearest_level_that_takes_matters_in(receiving, above):
    assert rules.next_level(PATH, receiving.__contains__) == above


@given(st.integers(1, 10_000))
def test_it_is_tried_again_for_ever_later_and_later_but_within_the_hour(attempts):
    assert rules.FIRST <= rules.retry_after(attempts) <= rules.retry_after(attempts + 1) <= rules.LONGEST


@given(st.integers(0, 50), st.integers(1, 60))
def test_only_the_next_number_has_an_effect(last, seq):
    assert (rules.verdict(seq=seq, last=last) == "next") == (seq == last + 1)
    assert (rules.verdict(seq=seq, last=last) == "early") == (seq > last + 1)


@pytest.mark.parametrize(("minutes", "good"), [(0, True), (4.9, True), (-4.9, True), (5.1, False), (-5.1, False)])
def test_clocks_may_differ_a_little(minutes, good):
    assert rules.in_time(timestamp=int((NOW + dt.timedelta(minutes=minutes)).timestamp()), now=NOW) is good


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=5))
def test_a_message_has_one_text_whatever_the_order_of_its_members(message):
    backwards = dict(reversed(message.items()))
    assert rules.canonical(message) == rules.canonical(backwards)
    assert rules.digest(rules.canonical(message)) == rules.digest(rules.canonical(backwards))


def test_a_signature_for_one_purpose_does_not_serve_another():
    assert rules.signable(timestamp=1, text="x") != rules.receipt_signable("x")


def test_the_light_is_frozen_while_the_clock_is_held():
    at = [NOW, NOW + dt.timedelta(hours=1)]
    ids = ["green", "red"]
    later = NOW + dt.timedelta(hours=2)
    assert rules.light(at=later, light_at=at, light_ids=ids) == "red"
    assert rules.light(at=later, light_at=at, light_ids=ids, held=NOW) == "green"
    assert rules.light(at=later, light_at=[], light_ids=[]) == ""
