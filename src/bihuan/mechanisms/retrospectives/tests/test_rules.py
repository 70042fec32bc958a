"""Which cases are looked back at, where their time went, and what a dissection needs: on plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.states import MACHINE
from bihuan.mechanisms.retrospectives.rulebook import Retrospectives
from bihuan.mechanisms.retrospectives.rules import dissecting, grounds, links

MONDAY = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
MUSTS = Retrospectives().conditions


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"channel": "web", "tier": "ordinary", "category": "approval"}, []),
        ({"channel": "superior", "tier": "ordinary"}, ["superior"]),
        ({"tier": "complex"}, ["complex"]),
        ({"tier": "hard", "channel": "superior", "category": "policy"}, ["superior", "complex", "policy"]),
        ({"institution": True}, ["institution"]),
    ],
)
def test_the_three_musts_of_the_article(facts, expected):
    assert grounds.grounds(MUSTS, grounds.Facts(**facts)) == expected


@pytest.mark.parametrize(
    ("condition", "facts", "met"),
    [
        ({}, {"urgent": True}, False),
        ({"urgent": True, "tiers": ("hard",)}, {"urgent": True}, False),
        ({"urgent": True, "tiers": ("hard",)}, {"urgent": True, "tier": "hard"}, True),
        ({"repeated": 2}, {"repeated": 1}, False),
        ({"repeated": 2}, {"repeated": 2}, True),
        ({"closed_kinds": ("explained",)}, {"closed_kind": "resolved"}, False),
        ({"escalated": True}, {"escalated": True}, True),
    ],
)
def test_everything_that_a_condition_names_has_to_be_so(condition, facts, met):
    assert grounds.met(grounds.Condition(id="x", **condition), grounds.Facts(**facts)) is met


def change(hours, state, department="housing"):
    return links.Change(at=MONDAY + dt.timedelta(hours=hours), state=state, department=department)


def found(*changes):
    owners = {state.value: role for state, role in MACHINE.owners.items()} | {"closed": None}
    return links.weak_links(
        changes, owners=owners, of_department=("liaison", "department_head"), measure=lambda begun, ended: ended - begun
    )


def test_the_longest_wait_comes_first_with_its_share_of_the_whole():
    rows = found(
        change(0, "submitted", ""),
        change(1, "accepted", ""),
        change(2, "dispatched"),
        change(5, "signed"),
        change(6, "signed"),
        change(7, "replied"),
        change(8, "handling"),
        change(9, "replied"),
        change(10, "closed"),
        change(99, "archived"),
    )
    assert [(row.step, row.role, row.department, row.minutes, row.times) for row in rows] == [
        ("dispatched", "liaison", "housing", 180, 1),
        ("replied", "coordinator", "", 120, 2),
        ("signed", "liaison", "housing", 120, 1),
        ("accepted", "coordinator", "", 60, 1),
        ("handling", "liaison", "housing", 60, 1),
        ("submitted", "seat", "", 60, 1),
    ]
    assert rows[0].share == pytest.approx(0.3)


def test_what_another_department_did_is_its_own_and_none_is_none():
    rows = found(
        change(0, "dispatched", "water"), change(1, "dispatched", "tax"), change(3, "signed", ""), change(3, "x")
    )
    assert [(row.department, row.minutes) for row in rows] == [("tax", 120), ("water", 60), ("", 0)]
    assert found() == found(change(0, "submitted")) == []


STATES = st.sampled_from([state.value for state in MACHINE.owners])


@given(st.lists(st.tuples(st.integers(0, 500), STATES, st.sampled_from(["a", "b", ""])), max_size=30))
def test_shares_make_one_whole_whatever_the_course(steps):
    ordered = sorted(steps, key=lambda one: one[0])
    rows = found(*(change(*one) for one in ordered))
    assert [row.minutes for row in rows] == sorted((row.minutes for row in rows), reverse=True)
    whole = sum(row.share for row in rows)
    assert whole == pytest.approx(1) or sum(row.minutes for row in rows) == 0
    assert len({(row.step, row.role, row.department) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("answers", "unexplained", "departed"),
    [
        ({}, list(dissecting.PRESUMPTIONS), []),
        ({name: {"kept": True} for name in dissecting.PRESUMPTIONS}, [], []),
        (
            {"reasonable": {"kept": True}, "solvable": {"kept": False, "why": ""}, "at_fault": {"kept": True}},
            ["solvable"],
            ["solvable"],
        ),
        (
            {
                "reasonable": {"kept": True},
                "solvable": {"kept": False, "why": "法律明令禁止"},
                "at_fault": {"kept": True},
            },
            [],
            ["solvable"],
        ),
    ],
)
def test_every_exception_needs_a_reason(answers, unexplained, departed):
    assert dissecting.unexplained(answers) == unexplained
    assert dissecting.departed(answers) == departed


def test_the_taxonomy_is_what_use_has_taught():
    used = [
        ("law", "标准不一致", "land"),
        ("process", "重复审图", "approval"),
        ("law", "标准不一致", "approval"),
        ("process", "重复审图", "approval"),
        ("resources", "人手不足", "land"),
        ("resources", "人手不足", "land"),
        ("resources", "人手不足", "land"),
    ]
    rows = dissecting.proposals(used, category="approval", without=[])
    assert rows == [("process", "重复审图", 2), ("law", "标准不一致", 2), ("resources", "人手不足", 3)]
    assert dissecting.proposals(used, category="", without=[("resources", "人手不足")]) == [
        ("law", "标准不一致", 2),
        ("process", "重复审图", 2),
    ]


def test_a_must_that_names_nothing_or_comes_twice_is_refused():
    named = {"id": "x", "name": {"zh": "甲", "en": "A"}}
    for wrong in ([named], [named | {"urgent": True}] * 2, [named | {"channels": ["superior"], "color": "red"}]):
        with pytest.raises(ValueError, match=r"names nothing|same id|color|没有写|相同|重"):
            Retrospectives.model_validate({"must_when": wrong})
    assert Retrospectives.model_validate({"must_when": []}).conditions == []
