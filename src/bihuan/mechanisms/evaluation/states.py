"""States of a bad mark, a callback, a draw and a question (GB/T 39734: 评价 → 核实 → 整改 → 反馈 → 复核 → 监督)."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class MarkState(StrEnum):
    """Where a bad mark (差评) stands. SET_ASIDE: an appeal against it was upheld; it is kept and counted as such."""

    OPENED = "opened"
    VERIFIED = "verified"
    CONTACTED = "contacted"
    CORRECTED = "corrected"
    ANSWERED = "answered"
    REVISITED = "revisited"
    CLOSED = "closed"
    SET_ASIDE = "set_aside"


class CallState(StrEnum):
    """Where a callback (回访) stands. LAPSED: the matter went on before anybody called."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    UNREACHED = "unreached"
    LAPSED = "lapsed"


class DrawState(StrEnum):
    """Where a draw stands: its seed is fixed but secret, the sample is drawn, the seed is known."""

    COMMITTED = "committed"
    DRAWN = "drawn"
    REVEALED = "revealed"


class QuestionState(StrEnum):
    """Where a question to a supervisor stands."""

    OPEN = "open"
    ANSWERED = "answered"


M = MarkState
C = CallState
D = DrawState
Q = QuestionState
SYSTEM = "system"
WATCH = frozenset({"coordinator", "catch_all", "supervision_office"})
"""Who hears the enterprise: never the side that handled."""
UNIT = frozenset({"lead:liaison", "lead:department_head"})
JUDGES = frozenset({"supervision_office", "leader"})
"""Who decides on an appeal: never the rated unit (GB/T 39734)."""
OPEN_MARKS = frozenset(M) - {M.CLOSED, M.SET_ASIDE}
OPEN_CALLS = frozenset({C.WAITING, C.TAKEN})
TOLD = frozenset({M.CONTACTED, M.CORRECTED, M.ANSWERED, M.REVISITED})
"""States in which the rated unit may know of a bad mark, and may appeal."""


def _mark(action: str, sources: set[M] | frozenset[M], targets: set[M], roles: frozenset[str]) -> Transition[M]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=roles)


MARKS: Machine[M] = Machine(
    name="bad_mark",
    initial=M.OPENED,
    transitions=(
        _mark("verify", {M.OPENED}, {M.VERIFIED}, WATCH),
        _mark("contact", {M.VERIFIED}, {M.CONTACTED}, WATCH),
        _mark("correct", {M.CONTACTED}, {M.CORRECTED}, UNIT | WATCH),
        _mark("answer", {M.CORRECTED}, {M.ANSWERED}, WATCH),
        _mark("revisit", {M.ANSWERED}, {M.REVISITED, M.CONTACTED}, WATCH),
        _mark("close", {M.REVISITED}, {M.CLOSED}, WATCH),
        _mark("appeal", TOLD, set(), UNIT),
        _mark("decide_appeal", TOLD, {M.SET_ASIDE}, JUDGES),
    ),
    owners={
        M.OPENED: "coordinator",
        M.VERIFIED: "coordinator",
        M.CONTACTED: "liaison",
        M.CORRECTED: "coordinator",
        M.ANSWERED: "coordinator",
        M.REVISITED: "coordinator",
        M.CLOSED: None,
        M.SET_ASIDE: None,
    },
)

CALLS: Machine[C] = Machine(
    name="callback",
    initial=C.WAITING,
    transitions=(
        Transition(action="take", sources=frozenset({C.WAITING}), targets=frozenset({C.TAKEN}), roles=WATCH),
        Transition(
            action="miss", sources=frozenset({C.TAKEN}), targets=frozenset({C.WAITING, C.UNREACHED}), roles=WATCH
        ),
        Transition(action="finish", sources=frozenset({C.TAKEN}), targets=frozenset({C.DONE}), roles=WATCH),
        Transition(action="lapse", sources=OPEN_CALLS, targets=frozenset({C.LAPSED}), roles=frozenset({SYSTEM})),
    ),
    owners={
        C.WAITING: "coordinator",
        C.TAKEN: "coordinator",
        C.DONE: None,
        C.UNREACHED: None,
        C.LAPSED: None,
    },
)

DRAWS: Machine[D] = Machine(
    name="draw",
    initial=D.COMMITTED,
    transitions=(
        Transition(
            action="draw", sources=frozenset({D.COMMITTED}), targets=frozenset({D.DRAWN}), roles=frozenset({SYSTEM})
        ),
        Transition(
            action="reveal", sources=frozenset({D.DRAWN}), targets=frozenset({D.REVEALED}), roles=frozenset({SYSTEM})
        ),
    ),
    owners={D.COMMITTED: "supervision_office", D.DRAWN: "supervision_office", D.REVEALED: None},
)

QUESTIONS: Machine[Q] = Machine(
    name="question",
    initial=Q.OPEN,
    transitions=(
        Transition(
            action="answer_question",
            sources=frozenset({Q.OPEN}),
            targets=frozenset({Q.ANSWERED}),
            roles=frozenset({"supervision_office"}),
        ),
    ),
    owners={Q.OPEN: "supervision_office", Q.ANSWERED: None},
)
