"""States of a track: one following of one case."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class TrackState(StrEnum):
    """Where the following of a case stands."""

    CANDIDATE = "candidate"
    TRACKED = "tracked"
    NOT_TRACKED = "not_tracked"
    ACHIEVED = "achieved"
    LEFT = "left"


S = TrackState
SYSTEM = "system"
DECIDERS = frozenset({"coordinator", "catch_all", "board_head"})
LEAD = frozenset({"lead:liaison", "lead:department_head"})
CO = frozenset({"co:liaison", "co:department_head"})
OPEN = frozenset({S.CANDIDATE, S.TRACKED})


def _row(action: str, source: S, target: S | None, roles: frozenset[str]) -> Transition[S]:
    return Transition(
        action=action, sources=frozenset({source}), targets=frozenset({target} if target else ()), roles=roles
    )


MACHINE: Machine[S] = Machine(
    name="track",
    initial=S.CANDIDATE,
    transitions=(
        _row("enter", S.CANDIDATE, S.TRACKED, DECIDERS),
        _row("refuse", S.CANDIDATE, S.NOT_TRACKED, DECIDERS),
        _row("drop", S.CANDIDATE, S.NOT_TRACKED, frozenset({SYSTEM})),
        _row("report", S.TRACKED, None, LEAD | CO),
        _row("meet_node", S.TRACKED, None, LEAD),
        _row("achieve", S.TRACKED, S.ACHIEVED, frozenset({SYSTEM})),
        # One level above those who decide on entry.
        _row("leave", S.TRACKED, S.LEFT, frozenset({"leader"})),
    ),
    owners={
        S.CANDIDATE: "coordinator",
        S.TRACKED: "liaison",
        S.NOT_TRACKED: None,
        S.ACHIEVED: None,
        S.LEFT: None,
    },
)
