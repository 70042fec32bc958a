"""The way through questions, what says the same, what may be shown, who is no person: on plain values."""

import datetime as dt
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.questionnaires.rules import branching, counting, humans, likeness, routing
from bihuan.mechanisms.questionnaires.rules.branching import Condition, Question
from bihuan.mechanisms.questionnaires.rules.routing import Force

AB = (("a", "甲"), ("b", "乙"))


def q(key: str, *when: tuple[str, str], kind: str = "one", **given) -> Question:
    conditions = tuple(Condition(question=other, options=tuple(options)) for other, options in when)
    options = AB if kind in branching.CHOOSING else ()
    return Question(**{"key": key, "kind": kind, "text": key, "options": options, "when": conditions} | given)


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        ([], {("", "empty")}),
        ([q("x")], set()),
        ([q("x"), q("y", ("x", "a")), q("z", ("y", "b"))], set()),
        ([q("x", kind="riddle")], {("x", "kind")}),
        ([q("x", text="")], {("x", "text")}),
        ([q("x", options=AB[:1])], {("x", "options")}),
        ([q("x", options=(("a", "甲"), ("a", "乙")))], {("x", "options")}),
        ([q("x"), q("x")], {("x", "twice")}),
        ([q("x", ("none", "a"))], {("x", "unknown")}),
        ([q("x"), q("y", ("x", "c"))], {("y", "option")}),
        ([q("x", kind="words"), q("y", ("x", "a"))], {("y", "option")}),
        ([q("x", kind="scale"), q("y", ("x", "12"))], set()),
        ([q("x", ("y", "a")), q("y")], {("x", "later")}),
        ([q("x", ("x", "a"))], {("x", "loop")}),
        ([q("x", ("y", "a")), q("y", ("x", "a"))], {("x", "loop"), ("y", "loop")}),
        ([q("x"), q("y", ("x", "a")), q("z", ("y", "a"), ("x", "b"))], {("z", "dead")}),
        ([q("x", kind="many"), q("y", ("x", "a")), q("z", ("y", "a"), ("x", "b"))], set()),
        ([q("x", fact="shoes")], {("x", "fact")}),
        ([q("x", kind="problem", fact="town")], {("x", "fact")}),
    ],
)
def test_what_keeps_a_questionnaire_from_being_sent(questions, expected):
    assert {(one.question, one.code) for one in branching.flaws(questions, facts=["town"])} == expected


@st.composite
def questionnaires(draw):
    count = draw(st.integers(1, 6))
    made = []
    for at in range(count):
        when = [
            (f"k{draw(st.integers(0, count - 1))}", draw(st.sampled_from(["a", "b", "ab"])))
            for _one in range(draw(st.integers(0, 2)))
        ]
        made.append(q(f"k{at}", *when, kind=draw(st.sampled_from(["one", "many"]))))
    return made


@given(questionnaires())
def test_a_question_is_called_dead_exactly_if_no_answers_reach_it(questions):
    flaws = branching.flaws(questions)
    if {one.code for one in flaws} - {"dead"}:
        return
    reached = set()
    ways = [[["a"], ["b"], ["a", "b"]] if one.kind == "many" else ["a", "b"] for one in questions]
    for answers in itertools.product(*ways):
        chosen = dict(zip((one.key for one in questions), answers, strict=True))
        reached |= {one.key for one in branching.path(questions, chosen, known={})}
    assert {one.key for one in questions} - reached == {one.question for one in flaws}


def test_the_way_passes_over_what_is_known():
    questions = [q("size", fact="size"), q("x", ("size", "a")), q("y", ("size", "b"))]
    assert [one.key for one in branching.path(questions, {"size": "b"}, known={})] == ["size", "y"]
    for known in ("a", "甲"):
        assert [one.key for one in branching.path(questions, {}, known={"size": known})] == ["x"]
    assert [one.key for one in branching.path(questions, {}, known={"size": "甲、乙"})] == ["x", "y"]


@pytest.mark.parametrize(
    ("raw", "given_", "wrong"),
    [
        ({}, {}, {"x": "needed"}),
        ({"x": ["a"]}, {"x": "a"}, {"n": "needed"}),
        ({"x": ["a"], "n": ["12"], "m": ["a", "b", "z"]}, {"x": "a", "n": 12}, {}),
        ({"x": ["b"], "m": ["b", "a"], "n": ["x"]}, {"x": "b", "m": ["a", "b"]}, {}),
        ({"x": ["b"], "m": ["z"]}, {"x": "b", "m": []}, {"m": "choice"}),
        ({"x": ["z"]}, {}, {"x": "choice"}),
        ({"x": ["a", "b"]}, {}, {"x": "choice"}),
        ({"x": ["a"], "n": ["-1"]}, {"x": "a"}, {"n": "number"}),
        ({"x": ["a"], "n": ["9" * 5000]}, {"x": "a"}, {"n": "number"}),
        ({"x": ["a"], "n": ["１２"]}, {"x": "a"}, {"n": "number"}),
        ({"x": ["a"], "n": ["1"], "w": ["字" * 1001]}, {"x": "a", "n": 1}, {"w": "long"}),
    ],
)
def test_answers_are_checked_along_their_way(raw, given_, wrong):
    questions = [
        q("x", needed=True),
        q("n", ("x", "a"), kind="number", needed=True),
        q("m", ("x", "b"), kind="many"),
        q("w", kind="words"),
    ]
    found = branching.check(questions, raw, known={})
    assert found.wrong == wrong
    assert {key: value for key, value in found.given.items() if value} == {k: v for k, v in given_.items() if v}


