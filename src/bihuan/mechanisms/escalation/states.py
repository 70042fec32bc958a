"""States of a matter that went up, seen from below and from above (J5)."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class EscalationState(StrEnum):
    """How a matter that was sent up stands, seen from below."""

    SENT = "sent"
    RECEIVED = "received"
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ArrivalState(StrEnum):
    """How a matter from below stands, seen from above; its work has the states of its case."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


S = EscalationState
A = ArrivalState
SYSTEM = "system"
SENDERS = frozenset({"coordinator", "catch_all", "leader"})
"""Who may send up, or take back, at most; a rulebook may name fewer of them."""
RUNNING = frozenset({S.SENT, S.RECEIVED, S.ASKED})


def _row(action: str, sources: set[S] | frozenset[S], target: S | None, roles: frozenset[str]) -> Transition[S]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


def _above(action: str, source: A, target: A | None, roles: frozenset[str]) -> Transition[A]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset({source}), targets=targets, roles=roles)


_PRODUCT = frozenset({SYSTEM})
ESCALATIONS: Machine[S] = Machine(
    name="escalation",
    initial=S.SENT,
    transitions=(
        _row("answer_above", {S.ASKED}, S.RECEIVED, SENDERS),
        _row("take_back", RUNNING, S.WITHDRAWN, SENDERS),
        _row("note_received", {S.SENT}, S.RECEIVED, _PRODUCT),
        _row("note_asked", {S.RECEIVED}, S.ASKED, _PRODUCT),
        _row("note_told", {S.RECEIVED, S.ASKED}, None, _PRODUCT),
        _row("note_listed", {S.RECEIVED, S.ASKED}, None, _PRODUCT),
        _row("note_answered", {S.RECEIVED, S.ASKED}, S.ANSWERED, _PRODUCT),
        _row("note_declined", RUNNING, S.DECLINED, _PRODUCT),
        _row("note_resumed", {S.ANSWERED}, S.RECEIVED, _PRODUCT),
        _row("lapse", RUNNING, S.WITHDRAWN, _PRODUCT),
    ),
    owners={
        S.SENT: "coordinator",
        S.RECEIVED: "coordinator",
        S.ASKED: "coordinator",
        S.ANSWERED: "coordinator",
        S.DECLINED: None,
        S.WITHDRAWN: None,
    },
)
ARRIVALS: Machine[A] = Machine(
    name="arrival",
    initial=A.OPEN,
    transitions=(
        _above("list", A.OPEN, None, SENDERS),
        _above("note_answered", A.OPEN, A.ANSWERED, _PRODUCT),
        _above("note_declined", A.OPEN, A.DECLINED, _PRODUCT),
        _above("note_withdrawn", A.OPEN, A.WITHDRAWN, _PRODUCT),
        _above("note_resumed", A.ANSWERED, A.OPEN, _PRODUCT),
    ),
    owners={A.OPEN: "coordinator", A.ANSWERED: "coordinator", A.DECLINED: None, A.WITHDRAWN: None},
)
