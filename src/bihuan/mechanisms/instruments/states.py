"""The instruments of oversight (DOMAIN §4): one table, and for each of its rows a state machine of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bihuan.foundation.kernel.states import Machine, Transition

ISSUER, APPROVER, ADDRESSEE, REVIEWER, SYSTEM = "issuer", "approver", "addressee", "reviewer", "system"
STEPS: Mapping[str, tuple[str, str]] = {
    "review": ("reviewed", APPROVER),
    "approve": ("approved", APPROVER),
    "verify": ("verified", ISSUER),
    "consent": ("consented", ADDRESSEE),
    "issue": ("issued", ISSUER),
    "receive": ("received", ADDRESSEE),
    "hold": ("held", ISSUER),
    "reply": ("replied", ADDRESSEE),
    "assess": ("assessed", ISSUER),
    "close": ("closed", ISSUER),
}
"""Step → the state it leads to, and who takes it. The last step of a course leads to `closed`."""
_CENTRE, _OFFICE, _INSPECTION = ("coordinator", "catch_all"), ("supervision_office",), ("discipline",)
_LINE = frozenset({"coordinator", "catch_all", "supervision_office", "leader", "discipline"})
_INSIDE = frozenset({"discipline", "leader"})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One row of the table.

    course     the steps after the draft, in order
    issuers    roles that may draft and issue; approvers: roles that review and approve it, never the drafter
    readers    roles of the place, and of places above, that may read it
    objection  whether law lets the department object, once, and have it reviewed (督查条例 16)
    look_back  whether it is looked at again after its write-off
    public     whether it is published when issued: everybody inside reads it then
    parts      the paragraphs that it must have, in order (纪检监察建议: source, problems, causes, suggestions)
    """

    name: str
    course: tuple[str, ...]
    issuers: tuple[str, ...]
    approvers: tuple[str, ...]
    readers: frozenset[str] = _LINE
    objection: bool = False
    look_back: bool = False
    public: bool = False
    parts: tuple[str, ...] = ("text",)

    @property
    def answered(self) -> bool:
        """Tell whether the department has to reply."""
        return "reply" in self.course


_ANSWERED = ("issue", "receive", "reply", "assess", "close")
_ARGUED = ("source", "problems", "causes", "suggestions")
KINDS: Mapping[str, Kind] = {
    one.name: one
    for one in (
        Kind(name="reminder", course=("issue", "receive"), issuers=_CENTRE + _OFFICE, approvers=()),
        Kind(name="warning", course=("issue", "receive", "close"), issuers=_CENTRE + _OFFICE, approvers=()),
        Kind(
            name="supervision_order",
            course=("approve", *_ANSWERED),
            issuers=_OFFICE,
            approvers=("leader",),
            objection=True,
            look_back=True,
        ),
        Kind(
            name="advisory_letter",
            course=("approve", "issue", "receive", "reply", "close"),
            issuers=(*_OFFICE, *_INSPECTION, "justice_supervisor"),
            approvers=("leader", "discipline"),
        ),
        Kind(
            name="oversight_recommendation",
            course=("approve", *_ANSWERED),
            issuers=_INSPECTION,
            approvers=_INSPECTION,
            readers=_INSIDE,
            look_back=True,
            parts=_ARGUED,
        ),
        Kind(
            name="discipline_recommendation",
            course=("review", "approve", *_ANSWERED),
            issuers=_INSPECTION,
            approvers=_INSPECTION,
            readers=_INSIDE,
            look_back=True,
            parts=_ARGUED,
        ),
        Kind(
            name="supervisory_recommendation",
            course=("review", "approve", *_ANSWERED),
            issuers=_INSPECTION,
            approvers=_INSPECTION,
            readers=_INSIDE,
            look_back=True,
            parts=_ARGUED,
        ),
        Kind(
            name="interview",
            course=("approve", "issue", "receive", "hold", "reply", "close"),
            issuers=_OFFICE + _INSPECTION,
            approvers=("leader",),
            readers=_INSIDE | set(_OFFICE),
            look_back=True,
        ),
        Kind(
            name="circular",
            course=("review", "approve", "issue", "receive", "close"),
            issuers=_OFFICE,
            approvers=("leader",),
            public=True,
        ),
        Kind(
            name="tolerance",
            course=("verify", "approve", "issue", "receive", "close"),
            issuers=_INSPECTION,
            approvers=("leader", "discipline"),
            readers=_INSIDE,
        ),
        Kind(
            name="clarification",
            course=("verify", "consent", "approve", "issue", "receive", "close"),
            issuers=_INSPECTION,
            approvers=("leader", "discipline"),
            readers=_INSIDE,
        ),
    )
}
FINAL = ("closed", "taken_back")
STATES = ("drafted", *dict.fromkeys(state for state, _who in STEPS.values()), "taken_back")
ISSUERS = tuple(dict.fromkeys(role for kind in KINDS.values() for role in kind.issuers))


