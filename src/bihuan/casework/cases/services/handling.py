"""办理: plan, progress, questions, suspension, extension, answers of co-departments and of the lead (L5, L7, L9)."""

import datetime as dt

from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.kernel import errors

from ..models import CoDepartment, Plan
from ..rulebook import Extension, Suspension, Verification
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
        clocks.stop(turn, "first_contact")


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

    A liaison's suspension is provisional: the level above decides (`decide_suspension`), and if it does not grant it,
    the time counts as if nothing had been suspended. Whoever is above suspends at once.
    """
    case = turn.case
    until = body.until
    if not isinstance(until, dt.datetime):
        until = clocks.calendar(turn).closing(until)
    if until <= turn.now:
        raise errors.Invalid(_("The suspension must end in the future."), code="until_past", field="until")
    latest = clocks.calendar(turn).add(turn.now, turn.rule(Suspension).max).at
    if until > latest:
        raise errors.Invalid(
            _("A suspension may last %(max)s at most.") % {"max": turn.rule(Suspension).max},
            code="suspension_too_long",
            field="until",
            latest=latest.isoformat(),
        )
    by_liaison = turn.actor.reader is not None and not any(
        grant.role != Role.LIAISON and (not grant.departments or str(case.lead_department_id) in grant.departments)
        for grant in turn.actor.reader.grants
    )
    case.suspension = {
        "since": turn.now.isoformat(),
        "until": until.isoformat(),
        "reason": body.reason,
        "evidence": body.evidence or "",
        "granted": None if by_liaison else True,
    }
    clocks.pause_handling(turn, SUSPENSION)
    clocks.start_until(turn, SUSPENSION, until)
    if case.state == CaseState.AWAITING_ENTERPRISE:
        clocks.resume_handling(turn, QUESTION)
    turn.move(CaseState.SUSPENDED)


@step("decide_suspension")
def decide_suspension(turn: Turn, body: DecideSuspension) -> None:
    """审定挂账: granted → it stands; not granted → handling goes on and the stopped time counts after all."""
    case = turn.case
    if case.suspension is None or case.suspension.get("granted") is not None:
        raise turn.refuse(_("No suspension waits for a decision."), code="nothing_to_decide")
    if body.granted:
        case.suspension = {**case.suspension, "granted": True}
        return
    case.suspension = None
    clocks.stop(turn, SUSPENSION)
    clocks.resume_handling(turn, SUSPENSION, void=True)
    turn.move(CaseState.HANDLING)


@step("resume")
def resume(turn: Turn, body: Nothing) -> None:
    """恢复办理: the clock runs again; time that nobody above granted counts after all."""
    granted = (turn.case.suspension or {}).get("granted") is True
    turn.case.suspension = None
    clocks.stop(turn, SUSPENSION)
    clocks.resume_handling(turn, SUSPENSION, void=not granted)
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
    if body.days > rule.max.amount:
        raise errors.Invalid(
            _("At most %(max)s working days may be asked for.") % {"max": rule.max.amount},
            code="extension_too_long",
            field="days",
        )
    case.extension = {"days": body.days, "reason": body.reason, "by": str(person_of(turn)), "at": turn.now.isoformat()}


@step("decide_extension")
def decide_extension(turn: Turn, body: DecideExtension) -> None:
    """审定延期: by the level above, never by whoever asked; the original limit stays on record."""
    case = turn.case
    if case.extension is None:
        raise turn.refuse(_("No extension waits for a decision."), code="nothing_to_decide")
    if case.extension["by"] == str(turn.actor.person_id):
        raise errors.Forbidden(_("Whoever asked for the extension cannot decide on it."), code="own_request")
    if body.granted:
        clocks.extend_handling(turn, days=case.extension["days"])
        case.extensions += 1
    turn.said["days"] = case.extension["days"]
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
    clocks.stop_handling(turn)
    clocks.start(turn, "verification", turn.rule(Verification).within)
