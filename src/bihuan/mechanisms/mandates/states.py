"""States of a mandate, of what its holder was asked for, and of a window."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class MandateState(StrEnum):
    """Whether somebody still holds it."""

    SERVING = "serving"
    ENDED = "ended"


class TaskState(StrEnum):
    """Whether what was asked for was reported on."""

    ASKED = "asked"
    REPORTED = "reported"
    DROPPED = "dropped"


class WindowState(StrEnum):
    """Whether a window is there."""

    OPEN = "open"
    CLOSED = "closed"


M = MandateState
T = TaskState
W = WindowState
KEEPERS = frozenset({"coordinator", "supervision_office", "discipline"})
HOLDER = frozenset({"holder"})
"""Whoever holds the mandate: the person, or those who speak for the enterprise."""
SYSTEM = frozenset({"system"})
_SERVING = frozenset({M.SERVING})


def _mandate(action: str, roles: frozenset[str], *, ends: bool = False) -> Transition[M]:
    targets: frozenset[M] = frozenset({M.ENDED}) if ends else frozenset()
    return Transition(action=action, sources=_SERVING, targets=targets, roles=roles)


MANDATES: Machine[M] = Machine(
    name="mandate",
    initial=M.SERVING,
    transitions=(
        _mandate("ask", KEEPERS),
        _mandate("report", HOLDER),
        _mandate("renew", KEEPERS),
        _mandate("move", KEEPERS),
        _mandate("hand_over", KEEPERS, ends=True),
        _mandate("resign", HOLDER, ends=True),
        _mandate("release", KEEPERS, ends=True),
        _mandate("near", SYSTEM),
        _mandate("expire", SYSTEM, ends=True),
    ),
    owners={M.SERVING: "coordinator", M.ENDED: None},
)
TASKS: Machine[T] = Machine(
    name="mandate_task",
    initial=T.ASKED,
    transitions=(
        Transition(action="answer", sources=frozenset({T.ASKED}), targets=frozenset({T.REPORTED}), roles=HOLDER),
        Transition(action="drop", sources=frozenset({T.ASKED}), targets=frozenset({T.DROPPED}), roles=KEEPERS),
    ),
    owners={T.ASKED: "special_supervisor", T.REPORTED: None, T.DROPPED: None},
)
WINDOWS: Machine[W] = Machine(
    name="mandate_window",
    initial=W.OPEN,
    transitions=(
        Transition(action="close", sources=frozenset({W.OPEN}), targets=frozenset({W.CLOSED}), roles=KEEPERS),
    ),
    owners={W.OPEN: "coordinator", W.CLOSED: None},
)
