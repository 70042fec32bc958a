"""Rules of mandates on plain values: terms, lights, and who goes to which window."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.mechanisms.mandates import rules, wording
from bihuan.mechanisms.mandates.rulebook import MandateKind, Mandates
from bihuan.mechanisms.mandates.states import MANDATES, TASKS, WINDOWS, MandateState, TaskState, WindowState

DAY = dt.date(2026, 11, 16)


@pytest.mark.parametrize(
    ("since", "months", "until"),
    [("2026-12-01", 24, "2028-11-30"), ("2026-01-31", 1, "2026-02-27"), ("2024-01-31", 1, "2024-02-28"),
     ("2026-11-16", 12, "2027-11-15"), ("2026-12-16", 1, "2027-01-15")],
)  # fmt: skip
def test_a_term_ends_the_day_before_it_would_begin_again(since, months, until):
    assert rules.ends_on(dt.date.fromisoformat(since), months) == dt.date.fromisoformat(until)
    assert rules.ends_on(dt.date.fromisoformat(since), None) is None


@pytest.mark.parametrize(
    ("state", "days", "light"),
    [("serving", 31, "calm"), ("serving", 30, "amber"), ("serving", 0, "amber"), ("serving", -1, "red"),
     ("ended", -9, "ended"), ("serving", None, "calm")],
)  # fmt: skip
def test_lights_of_a_mandate(state, days, light):
    until = None if days is None else DAY + dt.timedelta(days=days)
    assert rules.light(state=state, until=until, today=DAY, remind_days=30) == light


def test_lines():
    assert rules.lines(" a \n\n b\na\r\n") == ["a", "b"]


def test_due_are_those_long_enough_at_one_window_the_longest_first():
    seats = [rules.Seat(str(days), "w", DAY - dt.timedelta(days=days)) for days in (10, 30, 29, 45)]
    assert [one.mandate for one in rules.due(seats, today=DAY, rotate_days=30)] == ["45", "30"]
    assert rules.due(seats, today=DAY, rotate_days=None) == []


def test_what_is_new_comes_before_what_is_known():
    a, b = rules.Seat("a", "1", DAY), rules.Seat("b", "2", DAY)
    assert rules.propose([a, b], free=(), been={}) == [(a, "2"), (b, "1")]
    assert rules.propose([a], free=("3", "4"), been={"a": {"3": 1}}) == [(a, "4")]
    assert rules.propose([a], free=(), been={}) == []
    c = rules.Seat("c", "3", DAY)
    assert rules.propose([a, b, c], free=(), been={}) == [(a, "2"), (b, "3"), (c, "1")]


SEATS = st.lists(st.tuples(st.sampled_from("12345"), st.dictionaries(st.sampled_from("1234567"), st.integers(0, 3))))


@given(SEATS, st.sets(st.sampled_from("67")))
def test_nobody_stays_and_no_window_gets_more_than_leave_it(rows, free):
    waiting = [rules.Seat(str(number), window, DAY) for number, (window, _been) in enumerate(rows)]
    been = {str(number): been for number, (_window, been) in enumerate(rows)}
    found = rules.propose(waiting, free=free, been=been)
    assert all(seat.window != window for seat, window in found)
    assert len({seat.mandate for seat, _window in found}) == len(found)
    left, gone = Counter(seat.window for seat, _window in found), Counter(window for _seat, window in found)
    assert all(many <= left[window] + (window in free) for window, many in gone.items())
    if len({seat.window for seat in waiting}) == len(waiting) > 1:
        assert len(found) == len(waiting)


def test_words_are_complete_and_tables_have_no_flaws():
    assert MANDATES.flaws(MandateState) == TASKS.flaws(TaskState) == WINDOWS.flaws(WindowState) == []
    shown = {row.action for row in (*MANDATES.transitions, *WINDOWS.transitions) if "system" not in row.roles} | {
        "drop"
    }
    assert shown == set(wording.ACTIONS)
    assert set(wording.TASKS) == {one.value for one in TaskState}
    assert set(wording.OUTCOMES) == set(rules.OUTCOMES)
    ends = {row.action for row in MANDATES.transitions if row.targets}
    assert ends == set(wording.ENDINGS)


@pytest.mark.parametrize(
    "given", [{"rotate_days": 30}, {"window": True, "holder": "enterprise"}, {"term_months": 0}, {"id": "A b"}]
)
def test_a_rulebook_that_cannot_work_is_refused(given):
    with pytest.raises(ValidationError):
        MandateKind.model_validate({"id": "x", "name": "甲"} | given)
    with pytest.raises(ValidationError):
        Mandates.model_validate({"kinds": [{"id": "x", "name": "甲"}, {"id": "x", "name": "乙"}]})
