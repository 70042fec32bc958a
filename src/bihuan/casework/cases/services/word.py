"""The enterprise's word: confirm, deny, rate, reopen, withdraw; and silence, which is never praise (L8, L10, E1)."""

from django.utils.translation import gettext as _

from ..rulebook import Reopen, Rework
from ..rules.bodies import Nothing, Rate, Reason
from ..states import CaseState, ClosedKind, Word
from . import clocks, lighting
from .turn import Turn, step

DISSATISFIED = 2
"""Levels up to this one are bad marks: 不满意 and 非常不满意 (国办发〔2019〕51号)."""


def check_answered(turn: Turn) -> None:
    """There must be an answer of the department to speak about (a matter taken back has none)."""
    if turn.case.closed_kind == ClosedKind.WITHDRAWN or not turn.case.reply_kind:
        raise turn.refuse(_("There is no answer to speak about."), code="no_reply")


@step("confirm")
def confirm(turn: Turn, body: Nothing) -> None:
    """办成: the enterprise says it is really done. Only an answer of kind `resolved` can become achieved."""
    case = turn.case
    check_answered(turn)
    if case.word == Word.CONFIRMED and case.achieved_by == "enterprise":
        raise turn.refuse(_("You have confirmed this already."), code="confirmed_already")
    case.word = Word.CONFIRMED.value
    case.achieved_by = "enterprise"
    case.false_closure = False
    if case.reply_kind == ClosedKind.RESOLVED:
        case.achieved, case.achieved_at = True, turn.now
    clocks.stop(turn, "word", clocks.CALLBACK)


@step("deny")
def deny(turn: Turn, body: Reason) -> None:
    """没办成: the enterprise denies it. A matter closed as resolved is then flagged as falsely closed (虚假办结)."""
    case = turn.case
    check_answered(turn)
    case.word = Word.DENIED.value
    case.achieved, case.achieved_at, case.achieved_by = False, None, "enterprise"
    case.false_closure = case.state == CaseState.CLOSED and case.closed_kind == ClosedKind.RESOLVED
    lighting.light_on_word(turn, "denied")
    clocks.stop(turn, "word", clocks.CALLBACK)


@step("rate")
def rate(turn: Turn, body: Rate) -> None:
    """一事一评: plan, process and result on five levels; changeable once, by the raiser alone, with its history."""
    case = turn.case
    check_answered(turn)
    if case.rating_result is not None:
        if case.rating_changes >= 1:
            raise turn.refuse(
                _("This matter has been rated, and the rating changed once already."), code="rated_already"
            )
        case.rating_changes += 1
    case.rating_plan = body.plan if body.plan is not None else case.rating_plan
    case.rating_process, case.rating_result = body.process, body.result
    clocks.stop(turn, clocks.CALLBACK)
    if min(body.process, body.result) <= DISSATISFIED:
        lighting.light_on_word(turn, "unsatisfied")


@step("no_response")
def no_response(turn: Turn, body: Nothing) -> None:
    """The time to speak is over. Silence is recorded as silence (国办发〔2019〕51号; DOMAIN §0.6)."""
    if turn.case.word != Word.PENDING:
        raise turn.refuse(_("The enterprise has spoken."), code="word_given")
    turn.case.word = Word.NO_RESPONSE.value
    clocks.stop(turn, "word")


@step("reopen")
def reopen(turn: Turn, body: Reason) -> None:
    """重办: inside the rulebook's window, with a shorter limit and another verifier; counted, with its history kept."""
    case = turn.case
    if case.closed_kind == ClosedKind.WITHDRAWN:
        raise turn.refuse(_("A matter that was taken back cannot be reopened; please raise it anew."), code="withdrawn")
    assert case.closed_at is not None
    if turn.now > clocks.calendar(turn).add(case.closed_at, turn.rule(Reopen).within).at:
        raise turn.refuse(_("The time for reopening is over; please raise the matter anew."), code="reopen_late")
    _again(turn)


def _again(turn: Turn) -> None:
    case = turn.case
    case.reopenings += 1
    case.closed_kind, case.closed_at = "", None
    case.word, case.achieved, case.achieved_at, case.achieved_by = Word.PENDING.value, None, None, ""
    # What was rated stands until the raiser rates the new handling, which the first change does not use up.
    case.rating_changes = 0
    turn.move(CaseState.REOPENED)
    clocks.stop(turn, "word", clocks.CALLBACK)
    # The enterprise's time passes from its word on, not only from when somebody dispatches the matter again.
    clocks.start_handling(turn, turn.rule(Reopen).due)


@step("overturn")
def overturn(turn: Turn, body: Reason) -> None:
    """改判: a “no” did not stand (N4). Wherever it was said, the matter goes on from before it; no window applies.

    Declined → submitted again, with a new acceptance clock; replied → back in handling; closed → reopened.
    """
    case = turn.case
    if case.closed_kind == ClosedKind.WITHDRAWN:
        raise turn.refuse(_("A matter that was taken back cannot be reopened; please raise it anew."), code="withdrawn")
    if case.state == CaseState.DECLINED:
        case.decline_reason = ""
        turn.move(CaseState.SUBMITTED)
        clocks.start_acceptance_again(turn)
    elif case.state == CaseState.CLOSED:
        _again(turn)
    else:
        case.reworks += 1
        case.word, case.achieved, case.achieved_at, case.achieved_by = Word.PENDING.value, None, None, ""
        case.verifying_by = None
        turn.move(CaseState.HANDLING)
        clocks.stop(turn, "verification", clocks.CALLBACK)
        clocks.start_handling(turn, turn.rule(Rework).due)


@step("withdraw")
def withdraw(turn: Turn, body: Nothing) -> None:
    """撤回: only by whoever raised it."""
    turn.case.closed_kind, turn.case.closed_at = ClosedKind.WITHDRAWN.value, turn.now
    turn.move(CaseState.CLOSED)
    clocks.stop_all(turn, void=True)
