"""States of an entry on the list of frequent matters."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class FrequentState(StrEnum):
    """Where a frequent matter stands."""

    LISTED = "listed"
    TAKEN = "taken"
    ORDERED = "ordered"
    ANSWERED = "answered"
    SETTLED = "settled"
    SET_ASIDE = "set_aside"


S = FrequentState
SYSTEM, UNIT = "system", "unit"
LEADERS = frozenset({"leader"})
JUDGES = frozenset({"leader", "supervision_office"})
OPEN = frozenset({S.LISTED, S.TAKEN, S.ORDERED, S.ANSWERED})


def _row(action: str, sources: set[S], target: S, roles: frozenset[str]) -> Transition[S]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset({target}), roles=roles)


FREQUENT: Machine[S] = Machine(
    name="frequent_matter",
    initial=S.LISTED,
    transitions=(
        _row("take_on", {S.LISTED}, S.TAKEN, LEADERS),
        _row("set_aside", {S.LISTED, S.TAKEN}, S.SET_ASIDE, JUDGES),
        _row("answer", {S.TAKEN, S.ORDERED}, S.ANSWERED, frozenset({UNIT})),
        _row("order", {S.TAKEN}, S.ORDERED, frozenset({SYSTEM})),
        _row("send_back", {S.ANSWERED}, S.TAKEN, JUDGES),
        _row("settle", {S.ANSWERED}, S.SETTLED, JUDGES),
    ),
    owners={
        S.LISTED: "leader",
        S.TAKEN: "department_head",
        S.ORDERED: "department_head",
        S.ANSWERED: "leader",
        S.SETTLED: None,
        S.SET_ASIDE: None,
    },
)
