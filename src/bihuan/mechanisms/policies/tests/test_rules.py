"""Conditions in three values, one by one and in columns; amounts; what was known on a day."""

import datetime as dt
import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.mechanisms.policies.rules import columns, flaws, judging, money, profiles, reading

KINDS = {
    "revenue": "number", "staff": "number", "high_tech": "flag", "above_scale": "flag",
    "industry": "text", "size": "text", "since": "date", "until": "date",
}  # fmt: skip
RANK = {"no": 0, "unknown": 1, "yes": 2}


def outcome(text: str, **known) -> judging.Verdict:
    tree, wrong = flaws.of_condition(text, KINDS)
    assert wrong == []
    return judging.judge([judging.Condition("c", tree)], known)[0]


@pytest.mark.parametrize(
    ("text", "known", "said", "needs"),
    [
        ("revenue >= 20000000", {"revenue": 20000000}, "yes", ()),
        ("revenue >= 20000000", {}, "unknown", ("revenue",)),
        ("high_tech && revenue > 1", {"revenue": 0}, "no", ()),
        ("high_tech || revenue > 1", {"revenue": 2}, "yes", ()),
        ("high_tech || revenue > 1", {"revenue": 0}, "unknown", ("high_tech",)),
        ("!high_tech", {}, "unknown", ("high_tech",)),
        ("industry.startsWith('F') || industry in [\"G54\", 'L72']", {"industry": "L72"}, "yes", ()),
        ("size in ['small', 'micro']", {"size": "large"}, "no", ()),
        ("since <= '2022-12-31'", {"since": "2022-06-30"}, "yes", ()),
        ("since < until", {"since": "2022-06-30"}, "unknown", ("until",)),
        ("revenue / staff > 100", {"revenue": 5, "staff": 0}, "unknown", ()),
        ("(high_tech ? revenue : staff) > 3", {"high_tech": True, "revenue": 4}, "yes", ()),
        ("(high_tech ? revenue : staff) > 3", {"revenue": 4, "staff": 4}, "unknown", ("high_tech",)),
        ("high_tech == false", {"high_tech": False}, "yes", ()),
        ("math.greatest(revenue, staff * 2) >= 10 // words", {"revenue": 1, "staff": 5}, "yes", ()),
        ("-revenue < -3", {"revenue": 4}, "yes", ()),
        ("revenue in [1, 2, -3]", {"revenue": -3}, "yes", ()),
    ],
)
def test_three_values(text, known, said, needs):
    verdict = outcome(text, **known)
    assert (verdict.outcome, verdict.needs) == (said, needs)


def test_what_cannot_be_computed_says_so():
    assert outcome("revenue / staff > 100", revenue=5, staff=0).why == "division"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("revenue >", "end"), ("revenue ~ 3", "syntax"), ("profit > 3", "field"), ("revenue > 'x'", "kind"),
        ("revenue", "not_condition"), ("since > 'soon'", "date"), ("since > '2024-1-1'", "date"),
        ("size.matches('x')", "function"), ("exec('x')", "function"), ("__import__('os')", "function"),
        ("revenue / 0 > 1", "division"), ("revenue / (2 - 2) > 1", "division"), ("high_tech > true", "kind"),
        ("revenue in []", "kind"), ("1" * 3000 + " > 1", "long"), ("(" * 60 + "true" + ")" * 60, "deep"),
        ("!" * 60 + "true", "deep"), (" && ".join(["high_tech"] * 60), "deep"), ("revenue > 1e300", "large"),
        ("size.startsWith(industry)", "kind"), ("high_tech && 3", "kind"), ("'x' + 'y' == 'xy'", "kind"),
        ("revenue > 1 2", "syntax"), ("", "end"), ("in > 3", "syntax"), ("since == size", "kind"),
    ],
)  # fmt: skip
def test_what_is_no_condition(text, code):
    tree, wrong = flaws.of_condition(text, KINDS, at=2)
    assert (tree, [(one.code, one.at) for one in wrong]) == (None, [(code, 2)])


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["revenue > 5", "revenue < 5"], ["revenue"]),
        (["revenue >= 5 && revenue < 5"], ["revenue"]),
        (["5 < revenue", "revenue == 5"], ["revenue"]),
        (["size == 'small'", "size in ['large', 'medium']"], ["size"]),
        (["size != 'small' && size == 'small'"], ["size"]),
        (["high_tech", "!high_tech"], ["high_tech"]),
        (["industry.startsWith('F5')", "industry.startsWith('G')"], ["industry"]),
        (["since > '2024-01-01'", "since <= '2023-12-31'"], ["since"]),
        (["1 > 2"], [""]),
        (["revenue >= 5", "revenue <= 5"], []),
        (["revenue > 5 || revenue < 3", "revenue < 4"], []),
        (["industry.startsWith('F5')", "industry.startsWith('F51')"], []),
        (["!(size in ['small'])", "size != 'large'"], []),
    ],
)
def test_conditions_that_nobody_can_meet(texts, names):
    trees = [flaws.of_condition(text, KINDS)[0] for text in texts]
    assert [one.word for one in flaws.contradictions(trees)] == names


