"""What happens to a case: one event and one ledger fact for every action, with its wording."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.foundation.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class Parties:
    """Whom a case concerns, as ids, and by which words they know it."""

    title: str
    channel: str
    enterprise_id: uuid.UUID | None
    raised_by: uuid.UUID | None
    lead_department_id: uuid.UUID | None
    co_department_ids: tuple[uuid.UUID, ...]
    board: str
    tier: str


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Base: which case, who did it, from where to where, and the plain words of the action in `data`."""

    case_id: uuid.UUID
    number: str
    region: str
    actor_id: uuid.UUID | None
    at: dt.datetime
    from_state: str
    to_state: str
    data: dict[str, Any]
    parties: Parties


@dataclass(frozen=True, kw_only=True)
class ConsequenceFollowed(Event):
    """A consequence that the rulebook names for a light of a case followed, in the transaction of the light's fact.

    consequence: `supervision_order`, `conference`, `list` …; cause: the clock, or the enterprise's word that lit it.
    light_name: the light in both languages, `{"zh": "预警", "en": "At risk"}`.
    fire_at is when it should have happened, `at` when it did.
    """

    case_id: uuid.UUID
    number: str
    region: str
    title: str
    consequence: str
    light: str
    light_name: Mapping[str, str]
    cause: str
    due_at: dt.datetime
    lead_department_id: uuid.UUID | None
    rulebook_version: uuid.UUID
    fire_at: dt.datetime
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class InstitutionProposed(Event):
    """A meeting proposed a lasting rule (长效机制) that came from these cases (J7): for whoever keeps the register."""

    proposal_id: uuid.UUID
    region: str
    title: str
    text: str
    case_ids: tuple[uuid.UUID, ...]
    proposed_at_meeting: str
    actor_id: uuid.UUID | None
    at: dt.datetime


class CaseRaised(CaseEvent):
    """A matter entered the register."""


class SupplementRequested(CaseEvent):
    """The front desk asked what is missing."""


class CaseSupplemented(CaseEvent):
    """The raiser added what was missing."""


class CaseAccepted(CaseEvent):
    """The matter was accepted; its deadline runs."""


class CaseDeclined(CaseEvent):
    """The matter was declined: a refusal (N1)."""


class CaseMerged(CaseEvent):
    """The matter was merged into another; its raiser follows the survivor."""


class CaseDispatched(CaseEvent):
    """A lead department was named."""


class CaseSigned(CaseEvent):
    """The lead department took the matter."""


class CaseObjected(CaseEvent):
    """The lead department says it is not theirs."""


class ObjectionRuled(CaseEvent):
    """The centre ruled on the objection."""


class PlanSubmitted(CaseEvent):
    """A version of the solution plan was submitted."""


class PlanRated(CaseEvent):
    """The enterprise rated the plan."""


class ProgressReported(CaseEvent):
    """The department told how far it is."""


class EnterpriseAsked(CaseEvent):
    """The department asked the raiser; the clock stands."""


class QuestionAnswered(CaseEvent):
    """The raiser answered; the clock runs on."""


class CaseSuspended(CaseEvent):
    """Handling was suspended; the clock stands."""


class SuspensionDecided(CaseEvent):
    """The level above kept or ended a suspension."""


class CaseResumed(CaseEvent):
    """Handling goes on; the clock runs."""


class ExtensionRequested(CaseEvent):
    """The department asked for more time."""


class ExtensionDecided(CaseEvent):
    """The level above granted or refused more time."""


class CoReplied(CaseEvent):
    """A co-department answered."""


class CaseReplied(CaseEvent):
    """The lead department answered; the centre has to verify."""


class VerificationStarted(CaseEvent):
    """A verifier took the reply."""


class VerificationReturned(CaseEvent):
    """The reply was sent back for rework."""


class CaseClosed(CaseEvent):
    """The centre closed the matter."""


class ResultConfirmed(CaseEvent):
    """The enterprise says: really done."""


class ResultDenied(CaseEvent):
    """The enterprise says: not done."""


class CaseRated(CaseEvent):
    """The enterprise rated process and result."""


