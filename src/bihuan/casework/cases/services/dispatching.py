"""派单: lead and co-departments, signing, objections and their ruling, going one level up (L5, L6, J5)."""

from django.utils.translation import gettext as _

from bihuan.foundation.accounts.roles import Role
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.kernel import errors

from .. import permissions
from ..models import CoDepartment, Plan
from ..rulebook import Returns, Urging
from ..rules.bodies import Dispatch, Escalate, MoveTier, Nothing, Objection, Reason, Remind, RuleObjection, Urge
from ..selectors import showing
from ..states import BEFORE_REPLY, TIERS, CaseState
from . import clocks
from .turn import Turn, step

ESCALATION_ROLES = {Role.CATCH_ALL, Role.LEADER, Role.SUPERVISION_OFFICE, Role.DISCIPLINE, Role.BOARD_HEAD}


def department_named(turn: Turn, code: str, field: str) -> Department:
    """Return the department in force of the case's region called `code`. Raises Invalid when there is none."""
    return directory.department_in_force(turn.case.region, code, clocks.local_date(turn.now), field=field)


def hand_to(turn: Turn, lead: Department) -> None:
    """Give the matter to `lead` and start the clock for signing."""
    case = turn.case
    if case.lead_department_id is not None and case.lead_department_id != lead.id:
        case.hand_offs += 1
    case.lead_department_id = lead.id
    case.dispatched_at = turn.now
    case.signed_at = None
    turn.said["lead_name"] = lead.name
    turn.move(CaseState.DISPATCHED)
    clocks.start(turn, "sign", clocks.tier(turn).sign_within, department=lead.id)


@step("dispatch")
def dispatch(turn: Turn, body: Dispatch) -> None:
    """Name lead and co-departments; each co-department gets its own deadline inside the whole one."""
    case = turn.case
    lead = department_named(turn, body.lead, "lead")
    co = [department_named(turn, code, "co") for code in dict.fromkeys(body.co)]
    if any(department.id == lead.id for department in co):
        raise errors.Invalid(_("The lead department cannot be a co-department too."), code="co_is_lead", field="co")
    case.bound = False
    case.co_department_ids = [department.id for department in co]
    hand_to(turn, lead)
    due = clocks.co_due(turn)
    CoDepartment.objects.bulk_create(
        CoDepartment(
            case=case, region=case.region, department=department, round=case.reworks + case.reopenings + 1, due_at=due
        )
        for department in co
    )
    clocks.start_co_replies(turn, case.co_department_ids, due)


@step("sign")
def sign(turn: Turn, body: Nothing) -> None:
    """签收: the department answers for the matter from now on."""
    clocks.stop(turn, "sign")
    answer_for(turn)


def answer_for(turn: Turn) -> None:
    """The lead department answers for the matter: its time for a first word (and for a plan) runs."""
    case, limits = turn.case, clocks.tier(turn)
    case.signed_at = turn.now
    turn.move(CaseState.SIGNED)
    if case.first_contact_at is None:
        clocks.start(turn, clocks.FIRST_CONTACT, limits.first_contact_within, department=case.lead_department_id)
    if limits.plan_within is not None and not Plan.objects.filter(case=case).exists():
        clocks.start(turn, clocks.PLAN, limits.plan_within, department=case.lead_department_id)


@step("object")
def object_to(turn: Turn, body: Objection) -> None:
    """异议: once per department, in the rulebook's window, and not by a department bound by a ruling (潍坊 12345 条例).

    Until the ruling the first-accepting department stays responsible (首接负责, 北京接诉即办条例 14).
    """
    case = turn.case
    lead = case.lead_department_id
    assert lead is not None, "a dispatched case has a lead department"
    if case.bound:
        raise turn.refuse(
            _("The centre has ruled that this matter is yours; it cannot be returned again."), code="bound"
        )
    if case.objected_ids.count(lead) >= turn.rule(Returns).max_per_unit:
        raise turn.refuse(_("A department may object only once to the same matter."), code="objected_already")
    assert case.dispatched_at is not None
    if turn.now > clocks.calendar(turn).add(case.dispatched_at, turn.rule(Returns).window).at:
        raise turn.refuse(_("The time for objections is over; please sign for the matter."), code="objection_late")
    case.objected_ids = [*case.objected_ids, lead]
    case.returns += 1
    turn.said["returns"] = case.returns
    if permissions.is_last_return(case):
        turn.said["ruled_by"] = permissions.last_ruler(case)
    turn.move(CaseState.OBJECTED)
    clocks.stop(turn, "sign")
    clocks.start(turn, "ruling", turn.rule(Returns).ruling_within)


