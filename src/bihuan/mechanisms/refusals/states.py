"""States of one refusal, from the candidate pool to the end of what its review came to; and of a policy proposal."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class RefusalState(StrEnum):
    """Where a “no” stands in its review."""

    POOLED = "pooled"
    RESEARCHED = "researched"
    SELECTED = "selected"
    DRAWN = "drawn"
    CONVENED = "convened"
    VOTING = "voting"
    DECIDED = "decided"
    FOLLOWED = "followed"
    DONE = "done"
    CONCEDED = "conceded"
    SOLVED_EARLY = "solved_early"
    SET_ASIDE = "set_aside"
    LAPSED = "lapsed"


class ProposalState(StrEnum):
    """Where a proposal to change a policy stands (N5)."""

    PROPOSED = "proposed"
    TAKEN_UP = "taken_up"
    CHANGED = "changed"
    TURNED_DOWN = "turned_down"


class Outcome(StrEnum):
    """综合评议结果: what the panel said together (N4)."""

    CANNOT = "cannot"
    SHOULD = "should"
    CAN = "can"


S = RefusalState
P = ProposalState
SYSTEM = "system"
ORGANISERS = frozenset({"supervision_office", "leader"})
"""Who runs a review; never somebody of the side that said no."""
RESEARCHERS = ORGANISERS | {"deputy"}
UNIT = frozenset({"unit"})
"""Whoever speaks for the side that said no: its liaison or head; at acceptance, the front desk."""
RAISER = frozenset({"raiser"})
MEMBER = frozenset({"member"})
BEFORE_VOTE = frozenset({S.POOLED, S.RESEARCHED, S.SELECTED, S.DRAWN, S.CONVENED})
BEFORE_VERDICT = BEFORE_VOTE | {S.VOTING, S.CONCEDED}
IN_REVIEW = frozenset({S.SELECTED, S.DRAWN, S.CONVENED, S.VOTING, S.DECIDED, S.FOLLOWED, S.DONE, S.CONCEDED})
"""What the raiser may know of: not the pool, which is the administration's own look at itself."""
OPEN = frozenset(S) - {S.DONE, S.SOLVED_EARLY, S.SET_ASIDE, S.LAPSED}
ENDED = frozenset(S) - OPEN


def _row(action: str, sources: set[S] | frozenset[S], target: S | None, roles: frozenset[str]) -> Transition[S]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


_PRODUCT = frozenset({SYSTEM})
REFUSALS: Machine[S] = Machine(
    name="refusal",
    initial=S.POOLED,
    transitions=(
        _row("research", {S.POOLED, S.RESEARCHED}, S.RESEARCHED, RESEARCHERS),
        _row("select", {S.RESEARCHED}, S.SELECTED, ORGANISERS),
        _row("set_aside", {S.POOLED, S.RESEARCHED}, S.SET_ASIDE, ORGANISERS),
        _row("draw", {S.SELECTED}, S.DRAWN, ORGANISERS),
        _row("convene", {S.DRAWN}, S.CONVENED, ORGANISERS),
        _row("state_unit", {S.SELECTED, S.DRAWN, S.CONVENED}, None, UNIT),
        _row("state_enterprise", {S.SELECTED, S.DRAWN, S.CONVENED}, None, RAISER),
        _row("open_vote", {S.CONVENED}, S.VOTING, ORGANISERS),
        _row("vote", {S.VOTING}, None, MEMBER),
        _row("recuse", {S.DRAWN, S.CONVENED, S.VOTING}, None, ORGANISERS),
        _row("close_vote", {S.VOTING}, S.DECIDED, ORGANISERS),
        _row("annul", {S.DECIDED, S.FOLLOWED}, S.CONVENED, ORGANISERS),
        _row("tally", {S.VOTING}, S.DECIDED, _PRODUCT),
        _row("vote_again", {S.VOTING}, S.CONVENED, _PRODUCT),
        _row("order", {S.DECIDED}, S.FOLLOWED, ORGANISERS),
        _row("report", {S.FOLLOWED}, None, UNIT),
        _row("complete", {S.FOLLOWED}, S.DONE, ORGANISERS),
        _row("achieved", {S.DECIDED, S.FOLLOWED}, S.DONE, _PRODUCT),
        _row("concede", BEFORE_VOTE, S.CONCEDED, UNIT),
        _row("solved", BEFORE_VOTE | {S.CONCEDED}, S.SOLVED_EARLY, _PRODUCT),
        _row("lapse", set(OPEN), S.LAPSED, _PRODUCT),
    ),
    owners={
        S.POOLED: "supervision_office",
        S.RESEARCHED: "supervision_office",
        S.SELECTED: "supervision_office",
        S.DRAWN: "supervision_office",
        S.CONVENED: "supervision_office",
        S.VOTING: "supervision_office",
        S.DECIDED: "supervision_office",
        S.FOLLOWED: "liaison",
        S.CONCEDED: "liaison",
        S.DONE: None,
        S.SOLVED_EARLY: None,
        S.SET_ASIDE: None,
        S.LAPSED: None,
    },
)


def _step(action: str, source: P, target: P) -> Transition[P]:
    return Transition(action=action, sources=frozenset({source}), targets=frozenset({target}), roles=ORGANISERS)


PROPOSALS: Machine[P] = Machine(
    name="policy_proposal",
    initial=P.PROPOSED,
    transitions=(
        _step("take_up", P.PROPOSED, P.TAKEN_UP),
        _step("register_change", P.TAKEN_UP, P.CHANGED),
        Transition(
            action="turn_down",
            sources=frozenset({P.PROPOSED, P.TAKEN_UP}),
            targets=frozenset({P.TURNED_DOWN}),
            roles=ORGANISERS,
        ),
    ),
    owners={P.PROPOSED: "supervision_office", P.TAKEN_UP: "leader", P.CHANGED: None, P.TURNED_DOWN: None},
)