NUMBERS = st.recursive(
    st.sampled_from([reading.Field("revenue"), reading.Field("staff")])
    | st.builds(reading.Number, st.integers(0, 9).map(Decimal) | st.sampled_from([Decimal("0.5"), Decimal(10) ** 15])),
    lambda below: (
        st.builds(reading.Sum, st.sampled_from("+-*/"), below, below)
        | st.builds(reading.Minus, below)
        | st.builds(reading.Pick, st.sampled_from(["least", "greatest"]), st.tuples(below, below))
    ),
    max_leaves=4,
)
TEXTS = st.sampled_from(["F51", "F", "C26", "G"])
ATOMS = (
    st.builds(reading.Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS, NUMBERS)
    | st.sampled_from([reading.Field("high_tech"), reading.Field("above_scale"), reading.Flag(True)])
    | st.builds(
        reading.Compare,
        st.sampled_from(["==", "!=", "<", ">="]),
        st.just(reading.Field("industry")),
        st.builds(reading.Text, TEXTS) | st.just(reading.Field("size")),
    )
    | st.builds(
        reading.Among,
        st.just(reading.Field("industry")),
        st.lists(st.builds(reading.Text, TEXTS), min_size=1, max_size=2).map(tuple),
    )
    | st.builds(
        reading.Among,
        NUMBERS,
        st.lists(st.builds(reading.Number, st.integers(0, 5).map(Decimal)), min_size=1, max_size=2).map(tuple),
    )
    | st.builds(reading.Begins, st.just(reading.Field("industry")), st.builds(reading.Text, TEXTS))
    | st.builds(
        reading.Compare,
        st.sampled_from(["==", "!="]),
        st.just(reading.Field("high_tech")),
        st.builds(reading.Flag, st.booleans()),
    )
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda below: (
        st.builds(reading.Logic, st.sampled_from(["&&", "||"]), below, below)
        | st.builds(reading.Not, below)
        | st.builds(reading.Choice, below, below, below)
    ),
    max_leaves=6,
)
NUMBER = st.none() | st.integers(-3, 9) | st.floats(-10, 10, allow_nan=False).map(lambda one: round(one, 2))
FIRMS = st.lists(
    st.fixed_dictionaries(
        {
            "revenue": NUMBER,
            "staff": NUMBER,
            "high_tech": st.none() | st.booleans(),
            "above_scale": st.none() | st.booleans(),
            "industry": st.none() | TEXTS,
            "size": st.none() | TEXTS,
        }
    ),
    min_size=1,
    max_size=12,
)


def table(firms) -> columns.Table:
    names = firms[0]
    made = {name: columns.column(KINDS[name], [firm[name] for firm in firms]) for name in names}
    return columns.Table(made, len(firms))


@settings(max_examples=400, deadline=None)
@given(FIRMS, st.lists(CONDITIONS, max_size=3))
def test_columns_agree_with_one_by_one(firms, trees):
    found = table(firms).outcomes(trees)
    for firm, got in zip(firms, found, strict=True):
        verdicts = judging.judge([judging.Condition("", tree) for tree in trees], firm)
        assert RANK[judging.outcome(verdicts)] == got


@settings(max_examples=200, deadline=None)
@given(FIRMS, CONDITIONS)
def test_more_knowledge_never_turns_an_answer(firms, tree):
    """A yes or no stays whatever becomes known; and what an unknown asks for is among what is missing."""
    for firm in firms:
        before = judging.value(tree, firm)
        if isinstance(before, judging.Unknown):
            assert all(firm[name] is None for name in before.needs)
            continue
        filled = {"revenue": 1, "staff": 2, "high_tech": True, "above_scale": False, "industry": "F", "size": "G"}
        assert judging.value(tree, filled | {name: one for name, one in firm.items() if one is not None}) == before


@given(st.lists(st.booleans(), min_size=1, max_size=64))
def test_bits_come_back(chosen):
    places = np.arange(len(chosen), dtype=np.int64)
    kept = columns.packed(places, np.array(chosen), 64)
    assert (len(kept), columns.unpacked(kept)) == (8, [at for at, one in enumerate(chosen) if one])