@step("rule_objection")
def rule_objection(turn: Turn, body: RuleObjection) -> None:
    """裁定: upheld → another department gets it; not upheld → this one is bound and has signed by ruling.

    From the last return on the catch-all board or its fallback rules (permissions), and whoever it names is bound (L6).
    """
    case = turn.case
    clocks.stop(turn, "ruling")
    if not body.upheld:
        case.bound = True
        answer_for(turn)
        return
    lead = department_named(turn, body.lead or "", "lead")
    if lead.id == case.lead_department_id:
        raise errors.Invalid(_("An upheld objection needs another department."), code="lead_same", field="lead")
    if lead.id in case.co_department_ids:
        # Who leads from now on owes no answer as a co-department any more.
        case.co_department_ids = [item for item in case.co_department_ids if item != lead.id]
        clocks.stop(turn, clocks.CO_REPLY, part=str(lead.id))
    case.bound = permissions.is_last_return(case)
    hand_to(turn, lead)


@step("remind")
def remind(turn: Turn, body: Remind) -> None:
    """催办: a word to the lead department, kept in the trace; state and clocks stay as they are."""
    turn.said["text"] = body.text or _("Please move this matter on.")


@step("urge")
def urge(turn: Turn, body: Urge) -> None:
    """催一下: the raiser's own word to whoever has the matter. Raises Conflict `urged_lately` within the pause."""
    if not showing.may_urge(case=turn.case, now=turn.now):
        hours = turn.rule(Urging).every_hours
        raise turn.refuse(
            _("You urged it less than %(hours)s hours ago; they know.") % {"hours": hours}, code="urged_lately"
        )
    turn.said["text"] = body.text or _("How far is it?")


@step("move_tier")
def move_tier(turn: Turn, body: MoveTier) -> None:
    """改层级: up, with the limit of that tier counted from the same start; down, with the limit it has (J2).

    The original limit stays on record. Later rounds (rework, reopening) have limits of their own and keep them.
    """
    case = turn.case
    if body.tier == case.tier:
        raise turn.refuse(_("The matter is in this tier already."), code="tier_same")
    turn.said["from_tier"] = case.tier
    up = TIERS.index(body.tier) > TIERS.index(case.tier)
    case.tier = body.tier
    if up and case.reworks + case.reopenings == 0 and case.state in BEFORE_REPLY:
        clocks.retarget_handling(turn, clocks.tier(turn).due)


@step("come_down")
def come_down(turn: Turn, body: Reason) -> None:
    """回到本级: the word from above is there; whoever handles the matter goes on with it (J5)."""
    if not turn.case.escalated_to:
        raise turn.refuse(_("The matter was not taken up."), code="not_above")
    turn.said["came_from"] = turn.case.escalated_to
    turn.case.escalated_to = ""


@step("escalate")
def escalate(turn: Turn, body: Escalate) -> None:
    """提级: to a role, the joint conference, or a region above; the matter stays visible and its clock runs on here."""
    case = turn.case
    above = [region.code for region in directory.region_path(case.region)[:-1]]
    if body.to not in ESCALATION_ROLES and body.to != "conference" and body.to not in above:
        raise errors.Invalid(
            _("A matter can go up to a role, to the conference, or to a region above this one."),
            code="escalation_unknown",
            field="to",
            allowed=[*sorted(role.value for role in ESCALATION_ROLES), "conference", *above],
        )
    case.escalated_to = body.to
