"""States of a policy, of its clauses, of a delivery to many, and of what one enterprise gets."""

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


class RoundState(StrEnum):
    """Where a delivery to many stands."""

    OFFERED = "offered"
    REVIEW = "review"
    NOTICE = "notice"
    PAYING = "paying"
    DONE = "done"
    STOPPED = "stopped"


class GrantState(StrEnum):
    """Where the benefit of one enterprise stands."""

    OFFERED = "offered"
    WILLING = "willing"
    REFUSED = "refused"
    REJECTED = "rejected"
    APPROVED = "approved"
    DUE = "due"
    PAID = "paid"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


R = RoundState
G = GrantState
SYSTEM = frozenset({"system"})
FIRM = frozenset({"enterprise"})


def _round(action: str, sources: set[R], target: R | None, roles: frozenset[str]) -> Transition[R]:
    targets: frozenset[R] = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


ROUNDS: Machine[R] = Machine(
    name="policy_round",
    initial=R.OFFERED,
    transitions=(
        _round("close_intents", {R.OFFERED}, R.REVIEW, SYSTEM),
        _round("approve", {R.REVIEW}, R.NOTICE, frozenset({"unit"})),
        _round("start_paying", {R.NOTICE}, R.PAYING, SYSTEM),
        _round("take_payments", {R.PAYING}, None, WRITERS),
        _round("finish", {R.PAYING}, R.DONE, SYSTEM),
        _round("stop", {R.OFFERED, R.REVIEW, R.NOTICE}, R.STOPPED, KEEPERS),
    ),
    owners={
        R.OFFERED: "liaison",
        R.REVIEW: "liaison",
        R.NOTICE: "liaison",
        R.PAYING: "coordinator",
        R.DONE: None,
        R.STOPPED: None,
    },
)


def _grant(action: str, sources: set[G], target: G, roles: frozenset[str]) -> Transition[G]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset({target}), roles=roles)


GRANTS: Machine[G] = Machine(
    name="policy_grant",
    initial=G.OFFERED,
    transitions=(
        _grant("accept", {G.OFFERED}, G.WILLING, FIRM | SYSTEM),
        _grant("refuse", {G.OFFERED, G.WILLING, G.APPROVED}, G.REFUSED, FIRM | SYSTEM),
        _grant("reject", {G.OFFERED, G.WILLING, G.APPROVED}, G.REJECTED, frozenset({"unit"}) | SYSTEM),
        _grant("grant", {G.WILLING}, G.APPROVED, SYSTEM),
        _grant("owe", {G.APPROVED}, G.DUE, SYSTEM),
        _grant("pay", {G.DUE}, G.PAID, SYSTEM),
        _grant("confirm", {G.PAID}, G.CONFIRMED, FIRM),
        _grant("dispute", {G.PAID}, G.DISPUTED, FIRM),
        _grant("settle", {G.DISPUTED}, G.PAID, frozenset({"unit"})),
    ),
    owners={
        G.OFFERED: "enterprise",
        G.WILLING: "liaison",
        G.REFUSED: None,
        G.REJECTED: None,
        G.APPROVED: "liaison",
        G.DUE: "coordinator",
        G.PAID: "enterprise",
        G.CONFIRMED: None,
        G.DISPUTED: "liaison",
    },
)


class ItemState(StrEnum):
    """Where a service item stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PromiseState(StrEnum):
    """Whether a promise was kept."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


S = ItemState
M = PromiseState


def _item(action: str, sources: set[S], target: S | None, roles: frozenset[str] = WRITERS) -> Transition[S]:
    targets: frozenset[S] = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


ITEMS: Machine[S] = Machine(
    name="service_item",
    initial=S.DRAFT,
    transitions=(
        _item("edit", {S.DRAFT}, None),
        _item("publish", {S.DRAFT}, S.PUBLISHED, KEEPERS),
        _item("reform", {S.PUBLISHED}, None),
        _item("demand", {S.PUBLISHED}, None, WRITERS | {"seat", "enterprise"}),
        _item("promise", {S.PUBLISHED}, None, WRITERS | {"seat"}),
        _item("withdraw", {S.DRAFT, S.PUBLISHED}, S.WITHDRAWN, KEEPERS),
    ),
    owners={S.DRAFT: "coordinator", S.PUBLISHED: "liaison", S.WITHDRAWN: None},
)
PROMISES: Machine[M] = Machine(
    name="service_promise",
    initial=M.OPEN,
    transitions=(
        Transition(action="supply", sources=frozenset({M.OPEN}), targets=frozenset({M.KEPT}), roles=WRITERS),
        Transition(action="break", sources=frozenset({M.OPEN}), targets=frozenset({M.BROKEN}), roles=WRITERS),
    ),
    owners={M.OPEN: "liaison", M.KEPT: None, M.BROKEN: None},
)
