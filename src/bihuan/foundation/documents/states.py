"""States of a letter, from its number to its write-off."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class LetterState(StrEnum):
    """Where a letter stands."""

    ISSUED = "issued"
    RECEIVED = "received"
    REPLIED = "replied"
    WRITTEN_OFF = "written_off"
    WITHDRAWN = "withdrawn"


S = LetterState
ISSUER = frozenset({"issuer"})
ADDRESSEE = frozenset({"addressee"})
OPEN = frozenset({S.ISSUED, S.RECEIVED, S.REPLIED})


def _row(action: str, sources: frozenset[S], target: S, roles: frozenset[str]) -> Transition[S]:
    return Transition(action=action, sources=sources, targets=frozenset({target}), roles=roles)


LETTERS: Machine[S] = Machine(
    name="letter",
    initial=S.ISSUED,
    transitions=(
        _row("receive_letter", frozenset({S.ISSUED}), S.RECEIVED, ADDRESSEE),
        _row("reply_letter", frozenset({S.RECEIVED}), S.REPLIED, ADDRESSEE),
        _row("return_reply", frozenset({S.REPLIED}), S.RECEIVED, ISSUER),
        _row("write_off_letter", OPEN, S.WRITTEN_OFF, ISSUER),
        _row("withdraw_letter", OPEN, S.WITHDRAWN, ISSUER),
        _row("reopen_letter", frozenset({S.WRITTEN_OFF}), S.RECEIVED, ISSUER),
    ),
    owners={
        S.ISSUED: "addressee",
        S.RECEIVED: "addressee",
        S.REPLIED: "issuer",
        S.WRITTEN_OFF: None,
        S.WITHDRAWN: None,
    },
)
"""Issuer and addressee are the caller's words: documents knows no offices, the mechanism that writes checks them."""
