"""States of what the registers keep, and who may move it."""

from enum import StrEnum
from typing import TypeVar

from bihuan.foundation.kernel.states import Machine, Transition

S = TypeVar("S", bound=StrEnum)


class InstitutionState(StrEnum):
    """Where an institution (制度) stands."""

    DRAFTED = "drafted"
    IN_FORCE = "in_force"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"


class InstitutionKind(StrEnum):
    """What an institution does (R5): improves what there was, closes a loophole, adds a service."""

    IMPROVED = "improved"
    LOOPHOLE = "loophole"
    ADDED = "added"


class CompetitionState(StrEnum):
    """Where an open competition for model cases (揭榜挂帅) stands."""

    CALLED = "called"
    VOTING = "voting"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ExemplarState(StrEnum):
    """Where a nominated model case stands."""

    NOMINATED = "nominated"
    PROMOTED = "promoted"
    PASSED_OVER = "passed_over"
    WITHDRAWN = "withdrawn"


class WarningState(StrEnum):
    """Where a negative case stands that others shall learn from."""

    DRAFTED = "drafted"
    CIRCULATED = "circulated"
    TAKEN_BACK = "taken_back"


class LessonState(StrEnum):
    """Whether an entry of the case library is shown."""

    PUBLISHED = "published"
    TAKEN_BACK = "taken_back"


SYSTEM = "system"
UNIT, VOTER, NOMINATOR = "unit", "voter", "nominator"
"""A department of the place; who may vote by the rulebook; who nominated."""
KEEPERS = frozenset({"supervision_office", "leader", "coordinator"})
"""Who keeps the registers; never for their own department."""

WARNERS = KEEPERS | {"discipline"}
"""Who drafts and circulates warnings."""

I = InstitutionState  # noqa: E741
_KEPT = frozenset({I.IN_FORCE, I.REVIEWED})
_OPEN = frozenset(I) - {I.WITHDRAWN}


def _row(action: str, sources: frozenset[I], target: I | None) -> Transition[I]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=sources, targets=targets, roles=KEEPERS)


INSTITUTIONS: Machine[I] = Machine(
    name="institution",
    initial=I.DRAFTED,
    transitions=(
        _row("put_in_force", frozenset({I.DRAFTED}), I.IN_FORCE),
        _row("review", _KEPT, I.REVIEWED),
        _row("amend", _OPEN, None),
        _row("link", _OPEN, None),
        _row("unlink", _OPEN, None),
        _row("change_owner", _KEPT, None),
        _row("withdraw", _OPEN, I.WITHDRAWN),
    ),
    owners={
        I.DRAFTED: "supervision_office",
        I.IN_FORCE: "department_head",
        I.REVIEWED: "department_head",
        I.WITHDRAWN: None,
    },
)


C, E, W, L = CompetitionState, ExemplarState, WarningState, LessonState


def _step(action: str, source: S, target: S | None, *roles: str) -> Transition[S]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset({source}), targets=targets, roles=frozenset(roles))


COMPETITIONS: Machine[CompetitionState] = Machine(
    name="competition",
    initial=C.CALLED,
    transitions=(
        _step("open_vote", C.CALLED, C.VOTING, *KEEPERS),
        _step("vote", C.VOTING, None, VOTER),
        _step("close_vote", C.VOTING, C.CLOSED, SYSTEM),
        Transition(
            action="cancel",
            sources=frozenset({C.CALLED, C.VOTING}),
            targets=frozenset({C.CANCELLED}),
            roles=KEEPERS,
        ),
    ),
    owners={C.CALLED: "supervision_office", C.VOTING: "supervision_office", C.CLOSED: None, C.CANCELLED: None},
)
EXEMPLARS: Machine[ExemplarState] = Machine(
    name="exemplar",
    initial=E.NOMINATED,
    transitions=(
        _step("promote", E.NOMINATED, E.PROMOTED, SYSTEM),
        _step("pass_over", E.NOMINATED, E.PASSED_OVER, SYSTEM),
        _step("adopt", E.PROMOTED, None, UNIT),
        _step("withdraw", E.NOMINATED, E.WITHDRAWN, NOMINATOR, *KEEPERS),
    ),
    owners={E.NOMINATED: "supervision_office", E.PROMOTED: None, E.PASSED_OVER: None, E.WITHDRAWN: None},
)
WARNINGS: Machine[WarningState] = Machine(
    name="warning",
    initial=W.DRAFTED,
    transitions=(
        _step("amend", W.DRAFTED, None, *WARNERS),
        _step("circulate", W.DRAFTED, W.CIRCULATED, *WARNERS),
        _step("read", W.CIRCULATED, None, UNIT),
        Transition(
            action="take_back",
            sources=frozenset({W.DRAFTED, W.CIRCULATED}),
            targets=frozenset({W.TAKEN_BACK}),
            roles=WARNERS,
        ),
    ),
    owners={W.DRAFTED: "supervision_office", W.CIRCULATED: None, W.TAKEN_BACK: None},
)
LESSONS: Machine[LessonState] = Machine(
    name="lesson",
    initial=L.PUBLISHED,
    transitions=(_step("take_back", L.PUBLISHED, L.TAKEN_BACK, *KEEPERS),),
    owners={L.PUBLISHED: None, L.TAKEN_BACK: None},
)
