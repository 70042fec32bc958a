"""States of a printed code, of what a bad rating sets going, of a visit, of a campaign and of a matter of its chart."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class CodeState(StrEnum):
    """Whether a printed code leads anywhere."""

    ACTIVE = "active"
    CLOSED = "closed"
    REVOKED = "revoked"


class FollowState(StrEnum):
    """Where the answer to a bad rating stands."""

    OPENED = "opened"
    SENT = "sent"
    ANSWERED = "answered"
    DONE = "done"
    SET_ASIDE = "set_aside"


class VisitState(StrEnum):
    """Where a registered visit stands."""

    PLANNED = "planned"
    DONE = "done"
    CALLED_OFF = "called_off"


class CampaignState(StrEnum):
    """Where a campaign stands."""

    RUNNING = "running"
    ENDED = "ended"
    CALLED_OFF = "called_off"


class MatterState(StrEnum):
    """Where a matter on a campaign's wall chart stands."""

    OPEN = "open"
    REPORTED = "reported"
    DONE = "done"
    DROPPED = "dropped"


C = CodeState
F = FollowState
V = VisitState
SYSTEM = "system"
SUPERVISORS = frozenset({"supervision_office", "discipline"})
"""Who reads ratings and answers bad ones (海北: 州纪委监委)."""
ISSUERS = SUPERVISORS | {"coordinator"}
"""Who puts up codes and hands out cards."""
UNIT = frozenset({"unit"})
"""The liaison or head of the department that was rated; never told who rated."""


def _code(action: str, sources: set[C], target: C | None, roles: frozenset[str] = ISSUERS) -> Transition[C]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


CODES: Machine[C] = Machine(
    name="outreach_code",
    initial=C.ACTIVE,
    transitions=(
        _code("hand_out", {C.ACTIVE}, None),
        _code("close_code", {C.ACTIVE}, C.CLOSED),
        _code("open_again", {C.CLOSED}, C.ACTIVE),
        _code("revoke", {C.ACTIVE, C.CLOSED}, C.REVOKED),
    ),
    owners={C.ACTIVE: "supervision_office", C.CLOSED: "supervision_office", C.REVOKED: None},
)


def _follow(action: str, source: F, target: F, roles: frozenset[str] = SUPERVISORS) -> Transition[F]:
    return Transition(action=action, sources=frozenset({source}), targets=frozenset({target}), roles=roles)


FOLLOW_UPS: Machine[F] = Machine(
    name="outreach_follow_up",
    initial=F.OPENED,
    transitions=(
        _follow("send_letter", F.OPENED, F.SENT),
        _follow("call", F.OPENED, F.DONE),
        _follow("set_aside", F.OPENED, F.SET_ASIDE),
        _follow("answer_letter", F.SENT, F.ANSWERED, UNIT),
        _follow("send_back", F.ANSWERED, F.SENT),
        _follow("write_off", F.ANSWERED, F.DONE),
    ),
    owners={
        F.OPENED: "supervision_office",
        F.SENT: "liaison",
        F.ANSWERED: "supervision_office",
        F.DONE: None,
        F.SET_ASIDE: None,
    },
)
OPEN_FOLLOW_UPS = frozenset({F.OPENED, F.SENT, F.ANSWERED})

PLANNERS = SUPERVISORS | {"leader", "coordinator"}
"""Who sets up teams and makes plans."""
VISITORS = frozenset({"visitor"})
"""Whoever goes, or registered the visit."""


def _visit(action: str, sources: set[V], target: V | None, roles: frozenset[str]) -> Transition[V]:
    targets = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset(sources), targets=targets, roles=roles)


VISITS: Machine[V] = Machine(
    name="outreach_visit",
    initial=V.PLANNED,
    transitions=(
        _visit("report", {V.PLANNED, V.DONE}, V.DONE, VISITORS),
        _visit("call_off", {V.PLANNED}, V.CALLED_OFF, VISITORS | PLANNERS),
        _visit("rate_visit", {V.PLANNED, V.DONE}, None, frozenset({"visited"})),
    ),
    owners={V.PLANNED: "liaison", V.DONE: None, V.CALLED_OFF: None},
)


CAMPAIGNS: Machine[CampaignState] = Machine(
    name="outreach_campaign",
    initial=CampaignState.RUNNING,
    transitions=(
        Transition(
            action="end_campaign",
            sources=frozenset({CampaignState.RUNNING}),
            targets=frozenset({CampaignState.ENDED}),
            roles=PLANNERS | {SYSTEM},
        ),
        Transition(
            action="call_off_campaign",
            sources=frozenset({CampaignState.RUNNING}),
            targets=frozenset({CampaignState.CALLED_OFF}),
            roles=PLANNERS,
        ),
    ),
    owners={CampaignState.RUNNING: "supervision_office", CampaignState.ENDED: None, CampaignState.CALLED_OFF: None},
)


def _matter(
    action: str, source: MatterState, target: MatterState | None, roles: frozenset[str]
) -> Transition[MatterState]:
    targets: frozenset[MatterState] = frozenset() if target is None else frozenset({target})
    return Transition(action=action, sources=frozenset({source}), targets=targets, roles=roles)


CAMPAIGN_MATTERS: Machine[MatterState] = Machine(
    name="outreach_campaign_matter",
    initial=MatterState.OPEN,
    transitions=(
        _matter("tell_progress", MatterState.OPEN, None, UNIT),
        _matter("tell_done", MatterState.OPEN, MatterState.REPORTED, UNIT),
        _matter("write_off_matter", MatterState.REPORTED, MatterState.DONE, PLANNERS),
        _matter("not_done", MatterState.REPORTED, MatterState.OPEN, PLANNERS),
        _matter("take_down", MatterState.OPEN, MatterState.DROPPED, PLANNERS),
    ),
    owners={
        MatterState.OPEN: "liaison",
        MatterState.REPORTED: "supervision_office",
        MatterState.DONE: None,
        MatterState.DROPPED: None,
    },
)