class NoResponseNoted(CaseEvent):
    """The enterprise kept silent until the limit; silence is not praise."""


class CaseReopened(CaseEvent):
    """The matter goes round again with less time and another verifier."""


class CaseOverturned(CaseEvent):
    """A “no” to the matter did not stand: it is worked on again (N4)."""


class CaseWithdrawn(CaseEvent):
    """The raiser took the matter back."""


class CaseEscalated(CaseEvent):
    """The matter was taken one level up."""


class TierMoved(CaseEvent):
    """The matter was moved to another tier; `data` says from which (`from_tier`) to which (`tier`), and why."""


class CaseCameDown(CaseEvent):
    """What was taken up came back to those who handle it, with the word from above."""


class CaseReminded(CaseEvent):
    """Somebody above reminded the lead department; nothing else changed."""


class CaseUrged(CaseEvent):
    """The raiser asked for movement; state and clocks stay as they are."""


class CaseArchived(CaseEvent):
    """The matter was archived."""


class FileAttached(CaseEvent):
    """A file was added."""


class CaseImported(CaseEvent):
    """A matter came from a foreign register."""


class LightChanged(CaseEvent):
    """A threshold of the main clock was crossed."""


class DeadlineMissed(CaseEvent):
    """A clock beside the main one ran out."""


class RulebookChanged(CaseEvent):
    """The open matter goes by another rulebook from now on; `data` says which, and what that did to its limit."""


class DeadlineRecalculated(CaseEvent):
    """A change of the official calendar moved the limit of the main clock."""


class CaseNoted(CaseEvent):
    """Somebody wrote a remark."""


FACT_OF_ACTION = {
    "request_supplement": "case.supplement_requested",
    "supplement": "case.supplemented",
    "accept": "case.accepted",
    "decline": "case.declined",
    "merge": "case.merged",
    "dispatch": "case.dispatched",
    "sign": "case.signed",
    "object": "case.objected",
    "rule_objection": "case.objection_ruled",
    "submit_plan": "case.plan_submitted",
    "rate_plan": "case.plan_rated",
    "report_progress": "case.progress_reported",
    "ask_enterprise": "case.enterprise_asked",
    "answer": "case.answered",
    "suspend": "case.suspended",
    "decide_suspension": "case.suspension_decided",
    "resume": "case.resumed",
    "request_extension": "case.extension_requested",
    "decide_extension": "case.extension_decided",
    "co_reply": "case.co_replied",
    "reply": "case.replied",
    "verify_start": "case.verification_started",
    "verify_return": "case.verification_returned",
    "verify_close": "case.closed",
    "confirm": "case.confirmed",
    "deny": "case.denied",
    "rate": "case.rated",
    "no_response": "case.no_response",
    "reopen": "case.reopened",
    "overturn": "case.overturned",
    "withdraw": "case.withdrawn",
    "escalate": "case.escalated",
    "move_tier": "case.tier_moved",
    "come_down": "case.came_down",
    "remind": "case.reminded",
    "urge": "case.urged",
    "archive": "case.archived",
}
"""Action → kind of the one ledger fact it leaves."""

EVENT_OF_FACT: dict[str, type[CaseEvent]] = {
    "case.raised": CaseRaised,
    "case.supplement_requested": SupplementRequested,
    "case.supplemented": CaseSupplemented,
    "case.accepted": CaseAccepted,
    "case.declined": CaseDeclined,
    "case.merged": CaseMerged,
    "case.dispatched": CaseDispatched,
    "case.signed": CaseSigned,
    "case.objected": CaseObjected,
    "case.objection_ruled": ObjectionRuled,
    "case.plan_submitted": PlanSubmitted,
    "case.plan_rated": PlanRated,
    "case.progress_reported": ProgressReported,
    "case.enterprise_asked": EnterpriseAsked,
    "case.answered": QuestionAnswered,
    "case.suspended": CaseSuspended,
    "case.suspension_decided": SuspensionDecided,
    "case.resumed": CaseResumed,
    "case.extension_requested": ExtensionRequested,
    "case.extension_decided": ExtensionDecided,
    "case.co_replied": CoReplied,
    "case.replied": CaseReplied,
    "case.verification_started": VerificationStarted,
    "case.verification_returned": VerificationReturned,
    "case.closed": CaseClosed,
    "case.confirmed": ResultConfirmed,
    "case.denied": ResultDenied,
    "case.rated": CaseRated,
    "case.no_response": NoResponseNoted,
    "case.reopened": CaseReopened,
    "case.overturned": CaseOverturned,
    "case.withdrawn": CaseWithdrawn,
    "case.escalated": CaseEscalated,
    "case.tier_moved": TierMoved,
    "case.came_down": CaseCameDown,
    "case.reminded": CaseReminded,
    "case.urged": CaseUrged,
    "case.archived": CaseArchived,
    "case.attached": FileAttached,
    "case.imported": CaseImported,
    "case.light_changed": LightChanged,
    "case.deadline_missed": DeadlineMissed,
    "case.deadline_recalculated": DeadlineRecalculated,
    "case.rulebook_changed": RulebookChanged,
    "case.noted": CaseNoted,
}

