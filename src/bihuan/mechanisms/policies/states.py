"""States of a policy and of one of its clauses."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class PolicyState(StrEnum):
    """Where a policy stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDED = "ended"
    DROPPED = "dropped"


class ClauseState(StrEnum):
    """Whether a clause is open to enterprises."""

    WRITTEN = "written"
    OPEN = "open"
    CLOSED = "closed"


P = PolicyState
C = ClauseState
KEEPERS = frozenset({"coordinator"})
"""Who publishes policies and ends them."""
WRITERS = KEEPERS | {"unit"}
"""Those who write them: the service centre, and the department that is responsible."""


def _policy(action: str, sources: set[P], target: P | None, roles: frozenset[str]) -> Transition[P]:
    targets: frozenset[P] = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


POLICIES: Machine[P] = Machine(
    name="policy",
    initial=P.DRAFT,
    transitions=(
        _policy("write_clause", {P.DRAFT, P.IN_FORCE}, None, WRITERS),
        _policy("write_guide", {P.DRAFT, P.IN_FORCE}, None, WRITERS),
        _policy("publish", {P.DRAFT}, P.IN_FORCE, KEEPERS),
        _policy("drop", {P.DRAFT}, P.DROPPED, WRITERS),
        _policy("end", {P.IN_FORCE}, P.ENDED, KEEPERS),
    ),
    owners={P.DRAFT: "coordinator", P.IN_FORCE: "coordinator", P.ENDED: None, P.DROPPED: None},
)
CLAUSES: Machine[C] = Machine(
    name="policy_clause",
    initial=C.WRITTEN,
    transitions=(
        Transition(
            action="open_clause",
            sources=frozenset({C.WRITTEN}),
            targets=frozenset({C.OPEN}),
            roles=KEEPERS | {"system"},
        ),
        Transition(action="amend", sources=frozenset({C.WRITTEN, C.OPEN}), roles=WRITERS),
        Transition(
            action="close_clause",
            sources=frozenset({C.WRITTEN, C.OPEN}),
            targets=frozenset({C.CLOSED}),
            roles=KEEPERS | {"system"},
        ),
    ),
    owners={C.WRITTEN: "coordinator", C.OPEN: "coordinator", C.CLOSED: None},
)
