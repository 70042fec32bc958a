"""States of a list of conduct, and of an examination by one."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class SheetState(StrEnum):
    """Where one version of a list stands."""

    DRAFTED = "drafted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class ExaminationState(StrEnum):
    """Whether the enterprise has said something about its examination."""

    EXAMINED = "examined"
    COMMENTED = "commented"


S = SheetState
X = ExaminationState
EDITORS = frozenset({"discipline", "supervision_office"})
PUBLISHERS = frozenset({"discipline", "leader"})
KINDS = ("contact", "integrity")
SIDES = ("positive", "negative", "advocated")
RESULTS = ("kept", "broken", "open")

SHEETS: Machine[S] = Machine(
    name="conduct_sheet",
    initial=S.DRAFTED,
    transitions=(
        Transition(action="edit", sources=frozenset({S.DRAFTED}), roles=EDITORS),
        Transition(
            action="publish", sources=frozenset({S.DRAFTED}), targets=frozenset({S.PUBLISHED}), roles=PUBLISHERS
        ),
        Transition(action="drop", sources=frozenset({S.DRAFTED}), targets=frozenset({S.DROPPED}), roles=EDITORS),
        Transition(
            action="withdraw", sources=frozenset({S.PUBLISHED}), targets=frozenset({S.WITHDRAWN}), roles=PUBLISHERS
        ),
    ),
    owners={S.DRAFTED: "discipline", S.PUBLISHED: None, S.WITHDRAWN: None, S.DROPPED: None},
)
EXAMINATIONS: Machine[X] = Machine(
    name="integrity_examination",
    initial=X.EXAMINED,
    transitions=(
        Transition(
            action="comment",
            sources=frozenset({X.EXAMINED}),
            targets=frozenset({X.COMMENTED}),
            roles=frozenset({"examined"}),
        ),
    ),
    owners={X.EXAMINED: None, X.COMMENTED: None},
)
