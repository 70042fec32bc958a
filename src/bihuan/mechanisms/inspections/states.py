"""States of what is listed (items, powers, officers, sheltered enterprises), of classes, checks and draws."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class ListedState(StrEnum):
    """Where an item, a power, an officer or a sheltered enterprise stands on its list."""

    DRAFTED = "drafted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class StandingState(StrEnum):
    """Where the class of one enterprise stands."""

    RATED = "rated"
    OBJECTED = "objected"
    SETTLED = "settled"


class CheckState(StrEnum):
    """Where one check of one enterprise stands."""

    REGISTERED = "registered"
    REFUSED = "refused"
    APPROVED = "approved"
    ARRIVED = "arrived"
    TO_REVIEW = "to_review"
    DONE = "done"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"


class DrawState(StrEnum):
    """Where a random draw stands."""

    COMMITTED = "committed"
    POOLED = "pooled"
    DRAWN = "drawn"
    VOIDED = "voided"


class RepairState(StrEnum):
    """Where the repair of an enterprise's credit stands."""

    ASKED = "asked"
    GUIDED = "guided"
    APPLIED = "applied"
    REPAIRED = "repaired"
    SYNCED = "synced"
    WITHDRAWN = "withdrawn"


L = ListedState
S = StandingState
C = CheckState
SYSTEM = "system"
JUSTICE = frozenset({"justice_supervisor"})
"""司法行政: supervises law enforcement, publishes lists, reviews urgent checks."""
LISTERS = JUSTICE | {"coordinator"}
"""Who publishes and withdraws what is listed, and rates enterprises."""
BODY = frozenset({"body"})
"""Anybody who holds an office in a body that checks, or whose entry it is."""
HEADS = frozenset({"head"})
"""The head of the body (行政机关负责人); for a sheltered enterprise the leader in charge."""
FIRM = frozenset({"firm"})
"""Whoever speaks for the enterprise."""


def _listed(action: str, sources: set[L], target: L | None, roles: frozenset[str]) -> Transition[L]:
    targets: frozenset[L] = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


LISTED: Machine[L] = Machine(
    name="inspection_listed",
    initial=L.DRAFTED,
    transitions=(
        _listed("publish", {L.DRAFTED}, L.PUBLISHED, LISTERS),
        _listed("withdraw", {L.DRAFTED, L.PUBLISHED}, L.WITHDRAWN, LISTERS),
        _listed("recuse", {L.DRAFTED, L.PUBLISHED}, None, JUSTICE | BODY),
    ),
    owners={L.DRAFTED: "justice_supervisor", L.PUBLISHED: None, L.WITHDRAWN: None},
)


def _standing(action: str, source: S, target: S, roles: frozenset[str]) -> Transition[S]:
    return Transition(action=action, sources=frozenset({source}), targets=frozenset({target}), roles=roles)


STANDINGS: Machine[S] = Machine(
    name="inspection_class",
    initial=S.RATED,
    transitions=(
        _standing("object_class", S.RATED, S.OBJECTED, FIRM),
        _standing("let_stand", S.RATED, S.SETTLED, frozenset({SYSTEM})),
        _standing("uphold", S.OBJECTED, S.SETTLED, LISTERS),
        _standing("reject", S.OBJECTED, S.SETTLED, LISTERS),
    ),
    owners={S.RATED: "enterprise", S.OBJECTED: "justice_supervisor", S.SETTLED: None},
)


def _check(action: str, sources: set[C], targets: set[C], roles: frozenset[str]) -> Transition[C]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=roles)


CHECKS: Machine[C] = Machine(
    name="inspection_check",
    initial=C.REGISTERED,
    transitions=(
        _check("refuse", {C.REGISTERED}, {C.REFUSED}, frozenset({SYSTEM})),
        _check("approve", {C.REGISTERED, C.APPROVED}, {C.APPROVED}, HEADS),
        _check("join", {C.REGISTERED, C.APPROVED}, set(), BODY),
        _check("arrive", {C.APPROVED}, {C.ARRIVED}, BODY),
        _check("report", {C.ARRIVED}, {C.DONE, C.TO_REVIEW}, BODY),
        _check("review", {C.TO_REVIEW}, {C.DONE}, JUSTICE),
        _check("rate_check", {C.ARRIVED, C.TO_REVIEW, C.DONE}, set(), FIRM),
        _check("call_off", {C.REGISTERED, C.APPROVED}, {C.CALLED_OFF}, BODY | JUSTICE),
        _check("lapse", {C.REGISTERED, C.APPROVED}, {C.LAPSED}, frozenset({SYSTEM})),
    ),
    owners={
        C.REGISTERED: "department_head",
        C.REFUSED: None,
        C.APPROVED: "liaison",
        C.ARRIVED: "liaison",
        C.TO_REVIEW: "justice_supervisor",
        C.DONE: None,
        C.CALLED_OFF: None,
        C.LAPSED: None,
    },
)
COUNTED = frozenset({C.REGISTERED, C.APPROVED, C.ARRIVED, C.TO_REVIEW, C.DONE})
"""States in which a check is a load on the enterprise and counts against the cap: a registered one has its place."""
OPEN = frozenset({C.REGISTERED, C.APPROVED})
"""States in which others can still join a check."""
KINDS = ("planned", "random", "clue", "urgent")
"""计划检查, 双随机抽查, 线索核查, 紧急检查."""
FREE_KINDS = frozenset({"clue", "urgent"})
"""Kinds that pass the caps with a reason and are reviewed afterwards."""


def _draw(action: str, sources: set[DrawState], target: DrawState) -> Transition[DrawState]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset({target}), roles=BODY | LISTERS)


DRAWS: Machine[DrawState] = Machine(
    name="inspection_draw",
    initial=DrawState.COMMITTED,
    transitions=(
        _draw("fix_pool", {DrawState.COMMITTED}, DrawState.POOLED),
        _draw("draw", {DrawState.POOLED}, DrawState.DRAWN),
        _draw("void", {DrawState.COMMITTED, DrawState.POOLED}, DrawState.VOIDED),
    ),
    owners={
        DrawState.COMMITTED: "liaison",
        DrawState.POOLED: "liaison",
        DrawState.DRAWN: None,
        DrawState.VOIDED: None,
    },
)
"""双随机: the seed is committed to, then the pool is fixed, then the seed is revealed; in no other order."""


R = RepairState


def _repair(action: str, sources: set[RepairState], target: RepairState, roles: frozenset[str]) -> Transition[R]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset({target}), roles=roles)


REPAIRS: Machine[R] = Machine(
    name="inspection_repair",
    initial=R.ASKED,
    transitions=(
        _repair("guide", {R.ASKED}, R.GUIDED, BODY),
        _repair("apply", {R.GUIDED}, R.APPLIED, FIRM),
        _repair("return_application", {R.APPLIED}, R.GUIDED, BODY),
        _repair("repair", {R.APPLIED}, R.REPAIRED, BODY),
        _repair("sync", {R.REPAIRED}, R.SYNCED, BODY),
        _repair("withdraw_repair", {R.ASKED, R.GUIDED}, R.WITHDRAWN, FIRM),
    ),
    owners={
        R.ASKED: "liaison",
        R.GUIDED: "enterprise",
        R.APPLIED: "liaison",
        R.REPAIRED: "liaison",
        R.SYNCED: None,
        R.WITHDRAWN: None,
    },
)
"""信用修复: who recognised it repairs it (谁认定谁修复, 国办发〔2025〕22号)."""
