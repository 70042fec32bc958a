"""The table and what follows from it, on plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.ledger import rules as ledger
from bihuan.mechanisms.instruments import rules, wording
from bihuan.mechanisms.instruments.rulebook import Replies
from bihuan.mechanisms.instruments.states import KINDS, MACHINES, STATES, STEPS, next_step, target_of

T = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
COURSES = {
    "reminder": "issue receive",
    "warning": "issue receive close",
    "supervision_order": "approve issue receive reply assess close",
    "advisory_letter": "approve issue receive reply close",
    "oversight_recommendation": "approve issue receive reply assess close",
    "discipline_recommendation": "review approve issue receive reply assess close",
    "supervisory_recommendation": "review approve issue receive reply assess close",
    "interview": "approve issue receive hold reply close",
    "circular": "review approve issue receive close",
    "tolerance": "verify approve issue receive close",
    "clarification": "verify consent approve issue receive close",
}


def test_the_eleven_kinds_have_their_courses():
    assert {name: " ".join(kind.course) for name, kind in KINDS.items()} == COURSES


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
class TestKind:
    def test_its_course_leads_through_its_machine_to_the_end(self, kind):
        machine, state = MACHINES[kind.name], "drafted"
        for step in kind.course:
            assert next_step(kind, state) == step
            (target,) = machine.find(step).targets
            assert state in machine.find(step).sources
            state = str(target.value)
            assert state == target_of(kind, step)
        assert (state, next_step(kind, state), machine.owners[type(machine.initial)(state)]) == ("closed", None, None)

    def test_objection_and_review_exist_only_where_law_gives_them(self, kind):
        has = MACHINES[kind.name].find("object") is not None
        assert has == (kind.name == "supervision_order") == (MACHINES[kind.name].find("decide_objection") is not None)

    def test_roles_and_words_are_known(self, kind):
        assert {*kind.issuers, *kind.approvers, *kind.readers} <= set(Role)
        assert kind.issuers
        assert bool(kind.approvers) == bool({"review", "approve"} & set(kind.course))
        actions = {row.action for row in MACHINES[kind.name].transitions if "system" not in row.roles}
        assert actions <= set(wording.ACTIONS)
        assert kind.name in wording.KINDS
        assert set(kind.parts) <= set(wording.PARTS)
        assert kind.answered == hasattr(Replies(), kind.name)


def test_every_state_and_step_has_its_word():
    assert set(STATES) == set(wording.STATES)
    assert set(STEPS) <= set(wording.ACTIONS)


@pytest.mark.parametrize(
    ("objection", "received", "until", "now", "why"),
    [
        ("", T, T + 30 * DAY, T + 30 * DAY, None),
        ("", T, T + 30 * DAY, T + 30 * DAY + dt.timedelta(seconds=1), "objection_late"),
        ("", None, None, T, "not_received"),
        ("raised", T, T + 30 * DAY, T, "objected_already"),
        ("rejected", T, T + 30 * DAY, T, "objected_already"),
    ],
)
def test_an_objection_is_possible_once_and_in_time(objection, received, until, now, why):
    assert rules.may_object(objection=objection, received_at=received, until=until, now=now) == why


@given(st.text(min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_draws_at_least_the_same(head, one, other):
    low, high = sorted((one, other))
    assert ledger.is_drawn(head, high) or not ledger.is_drawn(head, low)
    assert ledger.is_drawn(head, 1.0)
    assert not ledger.is_drawn(head, 0.0)


def test_a_draw_takes_about_its_share():
    drawn = sum(ledger.is_drawn(f"sm3:{n}", 0.3) for n in range(2000))
    assert 500 < drawn < 700
