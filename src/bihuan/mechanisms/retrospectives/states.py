"""States of one retrospective, from the closing of its case to the look back at what the solution brought."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class RetrospectiveState(StrEnum):
    """Where a retrospective stands."""

    AWAITED = "awaited"
    OPENED = "opened"
    LED = "led"
    DISSECTED = "dissected"
    REHEARSED = "rehearsed"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    CONCLUDED = "concluded"
    CHECKED = "checked"
    LAPSED = "lapsed"


S = RetrospectiveState
SYSTEM = "system"
TEAM = frozenset({"supervision_office", "coordinator", "catch_all", "leader"})
"""Who dissects a case; never somebody of a department that handled it."""
APPROVERS = frozenset({"leader", "supervision_office"})
GUEST = frozenset({"guest"})
UNIT = frozenset({"unit"})
"""Whoever speaks for a department that handled the case: its liaison or head."""
WORKED_ON = frozenset({S.LED, S.DISSECTED, S.REHEARSED, S.DRAFTED})
"""Where causes, presumptions and outputs may still change."""
BEFORE_APPROVAL = WORKED_ON | {S.OPENED, S.SUBMITTED}
"""Open: the case may not be archived."""
OPEN = BEFORE_APPROVAL | {S.AWAITED}
ENDED = frozenset(S) - OPEN
REPORTED = frozenset({S.CONCLUDED, S.CHECKED})


def _row(action: str, sources: set[S] | frozenset[S], target: S | None, roles: frozenset[str]) -> Transition[S]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


_PRODUCT = frozenset({SYSTEM})
RETROSPECTIVES: Machine[S] = Machine(
    name="retrospective",
    initial=S.AWAITED,
    transitions=(
        _row("begin", {S.AWAITED, S.LAPSED}, S.OPENED, _PRODUCT),
        _row("assign", {S.OPENED, S.LED}, S.LED, TEAM),
        _row("invite", WORKED_ON, None, TEAM),
        _row("advise", WORKED_ON, None, GUEST),
        _row("state_unit", WORKED_ON, None, UNIT),
        _row("find_cause", WORKED_ON, None, TEAM),
        _row("presume", WORKED_ON, None, TEAM),
        _row("dissect", {S.LED}, S.DISSECTED, TEAM),
        _row("rehearse", {S.DISSECTED, S.REHEARSED}, S.REHEARSED, TEAM),
        _row("propose_output", WORKED_ON, None, TEAM),
        _row("strike", WORKED_ON, None, TEAM),
        _row("let_stand", WORKED_ON, None, TEAM),
        _row("draft", {S.REHEARSED, S.DRAFTED}, S.DRAFTED, TEAM),
        _row("edit", {S.DRAFTED}, None, TEAM),
        _row("submit", {S.DRAFTED}, S.SUBMITTED, TEAM),
        _row("send_back", {S.SUBMITTED}, S.DRAFTED, APPROVERS),
        _row("approve", {S.SUBMITTED}, S.CONCLUDED, APPROVERS),
        _row("check", {S.CONCLUDED}, S.CHECKED, TEAM),
        _row("lapse", OPEN, S.LAPSED, _PRODUCT),
    ),
    owners={
        S.AWAITED: "coordinator",
        S.OPENED: "supervision_office",
        S.LED: "leader",
        S.DISSECTED: "leader",
        S.REHEARSED: "supervision_office",
        S.DRAFTED: "supervision_office",
        S.SUBMITTED: "leader",
        S.CONCLUDED: "supervision_office",
        S.CHECKED: None,
        S.LAPSED: None,
    },
)
TELLING = frozenset({"find_cause", "strike", "presume", "propose_output", "advise", "state_unit"})
"""Actions that change what a report tells: a version written before them does not go to whoever approves."""