def test_an_amount_is_exact_and_a_formula_may_fail():
    tree, wrong = flaws.of_formula("revenue * 0.1 + (high_tech ? 0.3 : 0)", KINDS)
    assert wrong == []
    assert judging.amount(tree, {"revenue": 3, "high_tech": True}) == Decimal("0.6")
    assert judging.amount(tree, {"high_tech": True}).needs == {"revenue"}
    per_head = flaws.of_formula("revenue / staff", KINDS)[0]
    assert judging.amount(per_head, {"revenue": 3, "staff": 0}).why == "division"
    assert flaws.of_formula("high_tech", KINDS)[1] == [flaws.Flaw("not_amount")]
    assert flaws.of_formula("revenue / 0", KINDS)[1] == [flaws.Flaw("division")]


@pytest.mark.parametrize(
    ("formula", "limits", "got", "amount", "codes"),
    [
        ("200000", {}, {}, "200000", ["formula"]),
        ("300000", {"cap": 200000}, {}, "200000", ["formula", "cap"]),
        ("200000", {"year_cap": 250000}, {"same": 100000}, "150000", ["formula", "year_cap"]),
        ("200000", {"year_cap": 50000}, {"same": 100000}, "0", ["formula", "year_cap"]),
        ("200000", {}, {"stacked": 150000}, "50000", ["formula", "stack"]),
        ("100000", {}, {"stacked": 150000}, "0", ["formula", "stack"]),
        ("-5", {}, {}, "0", ["formula", "negative"]),
        ("0.005", {}, {}, "0.01", ["formula"]),
    ],
)
def test_accounts(formula, limits, got, amount, codes):
    made = money.Limits(**{name: Decimal(one) for name, one in limits.items()})
    had = money.Got(**{name: Decimal(one) for name, one in got.items()})
    found, steps = money.account(Decimal(formula), made, had)
    assert (found, [one.code for one in steps]) == (Decimal(amount), codes)


YUAN = st.decimals(0, 10**9, places=2)


@given(YUAN, st.none() | YUAN, st.none() | YUAN, YUAN, YUAN)
def test_no_amount_exceeds_its_caps(formula, cap, year_cap, same, stacked):
    got = money.Got(same=same, stacked=stacked)
    found, steps = money.account(formula, money.Limits(cap=cap, year_cap=year_cap), got)
    assert 0 <= found <= formula
    assert cap is None or found <= cap
    assert year_cap is None or found + same <= max(year_cap, same)
    assert steps[-1].amount == found


@given(YUAN, st.lists(st.integers(1, 98), min_size=1, max_size=3, unique=True))
def test_parts_add_up_to_the_cent(amount, cuts):
    edges = [0, *sorted(cuts), 100]
    shares = [money.Share(str(at), Decimal(b - a)) for at, (a, b) in enumerate(itertools.pairwise(edges))]
    assert money.share_flaw(shares) == ""
    assert sum(money.split(amount, shares).values()) == amount


def test_shares_that_are_wrong():
    one = money.Share("city", Decimal(50))
    assert [money.share_flaw(rows) for rows in ([], [one, one], [one], [money.Share("city", Decimal(0))])] == [
        "none", "twice", "sum", "percent"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [("number", "1,234.50", 1234.5), ("number", "20", 20), ("flag", "是", True), ("flag", "No", False),
     ("date", "2024/1/31", "2024-01-31"), ("text", "  a  b ", "a b"), ("number", " ", None), ("flag", True, True)],
)  # fmt: skip
def test_values_as_people_type_them(kind, given, kept):
    assert profiles.value(kind, given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [("number", "x"), ("number", "inf"), ("number", True), ("number", "1e16"), ("flag", "maybe"), ("date", "2024-13-1"),
     ("date", "1024-01-01"), ("text", "x" * 121), ("number", "nan")],
)  # fmt: skip
def test_values_that_are_none(kind, given):
    with pytest.raises(profiles.Wrong):
        profiles.value(kind, given)


def test_a_class_that_changed_in_mid_year_counts_as_it_was():
    past = [
        profiles.Past("size", "small", dt.date(2026, 7, 1)),
        profiles.Past("size", "micro", dt.date(2025, 3, 1)),
        profiles.Past("staff", None, dt.date(2026, 2, 1)),
    ]
    present = {"size": "medium", "staff": 40}
    assert profiles.as_of(present, past, dt.date(2026, 7, 1)) == {"size": "medium", "staff": 40}
    assert profiles.as_of(present, past, dt.date(2026, 6, 30)) == {"size": "small", "staff": 40}
    assert profiles.as_of(present, past, dt.date(2025, 2, 28)) == {"size": "micro"}
