"""Stages of a clue, the four forms, and the way of a request for an identity (O5; DOMAIN §4)."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class Stage(StrEnum):
    """Where a clue stands: the four ways of disposal (监督执纪工作规则), then a case of its own, then its end."""

    RECEIVED = "received"
    INQUIRY = "inquiry"
    VERIFICATION = "verification"
    SHELVED = "shelved"
    FILED = "filed"
    CONCLUDED = "concluded"
    SETTLED = "settled"


class Form(StrEnum):
    """四种形态: how a clue that proved true was dealt with; recorded here, outside only counted."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"


class RequestState(StrEnum):
    """Where a request to see who gave a clue stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    SHOWN = "shown"
    REFUSED = "refused"
    EXPIRED = "expired"


S = Stage
R = RequestState
OFFICERS = frozenset({"discipline"})
SECOND = frozenset({"second_officer"})
"""Another officer than the one who asked."""
ASKER = frozenset({"asker"})
SYSTEM = frozenset({"system"})
OPEN = frozenset(S) - {S.CONCLUDED, S.SETTLED}
LIVE = frozenset({R.ASKED, R.CONFIRMED})
"""States of a request that is still to be decided or used."""


def _row(action: str, sources: set[S] | frozenset[S], target: S) -> Transition[S]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset({target}), roles=OFFICERS)


CLUES: Machine[S] = Machine(
    name="clue",
    initial=S.RECEIVED,
    transitions=(
        _row("inquire", {S.RECEIVED, S.SHELVED}, S.INQUIRY),
        _row("verify_clue", {S.RECEIVED, S.SHELVED, S.INQUIRY}, S.VERIFICATION),
        _row("shelve", {S.RECEIVED, S.INQUIRY, S.VERIFICATION}, S.SHELVED),
        _row("file", {S.VERIFICATION}, S.FILED),
        _row("conclude", {S.INQUIRY, S.VERIFICATION, S.FILED}, S.CONCLUDED),
        _row("settle_clue", OPEN, S.SETTLED),
    ),
    owners={stage: "discipline" if stage in OPEN else None for stage in S},
)


def _step(action: str, source: set[R] | frozenset[R], target: R, roles: frozenset[str]) -> Transition[R]:
    return Transition(action=action, sources=frozenset(source), targets=frozenset({target}), roles=roles)


REQUESTS: Machine[R] = Machine(
    name="identity_request",
    initial=R.ASKED,
    transitions=(
        _step("confirm_identity", {R.ASKED}, R.CONFIRMED, SECOND),
        _step("refuse_identity", {R.ASKED}, R.REFUSED, SECOND),
        _step("show_identity", {R.CONFIRMED}, R.SHOWN, ASKER),
        _step("expire_identity", LIVE, R.EXPIRED, SYSTEM),
    ),
    owners={
        R.ASKED: "discipline",
        R.CONFIRMED: "discipline",
        R.SHOWN: None,
        R.REFUSED: None,
        R.EXPIRED: None,
    },
)
