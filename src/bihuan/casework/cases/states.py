"""THE lifecycle of a case, in one table. No mechanism adds a case state; each has a small machine of its own.

Source: ARCHITECTURE "The loop's states"; 受理 → 研判 → 交办 → 办理 → 反馈 → 评价 → 复盘 → 归档 (all articles).
"""

from enum import StrEnum

from bihuan.foundation.kernel.states import Machine, Transition


class CaseState(StrEnum):
    """Where a case stands in the loop."""

    SUBMITTED = "submitted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    DECLINED = "declined"
    MERGED = "merged"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    OBJECTED = "objected"
    SIGNED = "signed"
    HANDLING = "handling"
    AWAITING_ENTERPRISE = "awaiting_enterprise"
    SUSPENDED = "suspended"
    REPLIED = "replied"
    VERIFYING = "verifying"
    CLOSED = "closed"
    REOPENED = "reopened"
    ARCHIVED = "archived"


class ClosedKind(StrEnum):
    """What a closed case came to; only `resolved` may ever count as achieved (办成)."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    ALTERNATIVE = "alternative"
    TRACKED = "tracked"
    WITHDRAWN = "withdrawn"


class Word(StrEnum):
    """What the enterprise said about the result. Silence is silence (国办发〔2019〕51号: never default praise)."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    NO_RESPONSE = "no_response"


S = CaseState
RAISER = "raiser"
SYSTEM = "system"
CENTRE = frozenset({"coordinator", "catch_all"})
FRONT = CENTRE | {"seat"}
LEAD = frozenset({"lead:liaison", "lead:department_head"})
CO = frozenset({"co:liaison", "co:department_head"})
ABOVE = CENTRE | {"board_head", "leader"}

OPEN = frozenset(S) - {S.DECLINED, S.MERGED, S.CLOSED, S.ARCHIVED}
PAUSED = frozenset({S.SUSPENDED, S.AWAITING_ENTERPRISE, S.SUPPLEMENT_REQUESTED})
"""States in which the clock stands, for the enterprise or for something outside."""
AT_DEPARTMENT = frozenset({S.SIGNED, S.HANDLING, S.AWAITING_ENTERPRISE})
BEFORE_REPLY = frozenset({S.ACCEPTED, S.DISPATCHED, S.OBJECTED, S.SUSPENDED}) | AT_DEPARTMENT
"""Where the clock of handling is not stopped yet."""
TIERS = ("ordinary", "complex", "hard")
"""一般、复杂、疑难, from the lowest up (湖州: 板块办、协商办、会议办)."""
REFUSED = frozenset({S.DECLINED, S.REPLIED, S.VERIFYING, S.CLOSED})
"""Where a matter can stand after somebody said no to it."""
ANSWERED = frozenset({S.REPLIED, S.VERIFYING, S.CLOSED})


def _row(
    action: str, sources: set[S] | frozenset[S], targets: set[S] | frozenset[S], roles: set[str] | frozenset[str]
) -> Transition[S]:
    return Transition(action=action, sources=frozenset(sources), targets=frozenset(targets), roles=frozenset(roles))


