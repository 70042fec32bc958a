"""核验与办结: read the reply, call back, return or close. Never by the side that handled (L8, L10)."""

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors

from ..models import CoDepartment
from ..rulebook import Rework, Silence
from ..rules.bodies import Nothing, Reason, VerifyClose
from ..states import CaseState, ClosedKind, Word
from . import clocks
from .turn import Turn, person_of, step


def check_other_verifier(turn: Turn) -> None:
    """After a reopening the earlier verifiers are out (L10: a different reviewer)."""
    if person_of(turn) in turn.case.verifier_ids:
        raise errors.Forbidden(
            _("You verified this matter before it was reopened; somebody else has to verify it now."),
            code="same_verifier",
        )


@step("verify_start")
def verify_start(turn: Turn, body: Nothing) -> None:
    """A verifier takes the reply."""
    check_other_verifier(turn)
    turn.case.verifying_by = person_of(turn)
    turn.move(CaseState.VERIFYING)


@step("verify_return")
def verify_return(turn: Turn, body: Reason) -> None:
    """退回重办: the reply does not settle the matter; the department works on with the shorter limit for rework."""
    case = turn.case
    check_other_verifier(turn)
    case.reworks += 1
    case.word = Word.PENDING.value
    case.achieved, case.achieved_at, case.achieved_by = None, None, ""
    case.verifying_by = None
    turn.move(CaseState.HANDLING)
    clocks.stop(turn, "verification", clocks.CALLBACK)
    clocks.start_handling(turn, turn.rule(Rework).due)


@step("verify_close")
def verify_close(turn: Turn, body: VerifyClose) -> None:
    """办结: of the kind the reply named. A callback that says “not solved” forbids closing as resolved."""
    case, call = turn.case, body.callback
    check_other_verifier(turn)
    missing = CoDepartment.objects.filter(
        case=case, department_id__in=case.co_department_ids, replied_at=None
    ).select_related("department")
    if names := [part.department.name for part in missing]:
        raise turn.refuse(
            _("Co-departments have not answered yet: %(names)s.") % {"names": "、".join(names)}, code="co_reply_missing"
        )
    resolved = case.reply_kind == ClosedKind.RESOLVED
    not_solved = (call is not None and call.reached and call.solved is False) or case.word == Word.DENIED
    if resolved and not_solved:
        raise turn.refuse(
            _("The enterprise says it is not solved; return the reply instead of closing as resolved."),
            code="not_solved",
        )
    case.callback = call.model_dump() if call else None
    case.closed_kind, case.closed_at = case.reply_kind, turn.now
    case.verifying_by = None
    case.verifier_ids = [*case.verifier_ids, person_of(turn)]
    if call is not None and call.reached and call.solved and case.word == Word.PENDING:
        case.word = Word.CONFIRMED.value
        case.achieved_by = "callback"
    if case.word == Word.CONFIRMED and resolved:
        case.achieved, case.achieved_at = True, case.achieved_at or turn.now
    turn.move(CaseState.CLOSED)
    clocks.stop(turn, "verification")
    if call is not None or case.word != Word.PENDING:
        clocks.stop(turn, clocks.CALLBACK)
    if case.word == Word.PENDING:
        clocks.start(turn, "word", turn.rule(Silence).after)
