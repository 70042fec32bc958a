"""States of an inquiry, of an early sign, of a tolerance finding, of a self-check round and of an observation point."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class InquiryState(StrEnum):
    """Where a simulated accountability stands (A4)."""

    APPLIED = "applied"
    NOT_ACCEPTED = "not_accepted"
    INVESTIGATING = "investigating"
    FOUND = "found"
    RECTIFIED = "rectified"
    CLEARED = "cleared"
    WRITTEN_OFF = "written_off"
    REFERRED = "referred"


class Finding(StrEnum):
    """What the finding report says of the work, never of a person."""

    WARNED = "warned"
    TOLERATED = "tolerated"
    CLEARED = "cleared"


class SignState(StrEnum):
    """What became of an early sign (A3)."""

    OPEN = "open"
    DISMISSED = "dismissed"
    TAKEN_FURTHER = "taken_further"


class ReliefState(StrEnum):
    """Where a tolerance finding or a “does not affect use” letter stands (A7)."""

    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"


class CheckState(StrEnum):
    """Whether a round of self-checks is still answered (A2)."""

    OPEN = "open"
    CLOSED = "closed"


class PointState(StrEnum):
    """Whether an observation point still observes (A1)."""

    ACTIVE = "active"
    CLOSED = "closed"


S = InquiryState
G = SignState
F = ReliefState
C = CheckState
P = PointState
SYSTEM = "system"
CENTRE = frozenset({"coordinator", "catch_all"})
"""区企服中心: applies, leads the self-checks, goes back to see."""
OFFICE = frozenset({"discipline", "supervision_office"})
"""模拟问责办: accepts, investigates, finds, writes off, refers."""
UNIT = frozenset({"unit"})
"""Whoever speaks for the unit concerned: its liaison or head."""
BODY = frozenset({"body"})
"""Whoever answers a self-check for a board or a town."""
DECIDERS = frozenset({"discipline", "leader"})
BEFORE_ACCEPTANCE = frozenset({S.APPLIED, S.NOT_ACCEPTED})
"""What the unit does not see: nothing has been taken up yet."""
AFTER_FINDING = frozenset({S.FOUND, S.RECTIFIED, S.WRITTEN_OFF, S.REFERRED})
OPEN = frozenset({S.APPLIED, S.INVESTIGATING, S.FOUND, S.RECTIFIED})


def _row(action: str, sources: set[S] | frozenset[S], targets: set[S], roles: frozenset[str]) -> Transition[S]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=roles)


INQUIRIES: Machine[S] = Machine(
    name="inquiry",
    initial=S.APPLIED,
    transitions=(
        _row("take_on", {S.APPLIED}, {S.INVESTIGATING}, OFFICE),
        _row("turn_away", {S.APPLIED}, {S.NOT_ACCEPTED}, OFFICE),
        _row("split", {S.INVESTIGATING}, set(), OFFICE),
        _row("strike", {S.INVESTIGATING}, set(), OFFICE),
        _row("state_side", {S.INVESTIGATING}, set(), UNIT),
        _row("find", {S.INVESTIGATING}, {S.FOUND, S.CLEARED}, OFFICE),
        _row("rectify", {S.FOUND}, {S.RECTIFIED}, UNIT),
        _row("return_report", {S.RECTIFIED}, {S.FOUND}, CENTRE | OFFICE),
        _row("visit", {S.RECTIFIED}, {S.RECTIFIED, S.FOUND}, CENTRE | OFFICE),
        _row("write_off", {S.RECTIFIED}, {S.WRITTEN_OFF}, OFFICE),
        _row("refer", {S.FOUND, S.RECTIFIED}, {S.REFERRED}, OFFICE),
        _row("relieve", AFTER_FINDING - {S.REFERRED}, set(), OFFICE | UNIT),
    ),
    owners={
        S.APPLIED: "discipline",
        S.NOT_ACCEPTED: None,
        S.INVESTIGATING: "discipline",
        S.FOUND: "liaison",
        S.RECTIFIED: "coordinator",
        S.CLEARED: None,
        S.WRITTEN_OFF: None,
        S.REFERRED: None,
    },
)
SIGNS: Machine[G] = Machine(
    name="early_sign",
    initial=G.OPEN,
    transitions=(
        Transition(action="explain", sources=frozenset({G.OPEN}), roles=UNIT),
        Transition(
            action="dismiss", sources=frozenset({G.OPEN}), targets=frozenset({G.DISMISSED}), roles=CENTRE | OFFICE
        ),
        Transition(
            action="take_further",
            sources=frozenset({G.OPEN}),
            targets=frozenset({G.TAKEN_FURTHER}),
            roles=frozenset({SYSTEM}),
        ),
    ),
    owners={G.OPEN: "coordinator", G.DISMISSED: None, G.TAKEN_FURTHER: None},
)
RELIEFS: Machine[F] = Machine(
    name="relief",
    initial=F.PROPOSED,
    transitions=(
        Transition(action="grant", sources=frozenset({F.PROPOSED}), targets=frozenset({F.GRANTED}), roles=DECIDERS),
        Transition(action="refuse", sources=frozenset({F.PROPOSED}), targets=frozenset({F.REFUSED}), roles=DECIDERS),
    ),
    owners={F.PROPOSED: "discipline", F.GRANTED: None, F.REFUSED: None},
)
CHECKS: Machine[C] = Machine(
    name="self_check",
    initial=C.OPEN,
    transitions=(
        Transition(action="check_self", sources=frozenset({C.OPEN}), roles=BODY),
        Transition(action="close_round", sources=frozenset({C.OPEN}), targets=frozenset({C.CLOSED}), roles=CENTRE),
    ),
    owners={C.OPEN: "coordinator", C.CLOSED: None},
)
POINTS: Machine[P] = Machine(
    name="observation_point",
    initial=P.ACTIVE,
    transitions=(
        Transition(action="appoint", sources=frozenset({P.ACTIVE}), roles=CENTRE),
        Transition(action="release", sources=frozenset({P.ACTIVE}), roles=CENTRE),
        Transition(action="close_point", sources=frozenset({P.ACTIVE}), targets=frozenset({P.CLOSED}), roles=CENTRE),
    ),
    owners={P.ACTIVE: "coordinator", P.CLOSED: None},
)
