"""States of a finding, and the three lists that follow from them."""

from collections.abc import Mapping
from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class FindingState(StrEnum):
    """Where a finding stands."""

    PLANNED = "planned"
    NOTHING = "nothing"
    FOUND = "found"
    HANDED_OVER = "handed_over"
    LETTERED = "lettered"
    COORDINATING = "coordinating"
    ASKED = "asked"
    ANSWERED = "answered"
    WRITTEN_OFF = "written_off"
    DISMISSED = "dismissed"


S = FindingState
SYSTEM, UNIT = "system", "unit"
SUPERVISORS = frozenset({"supervision_office", "discipline"})
"""Who plans, finds, sorts and verifies (峄城、卫东、海北: 纪委监委; elsewhere the supervision office)."""
READERS = SUPERVISORS | {"leader"}
LISTS: Mapping[str, frozenset[S]] = {
    "supervision_items": frozenset({S.PLANNED}),
    "found_problems": frozenset({S.FOUND, S.LETTERED, S.COORDINATING}),
    "rectifications": frozenset({S.ASKED, S.ANSWERED}),
    "written_off": frozenset({S.WRITTEN_OFF}),
}
"""The lists in their order (前、中、后), and what was written off."""
OPEN = LISTS["supervision_items"] | LISTS["found_problems"] | LISTS["rectifications"]
NATURES: Mapping[str, str] = {"hand_over": "clue", "suggest": "common", "coordinate": "unclear", "ask": "single"}
"""Action that sorts → the nature it says the finding has (O3)."""


def _row(action: str, sources: set[S], targets: set[S], roles: frozenset[str] = SUPERVISORS) -> Transition[S]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=roles)


_PRODUCT = frozenset({SYSTEM})
FINDINGS: Machine[S] = Machine(
    name="finding",
    initial=S.PLANNED,
    transitions=(
        _row("find", {S.PLANNED}, {S.FOUND}),
        _row("find_nothing", {S.PLANNED}, {S.NOTHING}),
        _row("ask", {S.FOUND}, {S.ASKED}),
        _row("suggest", {S.FOUND}, {S.LETTERED}),
        _row("coordinate", {S.FOUND}, {S.COORDINATING}),
        _row("hand_over", {S.FOUND}, {S.HANDED_OVER}),
        _row("dismiss", {S.FOUND}, {S.DISMISSED}),
        _row("answer", {S.ASKED}, {S.ANSWERED}, frozenset({UNIT})),
        _row("send_back", {S.ANSWERED}, {S.ASKED}),
        _row("write_off", {S.ANSWERED}, {S.WRITTEN_OFF}),
        _row("look_back", {S.WRITTEN_OFF}, set()),
        _row("relapse", {S.WRITTEN_OFF}, {S.ASKED}),
        _row("follow_letter", {S.LETTERED, S.WRITTEN_OFF}, {S.WRITTEN_OFF, S.FOUND, S.LETTERED}, _PRODUCT),
        _row("follow_case", {S.COORDINATING, S.ANSWERED}, {S.ANSWERED, S.FOUND, S.COORDINATING}, _PRODUCT),
    ),
    owners={
        S.PLANNED: "supervision_office",
        S.NOTHING: None,
        S.FOUND: "supervision_office",
        S.HANDED_OVER: None,
        S.LETTERED: "supervision_office",
        S.COORDINATING: "coordinator",
        S.ASKED: "liaison",
        S.ANSWERED: "supervision_office",
        S.WRITTEN_OFF: None,
        S.DISMISSED: None,
    },
)


def list_of(state: str) -> str:
    """Return the list on which a finding in this state stands, or an empty text for one that is on none."""
    return next((name for name, states in LISTS.items() if state in states), "")
