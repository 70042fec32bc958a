"""办理: plan, progress, questions, suspension, extension, answers of co-departments and of the lead (L5, L7, L9)."""

import datetime as dt

from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors
from bihuan.foundation.workcalendar import wording as workcalendar

from .. import permissions
from ..models import CoDepartment, Plan
from ..rulebook import Callback, Extension, Grounds, Suspension, Verification
from ..rules import facts
from ..rules.bodies import (
    Answer,
    AskEnterprise,
    CoReply,
    DecideExtension,
    DecideSuspension,
    Nothing,
    RatePlan,
    Reply,
    ReportProgress,
    RequestExtension,
    SubmitPlan,
    Suspend,
)
from ..states import CaseState
from . import clocks
from .turn import Turn, person_of, step

QUESTION, SUSPENSION = "question", "suspension"
"""Reasons for which the clocks of handling stand."""


def touched(turn: Turn) -> None:
    """The enterprise has heard from the department: the clock for first contact ends (即应, L12)."""
    if turn.case.first_contact_at is None:
        turn.case.first_contact_at = turn.now
        clocks.stop(turn, clocks.FIRST_CONTACT)


@step("submit_plan")
def submit_plan(turn: Turn, body: SubmitPlan) -> None:
    """方案: a new version of measures, units and node deadlines; earlier versions stay."""
    case = turn.case
    last = Plan.objects.filter(case=case).aggregate(last=Max("version"))["last"] or 0
    Plan.objects.create(
        case=case,
        region=case.region,
        version=last + 1,
        measures=[measure.model_dump(mode="json") for measure in body.measures],
        submitted_by=person_of(turn),
        submitted_at=turn.now,
    )
    turn.said["version"] = last + 1
    case.rating_plan = None
    clocks.stop(turn, clocks.PLAN)
    touched(turn)
    leave_question(turn)


@step("rate_plan")
def rate_plan(turn: Turn, body: RatePlan) -> None:
    """方案评价: the enterprise rates the newest plan; a bad mark asks for a revised one (T3)."""
    plan = Plan.objects.filter(case=turn.case).order_by("-version").first()
    if plan is None:
        raise turn.refuse(_("There is no plan to rate yet."), code="no_plan")
    plan.level = body.level
    plan.save(update_fields=["level"])
    turn.said["version"] = plan.version
    turn.case.rating_plan = body.level


@step("report_progress")
def report_progress(turn: Turn, body: ReportProgress) -> None:
    """进展: how far it is; shown to the enterprise unless marked otherwise."""
    if body.visible_to_enterprise:
        touched(turn)
    if turn.case.state == CaseState.SIGNED:
        turn.move(CaseState.HANDLING)


@step("ask_enterprise")
def ask_enterprise(turn: Turn, body: AskEnterprise) -> None:
    """Ask the raiser something needed; the clock stands, visibly, until the answer comes."""
    touched(turn)
    turn.move(CaseState.AWAITING_ENTERPRISE)
    clocks.pause_handling(turn, QUESTION)


@step("answer")
def answer(turn: Turn, body: Answer) -> None:
    """The raiser answers; the clock runs on."""
    leave_question(turn)


def leave_question(turn: Turn) -> None:
    """Go on handling; if the case waited for the enterprise, its clock runs again."""
    if turn.case.state == CaseState.AWAITING_ENTERPRISE:
        clocks.resume_handling(turn, QUESTION)
    turn.move(CaseState.HANDLING)


@step("suspend")
def suspend(turn: Turn, body: Suspend) -> None:
    """挂账: the clock stands from now until `until` at the latest.

    Whoever the rulebook names as the approver suspends at once. A suspension begun by anybody else is provisional: the
    approver decides (`decide_suspension`), and if it is not granted, the time counts as if nothing had been suspended.
    """
    case, rule = turn.case, turn.rule(Suspension)
    check_grounds(rule, body.reason, body.evidence)
    until = body.until
    if not isinstance(until, dt.datetime):
        until = clocks.calendar(turn).closing(until)
    if until <= turn.now:
        raise errors.Invalid(_("The suspension must end in the future."), code="until_past", field="until")
    latest = clocks.calendar(turn).add(turn.now, rule.max).at
    if until > latest:
        raise errors.Invalid(
            _("A suspension may last %(max)s at most.") % {"max": rule.max},
            code="suspension_too_long",
            field="until",
            latest=latest.isoformat(),
        )
    granted = True if permissions.decides(turn.actor, case, Suspension) else None
    case.suspension = {
        "since": turn.now.isoformat(),
        "until": until.isoformat(),
        "reason": body.reason,
        "evidence": body.evidence or "",
        "granted": granted,
        "by": str(person_of(turn)),
    }
    if not granted:
        turn.said["approver"] = rule.approver.value
    clocks.pause_handling(turn, SUSPENSION)
    clocks.start_until(turn, SUSPENSION, until)
    clocks.start(turn, clocks.SUSPENSION_REVIEW, rule.review_every)
    if case.state == CaseState.AWAITING_ENTERPRISE:
        clocks.resume_handling(turn, QUESTION)
    turn.move(CaseState.SUSPENDED)


def check_grounds(rule: Grounds, reason: str, evidence: str | None) -> None:
    """Raise Invalid where the rulebook wants a reason of its list, or evidence, and there is none (L7)."""
    if not rule.own_words and not rule.lists(reason):
        named = [row.in_language(get_language() or "zh-hans") for row in rule.reasons]
        message = _("Choose one of the reasons of the list: %(reasons)s.") % {"reasons": "；".join(named)}
        raise errors.Invalid(message, code="reason_not_listed", field="reason", allowed=named)
    if rule.evidence_required and not evidence:
        message = _("Say what proves it: the document, its number and date.")
        raise errors.Invalid(message, code="evidence_missing", field="evidence")