def before_issue(kind: Kind) -> tuple[str, ...]:
    """Return the states of a kind in which it has not left the office yet."""
    return ("drafted", *(STEPS[step][0] for step in kind.course[: kind.course.index("issue")]))


def target_of(kind: Kind, step: str) -> str:
    """Return the state to which a step of a kind leads."""
    return "closed" if step == kind.course[-1] else STEPS[step][0]


def next_step(kind: Kind, state: str) -> str | None:
    """Return the step expected in a state, or None at the end."""
    if state == "drafted":
        return kind.course[0]
    place = next((nth for nth, step in enumerate(kind.course) if target_of(kind, step) == state), None)
    return kind.course[place + 1] if place is not None and place + 1 < len(kind.course) else None


def machine(kind: Kind) -> Machine[Any]:
    """Build the state machine of a kind from its row."""
    names = ("drafted", *(target_of(kind, step) for step in kind.course), "taken_back")
    make: Any = StrEnum
    states = make(f"{kind.name.title().replace('_', '')}State", {name.upper(): name for name in names})
    s = {name: states(name) for name in names}

    def row(action: str, sources: tuple[str, ...], target: str | None, who: str) -> Transition[Any]:
        targets = frozenset({s[target]}) if target else frozenset()
        return Transition(
            action=action, sources=frozenset(s[one] for one in sources), targets=targets, roles=frozenset({who})
        )

    rows = [
        row(step, (name,), target_of(kind, step), STEPS[step][1])
        for name in names
        if (step := next_step(kind, name)) is not None
    ]
    after = tuple(name for name in names if name not in (*before_issue(kind), *FINAL))
    open_ = tuple(name for name in names if name not in FINAL)
    if kind.answered:
        rows.append(row("return_reply", ("replied",), _before_reply(kind), ISSUER))
        rows.append(row("remind", (_before_reply(kind),), None, ISSUER))
    if kind.objection:
        rows += [row("object", after, None, ADDRESSEE), row("decide_objection", after, None, REVIEWER)]
        rows.append(row("uphold", after, "taken_back", SYSTEM))
    if kind.look_back:
        rows += [row("look_back", ("closed",), None, ISSUER), row("relapse", ("closed",), "received", ISSUER)]
    rows.append(
        row("take_back", tuple(one for one in open_ if one not in ("replied", "assessed")), "taken_back", ISSUER)
    )
    owners = {s[name]: _owner(kind, name) for name in names}
    return Machine(name=kind.name, initial=s["drafted"], transitions=tuple(rows), owners=owners)


def _before_reply(kind: Kind) -> str:
    return target_of(kind, kind.course[kind.course.index("reply") - 1])


def _owner(kind: Kind, state: str) -> str | None:
    step = next_step(kind, state)
    if step is None or state in FINAL:
        return None
    who = STEPS[step][1]
    return {ISSUER: kind.issuers[0], APPROVER: (kind.approvers or kind.issuers)[0], ADDRESSEE: "liaison"}[who]


REMINDER = machine(KINDS["reminder"])
WARNING = machine(KINDS["warning"])
SUPERVISION_ORDER = machine(KINDS["supervision_order"])
ADVISORY_LETTER = machine(KINDS["advisory_letter"])
OVERSIGHT_RECOMMENDATION = machine(KINDS["oversight_recommendation"])
DISCIPLINE_RECOMMENDATION = machine(KINDS["discipline_recommendation"])
SUPERVISORY_RECOMMENDATION = machine(KINDS["supervisory_recommendation"])
INTERVIEW = machine(KINDS["interview"])
CIRCULAR = machine(KINDS["circular"])
TOLERANCE = machine(KINDS["tolerance"])
CLARIFICATION = machine(KINDS["clarification"])
MACHINES: Mapping[str, Machine[Any]] = {
    one.name: one
    for one in (
        REMINDER,
        WARNING,
        SUPERVISION_ORDER,
        ADVISORY_LETTER,
        OVERSIGHT_RECOMMENDATION,
        DISCIPLINE_RECOMMENDATION,
        SUPERVISORY_RECOMMENDATION,
        INTERVIEW,
        CIRCULAR,
        TOLERANCE,
        CLARIFICATION,
    )
}
"""Kind → its machine."""
