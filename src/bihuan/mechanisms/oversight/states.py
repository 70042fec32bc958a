"""States of a supervision order, and of an entry in a register of oversight (DOMAIN §4)."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class OrderState(StrEnum):
    """Where a supervision order (督办单) stands."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    ISSUED = "issued"
    SIGNED = "signed"
    REPORTED = "reported"
    VERIFIED = "verified"
    ESCALATED = "escalated"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"


class EntryState(StrEnum):
    """Where a matter on a list stands: seen by nobody yet, seen, or off the list."""

    LISTED = "listed"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


S = OrderState
E = EntryState
SYSTEM = "system"
OWNER = frozenset({"owner", "leader"})
"""Owner: the role that the order names."""
LEAD = frozenset({"lead:liaison", "lead:department_head"})
WATCHERS = frozenset({"coordinator", "catch_all", "board_head", "supervision_office", "leader"})
OPEN = frozenset(S) - {S.CLOSED, S.TAKEN_BACK}


def _row(action: str, sources: set[S], target: S, roles: frozenset[str]) -> Transition[S]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset({target}), roles=roles)


ORDERS: Machine[S] = Machine(
    name="supervision_order",
    initial=S.DRAFTED,
    transitions=(
        _row("approve", {S.DRAFTED}, S.APPROVED, OWNER),
        _row("issue", {S.APPROVED}, S.ISSUED, OWNER),
        _row("sign", {S.ISSUED}, S.SIGNED, LEAD),
        _row("report", {S.SIGNED}, S.REPORTED, LEAD),
        _row("send_back", {S.REPORTED}, S.SIGNED, OWNER),
        _row("verify", {S.REPORTED}, S.VERIFIED, OWNER),
        _row("escalate", {S.ISSUED, S.SIGNED, S.REPORTED}, S.ESCALATED, OWNER),
        _row("close", {S.VERIFIED}, S.CLOSED, OWNER),
        _row("settle", {S.ESCALATED}, S.CLOSED, frozenset({"leader"})),
        _row("take_back", {S.DRAFTED, S.APPROVED, S.ISSUED}, S.TAKEN_BACK, OWNER),
        _row("lapse", set(OPEN), S.TAKEN_BACK, frozenset({SYSTEM})),
    ),
    owners={
        S.DRAFTED: "supervision_office",
        S.APPROVED: "supervision_office",
        S.ISSUED: "liaison",
        S.SIGNED: "liaison",
        S.REPORTED: "supervision_office",
        S.VERIFIED: "supervision_office",
        S.ESCALATED: "leader",
        S.CLOSED: None,
        S.TAKEN_BACK: None,
    },
)

ENTRIES: Machine[E] = Machine(
    name="watch_list",
    initial=E.LISTED,
    transitions=(
        Transition(
            action="acknowledge",
            sources=frozenset({E.LISTED}),
            targets=frozenset({E.ACKNOWLEDGED}),
            roles=WATCHERS,
        ),
        Transition(
            action="clear",
            sources=frozenset({E.LISTED, E.ACKNOWLEDGED}),
            targets=frozenset({E.CLEARED}),
            roles=WATCHERS,
        ),
    ),
    owners={E.LISTED: "coordinator", E.ACKNOWLEDGED: "coordinator", E.CLEARED: None},
)