MACHINE: Machine[S] = Machine(
    name="case",
    initial=S.SUBMITTED,
    transitions=(
        _row("request_supplement", {S.SUBMITTED}, {S.SUPPLEMENT_REQUESTED}, FRONT),
        _row("supplement", {S.SUPPLEMENT_REQUESTED}, {S.SUBMITTED}, {RAISER, "seat"}),
        _row("accept", {S.SUBMITTED}, {S.ACCEPTED}, FRONT),
        _row("decline", {S.SUBMITTED}, {S.DECLINED}, FRONT),
        _row("merge", {S.SUBMITTED, S.ACCEPTED, S.DISPATCHED}, {S.MERGED}, CENTRE | {"seat"}),
        _row("dispatch", {S.ACCEPTED, S.REOPENED}, {S.DISPATCHED}, CENTRE | {"board_head"}),
        _row("sign", {S.DISPATCHED}, {S.SIGNED}, LEAD),
        _row("object", {S.DISPATCHED}, {S.OBJECTED}, LEAD),
        _row("rule_objection", {S.OBJECTED}, {S.DISPATCHED, S.SIGNED}, CENTRE),
        _row("submit_plan", AT_DEPARTMENT, {S.HANDLING}, LEAD),
        _row("rate_plan", OPEN | {S.CLOSED}, set(), {RAISER}),
        _row("report_progress", AT_DEPARTMENT | {S.SUSPENDED}, {S.HANDLING}, LEAD | CO),
        _row("ask_enterprise", {S.SIGNED, S.HANDLING}, {S.AWAITING_ENTERPRISE}, LEAD),
        _row("answer", {S.AWAITING_ENTERPRISE}, {S.HANDLING}, {RAISER, "seat"}),
        _row("suspend", AT_DEPARTMENT, {S.SUSPENDED}, LEAD | ABOVE),
        _row("decide_suspension", {S.SUSPENDED}, {S.HANDLING}, ABOVE | {"supervision_office"}),
        _row("resume", {S.SUSPENDED}, {S.HANDLING}, LEAD | ABOVE | {SYSTEM}),
        _row("request_extension", AT_DEPARTMENT, set(), LEAD),
        _row("decide_extension", OPEN, set(), ABOVE | {"supervision_office"}),
        _row("co_reply", AT_DEPARTMENT | {S.SUSPENDED, S.REPLIED}, set(), CO),
        _row("reply", {S.SIGNED, S.HANDLING, S.AWAITING_ENTERPRISE}, {S.REPLIED}, LEAD),
        _row("verify_start", {S.REPLIED}, {S.VERIFYING}, CENTRE),
        _row("verify_return", {S.REPLIED, S.VERIFYING}, {S.HANDLING}, CENTRE | {"supervision_office"}),
        _row("verify_close", {S.REPLIED, S.VERIFYING}, {S.CLOSED}, CENTRE | {"supervision_office"}),
        _row("confirm", ANSWERED, set(), {RAISER}),
        _row("deny", ANSWERED, set(), {RAISER}),
        _row("rate", ANSWERED | {S.ARCHIVED}, set(), {RAISER}),
        _row("no_response", {S.CLOSED}, set(), {SYSTEM}),
        _row("reopen", {S.CLOSED}, {S.REOPENED}, {RAISER, "supervision_office"} | CENTRE),
        _row("overturn", REFUSED, {S.SUBMITTED, S.HANDLING, S.REOPENED}, {SYSTEM}),
        _row("withdraw", OPEN, {S.CLOSED}, {RAISER}),
        _row("escalate", OPEN, set(), ABOVE | {"lead:department_head", "supervision_office"}),
        _row("move_tier", OPEN - {S.SUBMITTED, S.SUPPLEMENT_REQUESTED}, set(), ABOVE),
        _row("come_down", OPEN, set(), ABOVE | {SYSTEM}),
        _row("remind", AT_DEPARTMENT | {S.DISPATCHED, S.SUSPENDED}, set(), ABOVE | {"supervision_office"}),
        _row("urge", OPEN - {S.SUPPLEMENT_REQUESTED, S.AWAITING_ENTERPRISE}, set(), {RAISER}),
        _row("archive", {S.CLOSED, S.DECLINED}, {S.ARCHIVED}, CENTRE),
    ),
    owners={
        S.SUBMITTED: "seat",
        S.SUPPLEMENT_REQUESTED: "enterprise",
        S.DECLINED: "coordinator",
        S.MERGED: None,
        S.ACCEPTED: "coordinator",
        S.DISPATCHED: "liaison",
        S.OBJECTED: "coordinator",
        S.SIGNED: "liaison",
        S.HANDLING: "liaison",
        S.AWAITING_ENTERPRISE: "enterprise",
        S.SUSPENDED: "department_head",
        S.REPLIED: "coordinator",
        S.VERIFYING: "coordinator",
        S.CLOSED: "coordinator",
        S.REOPENED: "coordinator",
        S.ARCHIVED: None,
    },
)
