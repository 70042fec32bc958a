"""States of one account of a double hand-over: the department's, or its supervisor's."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class AccountState(StrEnum):
    """Where one side stands."""

    HANDED = "handed"
    SIGNED = "signed"
    REPORTED = "reported"
    SETTLED = "settled"
    TAKEN_BACK = "taken_back"


S = AccountState
SYSTEM = "system"
GIVERS = frozenset({"coordinator", "supervision_office", "leader"})
HOLDER = frozenset({"holder"})
"""Whoever speaks for the side: liaison or head of its department; discipline inspection where it has none."""
OPEN = frozenset({S.HANDED, S.SIGNED, S.REPORTED})
SIDES = ("department", "supervisor")


def _row(action: str, sources: set[S] | frozenset[S], target: S, roles: frozenset[str]) -> Transition[S]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset({target}), roles=roles)


ACCOUNTS: Machine[S] = Machine(
    name="handover_account",
    initial=S.HANDED,
    transitions=(
        _row("sign", {S.HANDED}, S.SIGNED, HOLDER),
        _row("report", {S.SIGNED}, S.REPORTED, HOLDER),
        _row("send_back", {S.REPORTED}, S.SIGNED, GIVERS),
        _row("settle", {S.REPORTED}, S.SETTLED, GIVERS),
        _row("take_back", OPEN, S.TAKEN_BACK, GIVERS),
        _row("lapse", OPEN, S.TAKEN_BACK, frozenset({SYSTEM})),
    ),
    owners={
        S.HANDED: "liaison",
        S.SIGNED: "liaison",
        S.REPORTED: "coordinator",
        S.SETTLED: None,
        S.TAKEN_BACK: None,
    },
)
