"""States of an edition (one month's figures of a region on their way to the public) and of an exclusion."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition

SYSTEM = "system"


class EditionState(StrEnum):
    """Where an edition stands."""

    DRAFT = "draft"
    CHECKING = "checking"
    PUBLISHED = "published"
    FROZEN = "frozen"


class ExclusionState(StrEnum):
    """Where the proposal to take a matter out of a figure stands."""

    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDING = "ending"
    ENDED = "ended"


E, X = EditionState, ExclusionState
CENTRE = frozenset({"coordinator", "catch_all"})
ABOVE = frozenset({"leader", "supervision_office"})
UNITS = frozenset({"liaison", "department_head"})
PROPOSERS = CENTRE | UNITS | {"supervision_office"}

EDITION: Machine[EditionState] = Machine(
    name="edition",
    initial=E.DRAFT,
    transitions=(
        Transition(
            action="send_for_check", sources=frozenset({E.DRAFT}), targets=frozenset({E.CHECKING}), roles=CENTRE
        ),
        Transition(action="remark", sources=frozenset({E.CHECKING}), roles=UNITS),
        Transition(action="answer_remark", sources=frozenset({E.CHECKING}), roles=CENTRE),
        Transition(action="publish", sources=frozenset({E.CHECKING}), targets=frozenset({E.PUBLISHED}), roles=ABOVE),
        Transition(action="take_back", sources=frozenset({E.PUBLISHED}), targets=frozenset({E.CHECKING}), roles=ABOVE),
        Transition(
            action="freeze", sources=frozenset({E.PUBLISHED}), targets=frozenset({E.FROZEN}), roles=ABOVE | {SYSTEM}
        ),
    ),
    owners={E.DRAFT: "coordinator", E.CHECKING: "leader", E.PUBLISHED: "leader", E.FROZEN: None},
)
EXCLUSION: Machine[ExclusionState] = Machine(
    name="exclusion",
    initial=X.PROPOSED,
    transitions=(
        Transition(action="grant", sources=frozenset({X.PROPOSED}), targets=frozenset({X.GRANTED}), roles=ABOVE),
        Transition(action="refuse", sources=frozenset({X.PROPOSED}), targets=frozenset({X.REFUSED}), roles=ABOVE),
        Transition(action="end", sources=frozenset({X.GRANTED}), targets=frozenset({X.ENDING}), roles=PROPOSERS),
        Transition(action="confirm_end", sources=frozenset({X.ENDING}), targets=frozenset({X.ENDED}), roles=ABOVE),
        Transition(action="keep_out", sources=frozenset({X.ENDING}), targets=frozenset({X.GRANTED}), roles=ABOVE),
        # What was said of one rating does not hold for the next: the product ends it with a new one.
        Transition(
            action="note_rated_anew",
            sources=frozenset({X.PROPOSED, X.GRANTED, X.ENDING}),
            targets=frozenset({X.ENDED}),
            roles=frozenset({SYSTEM}),
        ),
    ),
    owners={
        X.PROPOSED: "supervision_office",
        X.GRANTED: "coordinator",
        X.REFUSED: None,
        X.ENDING: "supervision_office",
        X.ENDED: None,
    },
)
LEAVES_OUT = frozenset({X.GRANTED, X.ENDING})
"""Where the matter is out of the figure: until somebody else has confirmed it, an end is only proposed."""
OVER = frozenset({X.REFUSED, X.ENDED})
"""Where it may be proposed anew."""
