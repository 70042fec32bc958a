"""States of a questionnaire, and of a problem that its answers showed."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class QuestionnaireState(StrEnum):
    """Where a questionnaire stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"


class ProblemState(StrEnum):
    """Where a problem stands that answers showed."""

    FOUND = "found"
    RAISED = "raised"
    SETTLED = "settled"


Q = QuestionnaireState
P = ProblemState
RUNNERS = frozenset({"coordinator", "supervision_office", "discipline"})
"""Who builds and sends questionnaires, and reads what was answered (青岛: the campaign's office)."""
CENTRE = frozenset({"coordinator", "catch_all"})
"""Who gives problems to task forces as cases; they may also merge what is one matter."""
SYSTEM = "system"


def _step(action: str, sources: set[Q], target: Q | None, roles: frozenset[str] = RUNNERS) -> Transition[Q]:
    targets: frozenset[Q] = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


QUESTIONNAIRES: Machine[Q] = Machine(
    name="questionnaire",
    initial=Q.DRAFT,
    transitions=(
        _step("send", {Q.DRAFT}, Q.OPEN),
        _step("drop", {Q.DRAFT}, Q.DROPPED),
        _step("remind", {Q.OPEN}, None),
        _step("extend", {Q.OPEN}, None),
        _step("sort", {Q.OPEN, Q.CLOSED}, None),
        _step("close", {Q.OPEN}, Q.CLOSED, RUNNERS | {SYSTEM}),
    ),
    owners={Q.DRAFT: "coordinator", Q.OPEN: "coordinator", Q.CLOSED: None, Q.DROPPED: None},
)


def _problem(action: str, target: P, roles: frozenset[str]) -> Transition[P]:
    return Transition(action=action, sources=frozenset({P.FOUND}), targets=frozenset({target}), roles=roles)


PROBLEMS: Machine[P] = Machine(
    name="questionnaire_problem",
    initial=P.FOUND,
    transitions=(_problem("hand_on", P.RAISED, CENTRE), _problem("settle", P.SETTLED, RUNNERS)),
    owners={P.FOUND: "coordinator", P.RAISED: None, P.SETTLED: None},
)