@given(st.dictionaries(st.sampled_from(["k0", "k1", "k2", "x"]), st.lists(st.text(max_size=5), max_size=3)))
def test_whatever_comes_in_only_answers_on_the_way_are_kept(raw):
    questions = [q("k0"), q("k1", ("k0", "a"), kind="many"), q("k2", ("k1", "b"), kind="number")]
    found = branching.check(questions, raw, known={})
    on_way = {one.key for one in branching.path(questions, found.given, known={})}
    assert set(found.given) <= on_way
    again = {
        key: list(map(str, value)) if isinstance(value, list) else [str(value)] for key, value in found.given.items()
    }
    assert branching.check(questions, again, known={}).given == found.given


def test_what_says_the_same_is_proposed_together():
    texts = {
        "1": "招不到焊工，开出六千也招不到",
        "2": "厂门口的路坏了两年没人修",
        "3": "焊工招不到，开六千也招不到人",
        "4": "厂门口道路坏了两年，没人来修",
        "5": "贷款利率太高",
        "6": "招不到焊工。开出六千也招不到！",
    }
    assert likeness.groups(texts, least=0.35) == [["1", "3", "6"], ["2", "4"], ["5"]]
    assert likeness.groups({}, least=0.35) == []


@given(st.lists(st.text("甲乙丙丁戊己", max_size=12), max_size=25), st.floats(0.2, 1))
def test_every_text_is_in_one_group_and_alike_to_its_leader(texts, least):
    known = {str(number): text for number, text in enumerate(texts)}
    found = likeness.groups(known, least=least)
    assert sorted(key for group in found for key in group) == sorted(known)
    for leader, *others in found:
        for other in others:
            assert likeness.alike(likeness.pairs(known[leader]), likeness.pairs(known[other])) >= least


def test_grouping_thousands_does_not_compare_all_with_all():
    dice = random.Random(7)
    words = (
        "用工 贷款 道路 停车 用电 审批 检查 税收 消防 环评 物流 社保 排水 供气 土地 租金 补贴 人才 宿舍 公交".split()
    )
    texts = {str(n): "".join(dice.sample(words, 6)) + str(dice.randrange(10**6)) for n in range(3000)}
    calls = 0
    original = likeness.alike

    def counted(one, other):
        nonlocal calls
        calls += 1
        return original(one, other)

    likeness.alike = counted
    try:
        likeness.groups(texts, least=0.5)
    finally:
        likeness.alike = original
    assert 0 < calls <= likeness.COMPARED * len(texts)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"r": {"a": 9, "b": 8}}, {"r": {"a": 9, "b": 8}}),
        ({"r": {"a": 9, "b": 3}}, {"r": {"a": None, "b": None}}),
        ({"r": {"a": 9, "b": 3, "c": 7}}, {"r": {"a": 9, "b": None, "c": None}}),
        ({"r": {"a": 9, "b": 0}}, {"r": {"a": 9, "b": 0}}),
        (
            {"r": {"a": 9, "b": 2, "c": 7}, "s": {"a": 8, "b": 6, "c": 9}, "t": {"a": 9, "b": 9, "c": 9}},
            {"r": {"a": 9, "b": None, "c": None}, "s": {"a": 8, "b": None, "c": None}, "t": {"a": 9, "b": 9, "c": 9}},
        ),
    ],
)
def test_small_cells_are_kept_back_with_what_would_give_them_away(counts, expected):
    assert counting.guarded(counts, least=5) == expected


TABLES = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(st.integers(0, 12), min_size=wide, max_size=wide), min_size=1, max_size=4)
)


@given(TABLES, st.integers(2, 6))
def test_no_line_keeps_back_exactly_one_cell(rows, least):
    counts = {str(at): {str(column): n for column, n in enumerate(row)} for at, row in enumerate(rows)}
    shown = counting.guarded(counts, least=least)
    lines = [list(row.values()) for row in shown.values()]
    lines += [[row[column] for row in shown.values()] for column in next(iter(shown.values()))]
    for line in lines:
        assert line.count(None) != 1 or len(line) == 1
    for row, cells in counts.items():
        for column, n in cells.items():
            assert shown[row][column] in (None, n)
            assert shown[row][column] is None or n == 0 or n >= least


@pytest.mark.parametrize(
    ("age", "filled", "changed", "expected"),
    [
        (60, "", False, None),
        (60, "spam", False, "robot"),
        (60, "", True, "forged"),
        (1, "", False, "quick"),
        (3, "", False, None),
        (25 * 3600, "", False, "stale"),
        (-60, "", False, "stale"),
    ],
)
def test_programs_are_told_from_people(age, filled, changed, expected):
    now = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
    stamp = humans.stamp(key="k", ident="i", now=now - dt.timedelta(seconds=age))
    given_ = {"key": "k", "filled": filled, "now": now, "quickest": dt.timedelta(seconds=3)}
    assert humans.why_not(ident="other" if changed else "i", stamped=stamp, **given_) == expected


@given(st.text(max_size=60))
def test_no_made_up_stamp_is_taken(text):
    now = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
    found = humans.why_not(key="k", ident="i", stamped=text, filled="", now=now, quickest=dt.timedelta(seconds=3))
    assert found == "forged"


@pytest.mark.parametrize(
    ("town", "industry", "expected"),
    [
        ("370202001", "C26", "chemistry"),
        ("370202001", "F51", "north"),
        ("370203", "F51", ""),
        ("370203", "C26", "chemistry"),
    ],
)
def test_task_forces_by_territory_and_trade(town, industry, expected):
    forces = [Force(id="chemistry", trades=("C25", "C26")), Force(id="north", towns=("370202",))]
    assert routing.force_of(forces, town=town, industry=industry) == expected