@step("decide_suspension")
def decide_suspension(turn: Turn, body: DecideSuspension) -> None:
    """审定挂账, and its review (复核): granted → it stands until the next review; not granted → handling goes on.

    A suspension that was never granted counts as if it had not been; one granted earlier ends from now on.
    """
    case = turn.case
    if case.suspension is None:
        raise turn.refuse(_("No suspension waits for a decision."), code="nothing_to_decide")
    waiting = case.suspension.get("granted") is None
    if waiting and case.suspension.get("by") == str(turn.actor.person_id):
        raise errors.Forbidden(_("Whoever asked for the suspension cannot decide on it."), code="own_request")
    turn.said["review"] = not waiting
    clocks.stop(turn, clocks.SUSPENSION_REVIEW)
    if body.granted:
        case.suspension = {**case.suspension, "granted": True, "reviewed_at": turn.now.isoformat()}
        clocks.start(turn, clocks.SUSPENSION_REVIEW, turn.rule(Suspension).review_every)
        return
    _go_on(turn, void=waiting)


@step("resume")
def resume(turn: Turn, body: Nothing) -> None:
    """恢复办理: the clock runs again; time that nobody above granted counts after all."""
    _go_on(turn, void=(turn.case.suspension or {}).get("granted") is not True)


def _go_on(turn: Turn, *, void: bool) -> None:
    turn.case.suspension = None
    clocks.stop(turn, SUSPENSION, clocks.SUSPENSION_REVIEW)
    clocks.resume_handling(turn, SUSPENSION, void=void)
    turn.move(CaseState.HANDLING)


@step("request_extension")
def request_extension(turn: Turn, body: RequestExtension) -> None:
    """申请延期: before the limit, as often and as long as the rulebook allows (山东热线办法: ≤ 10 working days)."""
    case, rule = turn.case, turn.rule(Extension)
    if case.extension is not None:
        raise turn.refuse(_("An extension already waits for a decision."), code="extension_pending")
    if case.extensions >= rule.max_times:
        raise turn.refuse(_("This matter has been extended as often as allowed."), code="extension_used_up")
    if rule.before_expiry and case.due_at is not None and turn.now >= case.due_at:
        raise turn.refuse(_("The time limit is over; an extension had to be asked for before."), code="extension_late")
    check_grounds(rule, body.reason, body.evidence)
    until = clocks.extended(turn, days=body.days)
    if until > clocks.calendar(turn).add(case.due_at, rule.max).at:
        raise errors.Invalid(
            _("At most %(max)s may be asked for.") % {"max": workcalendar.duration(rule.max)},
            code="extension_too_long",
            field="days",
        )
    case.extension = {
        "days": body.days,
        "reason": body.reason,
        "evidence": body.evidence or "",
        "by": str(person_of(turn)),
        "at": turn.now.isoformat(),
    }
    turn.said["approver"] = rule.approver.value


@step("decide_extension")
def decide_extension(turn: Turn, body: DecideExtension) -> None:
    """审定延期: by the level above, never by whoever asked; the original limit stays on record."""
    case = turn.case
    if case.extension is None:
        raise turn.refuse(_("No extension waits for a decision."), code="nothing_to_decide")
    if case.extension["by"] == str(turn.actor.person_id):
        raise errors.Forbidden(_("Whoever asked for the extension cannot decide on it."), code="own_request")
    turn.said |= {"days": case.extension["days"], "reason": case.extension["reason"]}
    turn.said["original_due_at"] = facts.to_plain(case.original_due_at)
    if body.granted:
        clocks.extend_handling(turn, days=case.extension["days"])
        case.extensions += 1
    turn.said["due_at"] = facts.to_plain(case.due_at)
    case.extension = None


@step("co_reply")
def co_reply(turn: Turn, body: CoReply) -> None:
    """协办答复: each co-department answers for its part, once a round."""
    grants = turn.actor.reader.grants if turn.actor.reader else ()
    mine = [one for one in turn.case.co_department_ids if any(str(one) in grant.departments for grant in grants)]
    part = CoDepartment.objects.filter(case=turn.case, department_id__in=mine, replied_at=None).first()
    if part is None:
        raise turn.refuse(_("Your department has answered already."), code="co_replied_already")
    part.reply_text, part.replied_at = body.text, turn.now
    part.save(update_fields=["reply_text", "replied_at"])
    clocks.stop(turn, clocks.CO_REPLY, part=str(part.department_id))
    turn.said["department"] = str(part.department_id)


@step("reply")
def reply(turn: Turn, body: Reply) -> None:
    """答复: what was done and what it comes to. The handler cannot close; the centre verifies (济南 12345 条例 27)."""
    case = turn.case
    case.reply_text, case.reply_kind, case.replied_at = body.text, body.kind, turn.now
    case.word = "pending"
    case.achieved = case.achieved_at = None
    case.achieved_by = ""
    if case.state == CaseState.AWAITING_ENTERPRISE:
        clocks.resume_handling(turn, QUESTION)
    touched(turn)
    turn.move(CaseState.REPLIED)
    clocks.stop(turn, clocks.PLAN)
    clocks.stop_handling(turn)
    clocks.start(turn, "verification", turn.rule(Verification).within)
    clocks.start(turn, clocks.CALLBACK, turn.rule(Callback).within)
