"""Meetings, what they deal with, and what they decide: three small machines."""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class MeetingState(StrEnum):
    """Where a meeting (联席会议, 协商, 恳谈) stands."""

    CALLED = "called"
    HELD = "held"
    MINUTED = "minuted"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """Where a matter stands on its way through a meeting."""

    CANDIDATE = "candidate"
    SCREENED = "screened"
    TURNED_DOWN = "turned_down"
    ON_AGENDA = "on_agenda"
    SETTLED = "settled"
    LAPSED = "lapsed"


class DecisionState(StrEnum):
    """Where a decision stands until it is written off (销号)."""

    ASSIGNED = "assigned"
    REPORTED = "reported"
    WRITTEN_OFF = "written_off"


M = MeetingState
T = ItemState
D = DecisionState
SYSTEM = "system"
OWNER = "owner"
"""Whoever a decision is assigned to: its person, or liaison and head of its department."""
CENTRE = frozenset({"coordinator", "catch_all"})
LEADERS = CENTRE | {"leader"}
WATCH = LEADERS | {"supervision_office"}
OPEN_ITEMS = frozenset({T.CANDIDATE, T.SCREENED, T.ON_AGENDA})
OPEN_DECISIONS = frozenset({D.ASSIGNED, D.REPORTED})

MEETINGS: Machine[M] = Machine(
    name="meeting",
    initial=M.CALLED,
    transitions=tuple(
        Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=roles)
        for action, sources, targets, roles in (
            ("invite", {M.CALLED}, set(), CENTRE),
            ("brief", {M.CALLED}, set(), CENTRE),
            ("postpone", {M.CALLED}, set(), CENTRE),
            ("hold", {M.CALLED}, {M.HELD}, LEADERS),
            ("collect", {M.HELD}, set(), CENTRE),
            ("publish_answer", {M.HELD, M.MINUTED}, set(), CENTRE),
            ("propose_institution", {M.HELD, M.MINUTED}, set(), LEADERS),
            ("minute", {M.HELD}, {M.MINUTED}, CENTRE),
            ("cancel", {M.CALLED}, {M.CANCELLED}, LEADERS),
        )
    ),
    owners={M.CALLED: "coordinator", M.HELD: "coordinator", M.MINUTED: None, M.CANCELLED: None},
)

ITEMS: Machine[T] = Machine(
    name="agenda_item",
    initial=T.CANDIDATE,
    transitions=tuple(
        Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=frozenset(roles))
        for action, sources, targets, roles in (
            ("prepare", OPEN_ITEMS, set(), CENTRE),
            ("screen", {T.CANDIDATE}, {T.SCREENED}, LEADERS),
            ("turn_down", {T.CANDIDATE, T.SCREENED}, {T.TURNED_DOWN}, LEADERS),
            ("put_on", {T.SCREENED}, {T.ON_AGENDA}, CENTRE),
            ("take_off", {T.ON_AGENDA}, {T.SCREENED}, CENTRE),
            ("decide", {T.ON_AGENDA, T.SETTLED}, {T.SETTLED}, LEADERS),
            ("review", {T.ON_AGENDA}, {T.SETTLED}, LEADERS),
            ("put_off", {T.ON_AGENDA}, {T.SCREENED}, LEADERS),
            ("lapse", OPEN_ITEMS, {T.LAPSED}, {SYSTEM}),
        )
    ),
    owners={
        T.CANDIDATE: "coordinator",
        T.SCREENED: "coordinator",
        T.ON_AGENDA: "leader",
        T.TURNED_DOWN: None,
        T.SETTLED: None,
        T.LAPSED: None,
    },
)

DECISIONS: Machine[D] = Machine(
    name="decision",
    initial=D.ASSIGNED,
    transitions=tuple(
        Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=frozenset(roles))
        for action, sources, targets, roles in (
            ("report", {D.ASSIGNED}, {D.REPORTED}, {OWNER}),
            ("send_back", {D.REPORTED}, {D.ASSIGNED}, WATCH),
            ("write_off", {D.REPORTED}, {D.WRITTEN_OFF}, WATCH),
            ("give_time", {D.ASSIGNED}, set(), {"leader"}),
            ("hand_over", {D.ASSIGNED}, set(), LEADERS),
        )
    ),
    owners={D.ASSIGNED: "department_head", D.REPORTED: "supervision_office", D.WRITTEN_OFF: None},
)
