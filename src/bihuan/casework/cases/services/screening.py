"""受理: accept, ask for a supplement, decline, merge (L3, N1)."""

from django.utils.translation import gettext as _

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import errors

from ..models import Case
from ..rulebook import Tiers
from ..rules.bodies import Accept, Decline, Merge, Nothing, RequestSupplement, Supplement
from ..states import CaseState
from . import clocks
from .turn import Turn, step


@step("accept")
def accept(turn: Turn, body: Accept) -> None:
    """Take the matter in: tier and board are named, and the handling clock starts (受理当日不计)."""
    case = turn.case
    directory.board_in_force(case.region, body.board, clocks.local_date(turn.now))
    case.tier, case.board, case.urgent = body.tier, body.board, body.urgent or case.urgent
    case.category = body.category or case.category
    case.accepted_at = turn.now
    turn.move(CaseState.ACCEPTED)
    clocks.stop(turn, "acceptance")
    clocks.start_handling(turn, turn.rule(Tiers).named(body.tier).due)


@step("decline")
def decline(turn: Turn, body: Decline) -> None:
    """Refuse the matter with a reason from the list and its basis; the refusal may be reviewed (N1)."""
    turn.case.decline_reason = body.reason
    turn.move(CaseState.DECLINED)
    clocks.stop_all(turn)


@step("request_supplement")
def request_supplement(turn: Turn, body: RequestSupplement) -> None:
    """Ask once and completely for what is missing; the clock stands until it comes (行政许可法 32)."""
    turn.case.first_contact_at = turn.case.first_contact_at or turn.now
    turn.move(CaseState.SUPPLEMENT_REQUESTED)
    clocks.pause(turn, "acceptance", hold="supplement")
    clocks.start(turn, clocks.SUPPLEMENT, turn.rule(Tiers).named(turn.case.tier or "ordinary").supplement_within)


@step("supplement")
def supplement(turn: Turn, body: Supplement) -> None:
    """Add what was missing; the matter is back at the front desk."""
    turn.move(CaseState.SUBMITTED)
    clocks.stop(turn, clocks.SUPPLEMENT)
    clocks.resume(turn, "acceptance", hold="supplement")


@step("merge")
def merge(turn: Turn, body: Merge) -> None:
    """Join a repeated matter to the one that survives; never alarms again, its raiser follows the survivor (L1)."""
    case = turn.case
    other = Case.objects.filter(number=body.into).only("id", "number", "region", "state", "merged_into").first()
    if other is None or other.region != case.region:
        raise errors.Invalid(_("There is no such case in this region."), code="merge_unknown", field="into")
    if other.id == case.id:
        raise errors.Invalid(_("A case cannot be merged into itself."), code="merge_self", field="into")
    if other.state in (CaseState.MERGED, CaseState.DECLINED, CaseState.ARCHIVED):
        raise errors.Invalid(_("That case no longer runs; choose the one that does."), code="merge_ended", field="into")
    case.merged_into_id = other.id
    turn.move(CaseState.MERGED)
    clocks.stop_all(turn, void=True)


@step("archive")
def archive(turn: Turn, body: Nothing) -> None:
    """归档: nothing is open any more; mechanisms may veto (a retrospective that must come first)."""
    case = turn.case
    if case.state == CaseState.CLOSED and case.word == "pending":
        raise turn.refuse(
            _("The enterprise has not said yet whether it is done, and its time to say so still runs."),
            code="word_pending",
        )
    case.archived_at = turn.now
    turn.move(CaseState.ARCHIVED)
    clocks.stop_all(turn)
