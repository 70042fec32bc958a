"""The class of an enterprise, and the gate: tables of cases, and what must hold for all of them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.mechanisms.inspections.rulebook import Classes, Grade, Inspections
from bihuan.mechanisms.inspections.rules import classes, gate
from bihuan.mechanisms.inspections.rules.classes import Entry, Scale, Step
from bihuan.mechanisms.inspections.rules.gate import Book, Cap, Inspector, Quiet, Taken, Thing, Treatment, Wish
from bihuan.mechanisms.inspections.wording import REASONS

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 16)
ON = dt.date(2026, 11, 19)
SCALE = Scale(
    years=3,
    points={"minor": 1, "ordinary": 3, "serious": 10},
    categories=frozenset({"fire", "tax"}),
    steps=(Step(id="A", up_to=0), Step(id="B", up_to=5), Step(id="C", up_to=None)),
)


def entry(severity="ordinary", *, on=TODAY - DAY, category="fire", ident="1") -> Entry:
    return Entry(id=ident, on=on, category=category, severity=severity)


@pytest.mark.parametrize(
    ("entries", "grade", "points"),
    [
        ([], "A", 0),
        ([entry("minor")], "B", 1),
        ([entry(), entry("minor", ident="2"), entry("minor", ident="3")], "B", 5),
        ([entry(), entry(ident="2")], "C", 6),
        ([entry("serious")], "C", 10),
        ([entry("serious", category="labour")], "A", 0),
        ([entry("serious", on=dt.date(2023, 11, 16))], "A", 0),
        ([entry("serious", on=dt.date(2023, 11, 17))], "C", 10),
        ([entry("serious", on=TODAY + DAY)], "A", 0),
    ],
)
def test_the_class_follows_from_points(entries, grade, points):
    found = classes.rate(entries, SCALE, TODAY)
    assert (found.grade, found.points) == (grade, points)
    assert sum(value for _one, value in found.lines) == points


ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.uuids().map(str),
        on=st.dates(dt.date(2022, 1, 1), dt.date(2027, 1, 1)),
        category=st.sampled_from(["fire", "tax", "other"]),
        severity=st.sampled_from(["minor", "ordinary", "serious"]),
    ),
    max_size=12,
)


@given(entries=ENTRIES, more=ENTRIES)
def test_more_records_never_make_a_class_better_and_order_means_nothing(entries, more):
    few, many = classes.rate(entries, SCALE, TODAY), classes.rate([*more, *entries], SCALE, TODAY)
    assert many.points >= few.points
    assert many.grade >= few.grade
    assert classes.rate(entries[::-1], SCALE, TODAY) == few


def test_years_before_a_leap_day():
    assert classes.years_before(dt.date(2028, 2, 29), 3) == dt.date(2025, 2, 28)


@pytest.mark.parametrize(
    ("standings", "grade"),
    [
        ([], "B"),
        ([("A", False)], "A"),
        ([("C", True), ("A", False)], "A"),
        ([("C", True)], "B"),
        ([("D", False), ("A", False)], "B"),
    ],
)
def test_an_objection_puts_the_earlier_class_back(standings, grade):
    assert classes.in_force(standings, ["A", "B", "C"], "B") == grade


BOOK = Book(
    officers=2,
    quiet=Quiet(),
    repeat_days=90,
    merge_days=30,
    essential=frozenset({"safety"}),
    open_day=lambda day: day.isoweekday() < 6,
)
FREE_CLASS = Treatment(id="C", exempt=False, caps=())


def thing(body="h", *, category="fire", subject="hose", published=True, on_site=True) -> Thing:
    return Thing(
        id=f"{body}{category}",
        name="消火栓",
        body=body,
        category=category,
        subject=subject,
        published=published,
        on_site=on_site,
    )


def officer(ident="1", body="h", *, certified=True, recused=False) -> Inspector:
    return Inspector(id=ident, name=f"官{ident}", body=body, certified=certified, recused=recused)


def wish(**given) -> Wish:
    values = {
        "on": ON,
        "today": TODAY,
        "bodies": (("h", True),),
        "things": (thing(),),
        "officers": (officer(), officer("2")),
    }
    return Wish(**values | given)


def taken(on=ON - 100 * DAY, *, bodies=("h",), categories=("fire",), subjects=("other",), opened=False) -> Taken:
    return Taken(
        number="JC-1",
        on=on,
        bodies=frozenset(bodies),
        categories=frozenset(categories),
        subjects=frozenset(subjects),
        open=opened,
    )


def capped(per, most) -> Treatment:
    return Treatment(id="B", exempt=False, caps=(Cap(per=per, most=most),))


SPARED = Treatment(id="A", exempt=True, caps=())
QUIET = Book(
    officers=2,
    quiet=Quiet(monthly=((19, 22),)),
    repeat_days=0,
    merge_days=0,
    essential=frozenset(),
    open_day=BOOK.open_day,
)
CASES = [
    ("all is well", wish(), FREE_CLASS, [], BOOK, []),
    ("no power", wish(bodies=(("h", False),)), FREE_CLASS, [], BOOK, ["no_power"]),
    ("one officer", wish(officers=(officer(),)), FREE_CLASS, [], BOOK, ["officers_few"]),
    ("uncertified", wish(officers=(officer(), officer("2", certified=False))), FREE_CLASS, [], BOOK, ["officers_few"]),
    ("of another body", wish(officers=(officer(), officer("2", "w"))), FREE_CLASS, [], BOOK, ["officers_few"]),
    (
        "recused",
        wish(officers=(officer(), officer("2"), officer("3", recused=True))),
        FREE_CLASS,
        [],
        BOOK,
        ["officer_recused"],
    ),
    ("nothing", wish(things=()), FREE_CLASS, [], BOOK, ["nothing_listed"]),
    ("unpublished", wish(things=(thing(published=False),)), FREE_CLASS, [], BOOK, ["item_unpublished"]),
    ("of another", wish(things=(thing("w"),)), FREE_CLASS, [], BOOK, ["item_of_other"]),
    ("yesterday", wish(on=TODAY - 3 * DAY), FREE_CLASS, [], BOOK, ["not_ahead"]),
    ("elsewhere", wish(elsewhere=True), FREE_CLASS, [], BOOK, ["elsewhere"]),
    ("filed", wish(elsewhere=True, filed=True), FREE_CLASS, [], BOOK, []),
    ("on paper", wish(things=(thing(on_site=False),)), FREE_CLASS, [], BOOK, ["on_paper"]),
    ("class A", wish(), SPARED, [], BOOK, ["exempt"]),
    ("class A, safety", wish(things=(thing(category="safety"),)), SPARED, [], BOOK, []),
    ("Saturday", wish(on=dt.date(2026, 11, 21)), FREE_CLASS, [], BOOK, ["not_workday"]),
    ("quiet", wish(), FREE_CLASS, [], QUIET, ["quiet_day"]),
    ("second of two", wish(), capped("body", 2), [taken()], BOOK, []),
    ("third of two", wish(), capped("body", 2), [taken(), taken(ON - 200 * DAY)], BOOK, ["cap"]),
    ("last year's", wish(), capped("body", 1), [taken(dt.date(2025, 12, 31))], BOOK, []),
    ("another body's", wish(), capped("body", 1), [taken(bodies=("w",))], BOOK, []),
    ("another body's, one category", wish(), capped("category", 1), [taken(bodies=("w",))], BOOK, ["cap"]),
    ("another category", wish(), capped("category", 1), [taken(categories=("tax",))], BOOK, []),
    ("all together", wish(), capped("all", 1), [taken(bodies=("w",), categories=("tax",))], BOOK, ["cap"]),
    ("goes along", wish(joining=True), capped("all", 1), [taken(bodies=("w",), categories=("tax",))], BOOK, []),
    ("none at all", wish(), capped("body", 0), [], BOOK, ["cap"]),
    ("again", wish(), FREE_CLASS, [taken(ON - 89 * DAY, bodies=("w",), subjects=("hose",))], BOOK, ["repeat"]),
    ("long ago", wish(), FREE_CLASS, [taken(ON - 90 * DAY, subjects=("hose",))], BOOK, []),
    ("can be merged", wish(), FREE_CLASS, [taken(ON + 30 * DAY, opened=True)], BOOK, ["mergeable"]),
    ("too far to merge", wish(), FREE_CLASS, [taken(ON + 31 * DAY, opened=True)], BOOK, []),
    ("made already", wish(), FREE_CLASS, [taken(ON + 3 * DAY)], BOOK, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "asked", "grade", "known", "book", "codes"), CASES, ids=[case[0] for case in CASES])
def test_the_gate_names_each_rule(name, asked, grade, known, book, codes):
    reasons = gate.decide(asked, grade, known, book)
    assert [one.code for one in reasons] == codes
    assert gate.passes(reasons, free=False) is (not codes)
    assert gate.passes(reasons, free=True) is (not set(codes) & set(gate.LAW))


def test_every_reason_has_words_and_a_way_out():
    assert set(REASONS) == set(gate.CODES)


def test_it_says_the_next_allowed_day():
    # 19 to 22 are quiet; the 23rd is a Monday.
    (reason,) = gate.decide(wish(), FREE_CLASS, [], QUIET)
    assert reason.more["day"] == "2026-11-23"


@given(
    days=st.lists(st.integers(-400, 400), max_size=8),
    most=st.integers(0, 4),
    per=st.sampled_from(["body", "category", "all"]),
    free=st.booleans(),
)
def test_what_the_gate_lets_through_never_exceeds_the_cap(days, most, per, free):
    known = [taken(ON + step * DAY) for step in days]
    reasons = gate.decide(wish(free=free), capped(per, most), known, BOOK)
    year = sum(one.on.year == ON.year for one in known)
    assert ("cap" in {one.code for one in reasons}) is (year >= most)
    # One more check of the year never opens the gate.
    again = gate.decide(wish(free=free), capped(per, most), [*known, taken()], BOOK)
    assert {one.code for one in reasons} <= {one.code for one in again}


def test_classes_of_a_rulebook_have_to_make_sense():
    good = Inspections()
    assert good.class_of("Z").id == good.classes.unrated
    grades = [one.model_dump() for one in good.classes.grades]
    for wrong in (
        [grades[0], grades[0], grades[-1]],
        [grades[1], grades[0], grades[-1]],
        grades[:2],
        [grades[-1], grades[0]],
    ):
        with pytest.raises(ValidationError):
            Classes(grades=tuple(Grade(**one) for one in wrong))
    with pytest.raises(ValidationError):
        Classes(unrated="Z")