WORDINGS = {
    "case.raised": _("{actor} raised the matter"),
    "case.supplement_requested": _("{actor} asked for a supplement: {what}"),
    "case.supplemented": _("{actor} added: {text}"),
    "case.accepted": _("{actor} accepted the matter"),
    "case.declined": _("{actor} declined the matter: {basis}"),
    "case.merged": _("{actor} merged the matter into {into}"),
    "case.dispatched": _("{actor} dispatched the matter to {lead_name}"),
    "case.signed": _("{actor} signed for the matter"),
    "case.objected": _("{actor} objected: {reason}"),
    "case.objection_ruled": _("{actor} ruled on the objection"),
    "case.plan_submitted": _("{actor} submitted plan version {version}"),
    "case.plan_rated": _("{actor} rated the plan"),
    "case.progress_reported": _("{actor} reported: {text}"),
    "case.enterprise_asked": _("{actor} asked: {question}"),
    "case.answered": _("{actor} answered: {text}"),
    "case.suspended": _("{actor} suspended the matter: {reason}"),
    "case.suspension_decided": _("{actor} decided on the suspension"),
    "case.resumed": _("{actor} resumed the matter"),
    "case.extension_requested": _("{actor} asked for {days} more working days: {reason}"),
    "case.extension_decided": _("{actor} decided on the extension"),
    "case.co_replied": _("{actor} answered as co-department: {text}"),
    "case.replied": _("{actor} replied: {text}"),
    "case.verification_started": _("{actor} began to verify the reply"),
    "case.verification_returned": _("{actor} returned the reply: {reason}"),
    "case.closed": _("{actor} closed the matter"),
    "case.confirmed": _("{actor} confirmed that it is done"),
    "case.denied": _("{actor} says it is not done: {reason}"),
    "case.rated": _("{actor} rated the matter"),
    "case.no_response": _("No word from the enterprise within the time limit"),
    "case.reopened": _("{actor} reopened the matter: {reason}"),
    "case.overturned": _("The “no” to the matter did not stand: {reason}"),
    "case.withdrawn": _("{actor} withdrew the matter"),
    "case.escalated": _("{actor} escalated the matter to {to}: {reason}"),
    "case.tier_moved": _("{actor} moved the matter from tier “{from_tier}” to “{tier}”: {reason}"),
    "case.came_down": _("The matter came back from {came_from}: {reason}"),
    "case.reminded": _("{actor} reminded the department: {text}"),
    "case.urged": _("{actor} urged: {text}"),
    "case.archived": _("{actor} archived the matter"),
    "case.attached": _("{actor} added the file {name}"),
    "case.imported": _("Taken over from {source}"),
    "case.light_changed": _("The light changed to {light}"),
    "case.deadline_missed": _("A time limit ran out: {clock}"),
    "case.rulebook_changed": _("Rulebook {version} counts from now on; due {due_at} (before: {was_due_at})"),
    "case.deadline_recalculated": _("The official calendar changed; the time limit moved from {was_due} to {due}"),
    "case.noted": _("{actor} noted: {text}"),
}
"""Fact kind → what the trace says; placeholders come from the fact."""
