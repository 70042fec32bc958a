"""Rules of simulated accountability, by tables and by chance."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bihuan.foundation.rulebooks import loader
from bihuan.mechanisms.accountability.rulebook import Accountability
from bihuan.mechanisms.accountability.rules import judging, signs
from bihuan.mechanisms.accountability.rules.judging import Unit

LONG = "您好，您反映的问题已收悉，我局高度重视，已安排专人跟进处理，感谢您的理解与支持"
DAY = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("shares", "sign"),
    [
        ([0.95, 0.91, 0.99], True),
        ([0.95, 0.2, 0.99, 0.92], True),
        ([0.5, 0.95, 0.95, 0.95], False),
        ([0.95, 0.91], False),
        ([1.2, 1.3, 1.1], False),
        ([], False),
        ([0.95, *[0.1] * 19, 0.95, 0.95], False),
    ],
)
def test_the_last_minute_is_a_habit_and_not_lateness(shares, sign):
    assert signs.last_minute(shares, least=0.9, times=3) is sign


@pytest.mark.parametrize(
    ("text", "others", "places"),
    [
        (LONG, [LONG, "另一个完全不同的答复：现场已经复验，证书今天下午可以来领取", LONG + "！"], [0, 2]),
        (LONG + "（11月3日）", [LONG + "（12月15日）"], [0]),
        ("已办", ["已办", "已办"], []),
        (LONG, [], []),
    ],
)
def test_the_same_words_are_found_whatever_date_stands_in_them(text, others, places):
    assert signs.alike(text, others, least=0.8) == places


@given(one=some.text(max_size=80), other=some.text(max_size=80))
def test_likeness_is_a_share_and_has_no_direction(one, other):
    first, second = signs.grams(one), signs.grams(other)
    assert 0 <= signs.likeness(first, second) <= 1
    assert signs.likeness(first, second) == signs.likeness(second, first)
    assert signs.likeness(first, first) == (1.0 if first else 0.0)


UNITS = {
    "a": Unit(in_force=False, successor="b"),
    "b": Unit(in_force=False, successor="c"),
    "c": Unit(in_force=True),
    "gone": Unit(in_force=False),
    "x": Unit(in_force=False, successor="y"),
    "y": Unit(in_force=False, successor="x"),
}


@pytest.mark.parametrize(
    ("unit", "bears"), [("a", "c"), ("c", "c"), ("gone", ""), ("x", ""), ("unknown", ""), ("", "")]
)
def test_whoever_took_over_carries_it_and_a_circle_ends(unit, bears):
    assert judging.bearer(unit, UNITS) == bears


@given(own=some.sets(some.integers(0, 9)), concerned=some.sets(some.integers(0, 9)))
def test_recused_is_whoever_works_in_any_unit_concerned(own, concerned):
    assert judging.recused(own, concerned) is bool(own & concerned)


def test_ends_need_what_they_need():
    assert judging.why_not_write_off(visits=0, needed=1) == "visit_missing"
    assert judging.why_not_write_off(visits=1, needed=1) == ""
    assert judging.why_not_refer(late=False, returned=0, failed=0) == "carried_out"
    assert not any(
        judging.why_not_refer(late=late, returned=returned, failed=failed)
        for late, returned, failed in ((True, 0, 0), (False, 1, 0), (False, 0, 1))
    )
    assert judging.in_time(DAY, DAY) is True
    assert judging.in_time(DAY + dt.timedelta(1), DAY) is False
    assert judging.in_time(None, DAY) is None


def test_the_proposed_list_has_four_classes_and_26_kinds_each_with_a_provision():
    loaded = loader.load(loader.packaged("default"), source="default.yaml")
    book = Accountability.model_validate(loaded.merged["accountability"])
    kinds = [kind for one in book.problems for kind in one.kinds]
    assert (book.proposed, len(book.problems), len(kinds)) == (True, 4, 26)
    assert all(kind.basis for kind in kinds)
    assert book.class_of("slow") == "not_doing"
    assert book.kind("nothing") is None


def test_an_id_stands_once_in_the_list():
    kind = {"id": "slow", "name": "拖延"}
    with pytest.raises(ValueError, match="twice"):
        Accountability.model_validate({"problems": [{"id": "a", "name": "甲", "kinds": [kind, kind]}]})
