"""The table of transitions as services ask it: unknown actions, and actions that the state forbids."""

from enum import StrEnum

import pytest

from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.states import Machine, Transition


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


SYSTEM = frozenset({"system"})
MACHINE: Machine[Door] = Machine(
    name="door",
    initial=Door.OPEN,
    transitions=(
        Transition(action="shut", sources=frozenset({Door.OPEN}), targets=frozenset({Door.SHUT})),
        Transition(action="paint", sources=frozenset({Door.OPEN}), roles=frozenset({"painter"})),
        Transition(action="open", sources=frozenset({Door.SHUT}), targets=frozenset({Door.OPEN})),
        Transition(action="fall", sources=frozenset(Door), targets=frozenset({Door.SHUT}), roles=SYSTEM),
    ),
    owners={Door.OPEN: "porter", Door.SHUT: None},
)


@pytest.mark.parametrize(("action", "without"), [("kick", frozenset()), ("kick", SYSTEM), ("fall", SYSTEM)])
def test_an_unknown_action_is_not_found_and_neither_is_one_of_the_product(action, without):
    with pytest.raises(errors.NotFound) as refused:
        MACHINE.named(action, without=without)
    assert (refused.value.code, refused.value.field) == ("unknown_action", "action")


def test_a_known_action_is_found():
    assert MACHINE.named("fall").action == "fall"
    assert MACHINE.named("paint", without=SYSTEM).action == "paint"


def test_what_the_state_forbids_names_what_would_go_for_this_actor():
    with pytest.raises(errors.Conflict) as refused:
        MACHINE.check_state(MACHINE.named("open"), Door.OPEN, may=lambda action: action != "paint")
    assert refused.value.code == "state_forbids"
    assert refused.value.extra == {"state": "open", "allowed_actions": ["shut", "fall"]}
    MACHINE.check_state(MACHINE.named("open"), Door.SHUT, may=lambda _action: False)


def test_what_does_not_suit_the_thing_is_as_impossible_as_what_the_state_forbids():
    with pytest.raises(errors.Conflict) as refused:
        MACHINE.check_state(MACHINE.named("open"), Door.SHUT, may=lambda _action: True, fits=lambda one: one != "open")
    assert "open" not in refused.value.extra["allowed_actions"]
