"""Codes, coarse times and who has to keep out, on plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.vault import rules


def test_codes_and_numbers_say_nothing_and_do_not_repeat():
    codes = {rules.new_code() for _one in range(500)}
    assert len(codes) == 500
    assert all(len(rules.normal(code)) == rules.CODE_LENGTH and code.count("-") == 3 for code in codes)
    assert not set("".join(codes)) & set("01ILOUV")
    assert len({rules.new_number() for _one in range(500)}) == 500


@given(st.text(alphabet=rules.ALPHABET, min_size=16, max_size=16))
def test_a_code_is_the_same_however_it_is_typed(code):
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:12]}–{code[12:]}"
    one, other = (rules.digest(rules.normal(text), purpose="code", pepper="p") for text in (code, typed))
    assert one == other
    assert one != rules.digest(code, purpose="once", pepper="p")
    assert one != rules.digest(code, purpose="code", pepper="q")


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_a_coarse_time_tells_the_hour_alone(instant):
    hour = rules.coarse(instant)
    assert dt.timedelta() <= instant - hour < dt.timedelta(hours=1)
    assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "departments", "unit", "said", "out"),
    [
        ("王五", set(), "", "窗口王五不收材料", True),
        ("王五", set(), "", "窗口王六不收材料", False),
        ("王五", {"a"}, "a", "", True),
        ("王五", {"a"}, "b", "", False),
        ("王五", {"a"}, "", "", False),
        ("王", set(), "", "王五", False),
        ("", set(), "", "王五", False),
    ],
)
def test_who_has_to_keep_out(name, departments, unit, said, out):
    assert rules.recused(name=name, departments=departments, unit=unit, said=said) is out


def test_a_request_lapses_at_its_instant():
    until = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
    assert rules.in_time(until=until, now=until - dt.timedelta(seconds=1))
    assert not rules.in_time(until=until, now=until)
