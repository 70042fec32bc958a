"""What each action must be told. The same shapes serve REST and pages (INTERFACES "Bodies of the core actions")."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bihuan.foundation.kernel.text import clean_line, clean_text

Line = Annotated[str, Field(max_length=400), AfterValidator(clean_line), Field(min_length=1)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(clean_text), Field(min_length=1)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Level = Annotated[int, Field(ge=1, le=5, description="1 very dissatisfied … 5 very satisfied (国办发〔2019〕51号)")]
Tier = Literal["ordinary", "complex", "hard"]
Kind = Literal["resolved", "explained", "alternative", "tracked"]
DeclineReason = Literal["not_in_scope", "other_channel", "no_legal_basis", "policy_changed", "insufficient"]


class Body(BaseModel):
    """Base of all bodies: unknown members are refused, every body may carry a note."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, Field(max_length=2_000), AfterValidator(clean_text)] = ""


class Nothing(Body):
    """An action that needs no words."""


class Accept(Body):
    """受理: which tier and board take it."""

    tier: Tier
    board: Code
    category: Code | None = None
    urgent: bool = False


class Decline(Body):
    """不予受理: a reason from the list, the legal basis, and where to go instead."""

    reason: DeclineReason
    basis: Text
    channel: Line | None = None


class RequestSupplement(Body):
    """补正: what is missing, said once and completely (行政许可法 32)."""

    what: Text


class Supplement(Body):
    """What the raiser adds."""

    text: Text


class Dispatch(Body):
    """派单: one lead department, any number of co-departments, by their codes."""

    lead: Code
    co: list[Code] = Field(default_factory=list, max_length=20)


class Objection(Body):
    """异议: why this is not ours, and on what basis."""

    reason: Text
    basis: Text


class RuleObjection(Body):
    """裁定: upheld → another lead; not upheld → the department is bound."""

    upheld: bool
    lead: Code | None = None

    @model_validator(mode="after")
    def _needs_lead(self) -> "RuleObjection":
        if self.upheld and not self.lead:
            raise ValueError("an upheld objection needs the new lead department")
        return self


class Measure(BaseModel):
    """One step of a plan: what, which unit, by when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: Line
    unit: Line
    due: dt.date | AwareDatetime


class SubmitPlan(Body):
    """方案: measures with units and node deadlines."""

    measures: list[Measure] = Field(min_length=1, max_length=50)


class RatePlan(Body):
    """方案评价."""

    level: Level
    reasons: list[Line] = Field(default_factory=list, max_length=20)


class ReportProgress(Body):
    """进展."""

    text: Text
    visible_to_enterprise: bool = True


class AskEnterprise(Body):
    """A question to the raiser; the clock stops until the answer comes."""

    question: Text


class Answer(Body):
    """The raiser's answer."""

    text: Text


class Suspend(Body):
    """挂账: why, with which evidence, until when (instant with offset, or a date)."""

    reason: Text
    evidence: Text | None = None
    until: AwareDatetime | dt.date


class DecideSuspension(Body):
    """The level above grants a suspension, confirms it at a review, or ends it."""

    granted: bool


class RequestExtension(Body):
    """延期: why and by how many working days."""

    reason: Text
    days: Annotated[int, Field(ge=1, le=60)]
    evidence: Text | None = None


class DecideExtension(Body):
    """Grant or refuse the extension asked for."""

    granted: bool


class CoReply(Body):
    """A co-department's answer."""

    text: Text


class Reply(Body):
    """答复: what was done, and what it comes to."""

    text: Text
    kind: Kind


class Reason(Body):
    """An action that needs one reason."""

    reason: Text


class Callback(BaseModel):
    """回访: reached or not, and the enterprise's word on the telephone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reached: bool
    solved: bool | None = None
    level: Level | None = None


class VerifyClose(Body):
    """办结: the centre has read the reply, and called back where it could."""

    callback: Callback | None = None


class Rate(Body):
    """一事一评: process and result, the plan where there was one."""

    plan: Level | None = None
    process: Level
    result: Level
    reasons: list[Line] = Field(default_factory=list, max_length=20)


class Merge(Body):
    """并案: the number of the case that survives."""

    into: Annotated[str, Field(min_length=1, max_length=64)]


class Remind(Body):
    """催办: a word to go with the reminder, if any."""

    text: Annotated[str, Field(max_length=2_000), AfterValidator(clean_text)] = ""


class Urge(Remind):
    """催一下: the raiser asks for movement, with a word if they like."""


class MoveTier(Body):
    """改层级: to which tier, and why the one it is in does not do."""

    tier: Tier
    reason: Text


class Escalate(Body):
    """提级: to a role (`catch_all`, `leader`, …), to the `conference`, or to a region above by its code."""

    to: Code
    reason: Text


BODIES: dict[str, type[Body]] = {
    "accept": Accept,
    "decline": Decline,
    "request_supplement": RequestSupplement,
    "supplement": Supplement,
    "merge": Merge,
    "dispatch": Dispatch,
    "sign": Nothing,
    "object": Objection,
    "rule_objection": RuleObjection,
    "submit_plan": SubmitPlan,
    "rate_plan": RatePlan,
    "report_progress": ReportProgress,
    "ask_enterprise": AskEnterprise,
    "answer": Answer,
    "suspend": Suspend,
    "decide_suspension": DecideSuspension,
    "resume": Nothing,
    "request_extension": RequestExtension,
    "decide_extension": DecideExtension,
    "co_reply": CoReply,
    "reply": Reply,
    "verify_start": Nothing,
    "verify_return": Reason,
    "verify_close": VerifyClose,
    "confirm": Nothing,
    "deny": Reason,
    "rate": Rate,
    "no_response": Nothing,
    "reopen": Reason,
    "overturn": Reason,
    "withdraw": Nothing,
    "escalate": Escalate,
    "move_tier": MoveTier,
    "come_down": Reason,
    "remind": Remind,
    "urge": Urge,
    "archive": Nothing,
}


def plain(body: Body) -> dict[str, Any]:
    """Return the body as plain JSON values (instants as ISO 8601 texts), without empty members: what a fact keeps."""
    return {key: value for key, value in body.model_dump(mode="json").items() if value not in (None, "", [])}
