"""The loop, end to end, through the services: every action, who may, when not, and what the ledger keeps."""

import datetime as dt

import pytest

from bihuan.casework.cases import factories, permissions, selectors, services
from bihuan.casework.cases.events import FACT_OF_ACTION
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.rules import facts
from bihuan.casework.cases.states import MACHINE, CaseState
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.ledger import verification

pytestmark = pytest.mark.django_db

WHOLE = (
    "accept dispatch sign submit_plan rate_plan report_progress ask_enterprise answer reply verify_start verify_close"
).split()


@pytest.fixture
def district():
    return factories.District()


def at(minutes: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def history(case):
    with database.writing():
        return [ledger.content(fact) for fact in ledger.history(case.id)]


def test_a_case_goes_round_the_whole_loop(district):
    case = district.case(*WHOLE)
    assert case.state == "closed"
    assert case.closed_kind == "resolved"
    assert case.achieved is None
    case = district.act(case.number, "confirm", now=at(60))
    assert (case.achieved, case.word, case.achieved_by) == (True, "confirmed", "enterprise")
    district.act(case.number, "rate", now=at(61))
    case = district.act(case.number, "archive", now=at(62))
    assert case.state == "archived"
    kinds = [fact["kind"] for fact in history(case)]
    assert kinds == ["case.raised", *(FACT_OF_ACTION[action] for action in (*WHOLE, "confirm", "rate", "archive"))]
    assert verification.verify(stream=case.id).ok


def test_replaying_the_ledger_rebuilds_the_row(district):
    case = district.case(*WHOLE, "confirm", "rate")
    rebuilt = facts.replay(history(case))
    assert rebuilt == facts.to_plain(facts.snapshot(case))


@pytest.mark.parametrize("action", [row.action for row in MACHINE.transitions])
def test_the_wrong_state_is_a_conflict_that_says_what_would_go(district, action):
    transition = MACHINE.find(action)
    case = district.raised() if CaseState.SUBMITTED not in transition.sources else district.case("decline")
    if CaseState(getattr(case, "state", "submitted")) in transition.sources:
        pytest.skip("allowed here")
    who, _body = district.usual()[action]
    actor = permissions.THE_SYSTEM if transition.roles == {"system"} else who()
    if any(role.startswith(("lead:", "co:")) for role in transition.roles):
        pytest.skip("nobody leads yet: that is a matter of roles")
    with pytest.raises(errors.Conflict) as refused:
        services.take(number=case.number, action=action, actor=actor, now=at(9), body=_body)
    assert refused.value.code == "state_forbids"
    assert refused.value.extra["allowed_in"] == sorted(transition.sources)


def test_strangers_do_not_even_learn_that_the_case_exists(district):
    number = district.raised().number
    with pytest.raises(errors.NotFound):
        services.take(number=number, action="withdraw", actor=district.stranger, now=at(1), body={})
    with pytest.raises(errors.NotFound):
        selectors.dossier(number=number, actor=district.stranger, now=at(1))


@pytest.mark.parametrize("role", ["liaison", "department_head"])
@pytest.mark.parametrize("action", ["verify_start", "verify_return", "verify_close", "archive", "confirm", "rate"])
def test_the_handler_never_closes_and_never_speaks_for_the_enterprise(district, role, action):
    number = district.case("accept", "dispatch", "sign", "reply").number
    _who, body = district.usual()[action]
    with pytest.raises(errors.Forbidden):
        services.take(number=number, action=action, actor=district.liaison(role=role), now=at(20), body=body)


def test_a_second_office_does_not_let_the_handler_close(district):
    number = district.case("accept", "dispatch", "sign", "reply").number
    both = district.person("both", "liaison", department_id=district.department("housing").id)
    from bihuan.foundation.accounts import selectors as accounts
    from bihuan.foundation.accounts import services as account_services
    from bihuan.foundation.directory.permissions import OPERATOR
    from bihuan.foundation.kernel import clock

    account_services.appoint(person_id=both.person_id, role="coordinator", region=DISTRICT, actor_id=OPERATOR, now=NOW)
    accounts.forget()
    with clock.at(at(5)):
        both = permissions.Actor(reader=accounts.reader_of(both.person_id))
    with pytest.raises(errors.Forbidden):
        services.take(number=number, action="verify_close", actor=both, now=at(20), body={})


def test_declining_needs_a_reason_from_the_list(district):
    number = district.raised().number
    with pytest.raises(errors.Invalid) as refused:
        district.act(number, "decline", now=at(1), reason="because")
    assert (refused.value.code, refused.value.field) == ("invalid_body", "reason")
    assert district.act(number, "decline", now=at(1)).decline_reason == "not_in_scope"


def test_supplements_stop_the_clock(district):
    receipt = district.raised()
    district.act(receipt.number, "request_supplement", now=at(30))
    case = district.act(receipt.number, "supplement", now=at(30 + 24 * 60))
    assert case.state == "submitted"
    assert case.due_at > receipt.due_at
    assert case.original_due_at == receipt.due_at


def test_the_day_of_receipt_does_not_count(district):
    case = district.case("accept")
    assert case.due_at.astimezone(NOW.tzinfo).isoformat() == "2026-11-23T17:30:00+08:00"
    assert case.light_ids == ["green", "yellow", "orange", "red"]
    assert selectors.light_of(case, case.due_at - dt.timedelta(minutes=1)) == "orange"
    assert selectors.light_of(case, case.due_at) == "red"


def test_objection_ruled_upheld_goes_to_another_department(district):
    number = district.case("accept", "dispatch", "object").number
    with pytest.raises(errors.Invalid):
        district.act(number, "rule_objection", now=at(10), lead="housing")
    case = district.act(number, "rule_objection", now=at(10))
    assert (case.state, case.lead_department_id) == ("dispatched", district.department("water").id)
    assert (case.returns, case.hand_offs) == (1, 1)


def test_objection_not_upheld_binds(district):
    number = district.case("accept", "dispatch", "object").number
    case = district.act(number, "rule_objection", now=at(10), upheld=False, lead=None)
    assert (case.state, case.bound) == ("signed", True)


def test_a_department_objects_once(district):
    number = district.case("accept", "dispatch", "object", "rule_objection").number
    services.take(
        number=number, action="object", actor=district.liaison("water"), now=at(8), body={"reason": "x", "basis": "y"}
    )
    district.act(number, "rule_objection", now=at(9), lead="housing")
    with pytest.raises(errors.Conflict) as refused:
        district.act(number, "object", now=at(10))
    assert refused.value.code == "objected_already"


def test_the_last_return_is_ruled_on_by_the_fallback_where_nobody_is_the_catch_all(district):
    number = district.case("accept", "dispatch", "object").number
    district.act(number, "rule_objection", now=at(4), lead="water")
    district.act(number, "object", now=at(5), actor=district.liaison("water"))
    district.act(number, "rule_objection", now=at(6), lead="tax")
    district.act(number, "object", now=at(7), actor=district.liaison("tax"))
    # The district has no catch-all office: the next of `fallback.receivers` that somebody holds rules.
    assert permissions.last_ruler(district.fresh(number)) == "coordinator"
    assert district.act(number, "rule_objection", now=at(8), upheld=False, lead=None).bound


def test_the_third_return_is_for_the_catch_all_board_which_binds(district):
    number = district.case("accept", "dispatch", "object").number
    words = {"reason": "不属于我们", "basis": "三定方案"}
    district.act(number, "rule_objection", now=at(10), lead="water")
    services.take(number=number, action="object", actor=district.liaison("water"), now=at(11), body=words)
    district.act(number, "rule_objection", now=at(12), lead="tax")
    services.take(number=number, action="object", actor=district.liaison("tax"), now=at(13), body=words)
    catch_all = district.staff("catch_all")
    with pytest.raises(errors.Forbidden):
        district.act(number, "rule_objection", now=at(14), lead="housing")
    offered = {
        name: selectors.dossier(number=number, actor=actor, now=at(14)).available_actions
        for name, actor in (("coordinator", district.staff("coordinator")), ("catch_all", catch_all))
    }
    assert ["rule_objection" in actions for actions in offered.values()] == [False, True]
    case = district.act(number, "rule_objection", now=at(15), actor=catch_all, lead="water")
    assert (case.state, case.returns, case.bound) == ("dispatched", 3, True)
    with pytest.raises(errors.Conflict) as refused:
        services.take(number=number, action="object", actor=district.liaison("water"), now=at(16), body=words)
    assert refused.value.code == "bound"


def test_objections_come_in_time(district):
    number = district.case("accept", "dispatch").number
    with pytest.raises(errors.Conflict) as refused:
        district.act(number, "object", now=NOW + dt.timedelta(days=3))
    assert refused.value.code == "objection_late"


def test_a_question_stops_the_clock(district):
    case = district.case("accept", "dispatch", "sign")
    before = case.due_at
    district.act(case.number, "ask_enterprise", now=at(10))
    assert district.fresh(case.number).held_at == at(10)
    case = district.act(case.number, "answer", now=at(10 + 24 * 60))
    assert (case.state, case.held_at) == ("handling", None)
    # The day of receipt does not count: of the day that stood still, 40 minutes of Tuesday morning did.
    assert case.due_at.astimezone(NOW.tzinfo).isoformat() == "2026-11-24T09:10:00+08:00"
    assert case.original_due_at == before


def test_a_liaisons_suspension_counts_only_when_granted(district):
    until = (NOW + dt.timedelta(days=10)).isoformat()
    case = district.case("accept", "dispatch", "sign")
    before = case.due_at
    case = district.act(case.number, "suspend", now=at(10), actor=district.liaison(), until=until)
    assert (case.state, case.suspension["granted"]) == ("suspended", None)
    case = district.act(case.number, "decide_suspension", now=at(10 + 2 * 24 * 60), granted=False)
    assert (case.state, case.suspension, case.due_at) == ("handling", None, before)


def test_a_granted_suspension_moves_the_limit_and_keeps_the_original(district):
    case = district.case("accept", "dispatch", "sign")
    before = case.due_at
    district.act(case.number, "suspend", now=at(10))
    case = district.act(case.number, "resume", now=at(10 + 2 * 24 * 60))
    assert case.due_at > before
    assert case.original_due_at == before


@pytest.mark.parametrize(
    ("until", "code"),
    [(NOW - dt.timedelta(days=1), "until_past"), (NOW + dt.timedelta(days=400), "suspension_too_long")],
)
def test_a_suspension_has_an_end_within_bounds(district, until, code):
    number = district.case("accept", "dispatch", "sign").number
    with pytest.raises(errors.Invalid) as refused:
        district.act(number, "suspend", now=at(10), until=until.isoformat())
    assert refused.value.code == code


def test_extension_is_asked_for_in_time_once_and_decided_above(district):
    case = district.case("accept", "dispatch", "sign", "request_extension")
    with pytest.raises(errors.Conflict) as refused:
        district.act(case.number, "request_extension", now=at(9))
    assert refused.value.code == "extension_pending"
    with pytest.raises(errors.Forbidden):
        district.act(case.number, "decide_extension", now=at(9), actor=district.liaison())
    extended = district.act(case.number, "decide_extension", now=at(10))
    assert extended.due_at.astimezone(NOW.tzinfo).isoformat() == "2026-11-30T17:30:00+08:00"
    assert extended.original_due_at == case.due_at
    with pytest.raises(errors.Conflict) as refused:
        district.act(case.number, "request_extension", now=at(11))
    assert refused.value.code == "extension_used_up"


def test_an_extension_after_the_limit_is_too_late(district):
    number = district.case("accept", "dispatch", "sign").number
    with pytest.raises(errors.Conflict) as refused:
        district.act(number, "request_extension", now=NOW + dt.timedelta(days=8))
    assert refused.value.code == "extension_late"


def test_co_departments_answer_before_closing(district):
    number = district.case("accept").number
    district.act(number, "dispatch", now=at(2), co=["water"])
    district.act(number, "sign", now=at(3))
    district.act(number, "reply", now=at(4))
    with pytest.raises(errors.Conflict) as refused:
        district.act(number, "verify_close", now=at(5))
    assert refused.value.code == "co_reply_missing"
    district.act(number, "co_reply", now=at(6))
    with pytest.raises(errors.Conflict):
        district.act(number, "co_reply", now=at(7))
    assert district.act(number, "verify_close", now=at(8)).state == "closed"


def test_a_callback_that_says_no_forbids_closing_as_resolved(district):
    number = district.case("accept", "dispatch", "sign", "reply").number
    with pytest.raises(errors.Conflict) as refused:
        district.act(number, "verify_close", now=at(9), callback={"reached": True, "solved": False})
    assert refused.value.code == "not_solved"
    case = district.act(number, "verify_return", now=at(10))
    assert (case.state, case.reworks, case.held_at) == ("handling", 1, None)


def test_a_callback_is_the_enterprises_word(district):
    number = district.case("accept", "dispatch", "sign", "reply").number
    case = district.act(number, "verify_close", now=at(9), callback={"reached": True, "solved": True, "level": 5})
    assert (case.achieved, case.achieved_by, case.word) == (True, "callback", "confirmed")


@pytest.mark.parametrize("kind", ["explained", "alternative", "tracked"])
def test_only_resolved_can_be_achieved(district, kind):
    number = district.case("accept", "dispatch", "sign").number
    district.act(number, "reply", now=at(5), kind=kind)
    district.act(number, "verify_close", now=at(6))
    case = district.act(number, "confirm", now=at(7))
    assert (case.closed_kind, case.word, case.achieved) == (kind, "confirmed", None)


def test_denying_flags_a_false_closure(district):
    case = district.case("accept", "dispatch", "sign", "reply", "verify_close", "deny")
    assert (case.state, case.achieved, case.false_closure) == ("closed", False, True)


def test_silence_is_not_praise(district):
    case = district.case("accept", "dispatch", "sign", "reply", "verify_close", "no_response")
    assert (case.word, case.achieved, case.rating_result) == ("no_response", None, None)


def test_reopening_shortens_the_time_and_changes_the_verifier(district):
    case = district.case("accept", "dispatch", "sign", "reply", "verify_close", "deny")
    case = district.act(case.number, "reopen", now=at(20))
    assert (case.state, case.reopenings, case.closed_kind) == ("reopened", 1, "")
    assert (case.due_at.astimezone(NOW.tzinfo).date().isoformat(), case.held_at) == ("2026-11-19", None)
    for minute, action in enumerate(("dispatch", "sign", "reply"), start=21):
        case = district.act(case.number, action, now=at(minute))
    assert case.due_at.astimezone(NOW.tzinfo).date().isoformat() == "2026-11-19"
    with pytest.raises(errors.Forbidden) as refused:
        district.act(case.number, "verify_close", now=at(30))
    assert refused.value.code == "same_verifier"
    other = district.staff("coordinator", "second")
    assert district.act(case.number, "verify_close", now=at(31), actor=other).state == "closed"


def test_reopening_too_late_is_refused(district):
    number = district.case("accept", "dispatch", "sign", "reply", "verify_close").number
    with pytest.raises(errors.Conflict) as refused:
        district.act(number, "reopen", now=NOW + dt.timedelta(days=20))
    assert refused.value.code == "reopen_late"


def test_a_rating_changes_once_by_the_raiser_only(district):
    number = district.case("accept", "dispatch", "sign", "reply", "verify_close").number
    district.act(number, "rate", now=at(10))
    case = district.act(number, "rate", now=at(11), result=1)
    assert (case.rating_process, case.rating_result) == (5, 1)
    with pytest.raises(errors.Conflict) as refused:
        district.act(number, "rate", now=at(12))
    assert refused.value.code == "rated_already"


def test_the_rated_side_never_sees_ratings(district):
    case = district.case("accept", "dispatch", "sign", "reply", "verify_close", "rate")
    for actor, sees in ((district.liaison(), False), (district.staff("coordinator"), True), (district.owner, True)):
        found = selectors.dossier(number=case.number, actor=actor, now=at(20))
        assert found.sees_ratings is sees
        with database.reading(actor.scope()):
            kinds = {fact["kind"] for fact in selectors.trace(case=found.case, actor=actor)}
        assert ("case.rated" in kinds) is sees


def test_merging_ends_one_and_tells_where_it_lives_on(district):
    first, second = district.raised().number, district.raised().number
    case = district.act(second, "merge", now=at(1), into=first)
    assert case.state == "merged"
    assert selectors.dossier(number=first, actor=district.owner, now=at(2)).merged_numbers == [second]
    with pytest.raises(errors.Conflict):
        district.act(second, "accept", now=at(3))


@pytest.mark.parametrize(
    ("into", "code"), [("self", "merge_self"), ("BH-1", "merge_unknown"), ("ended", "merge_ended")]
)
def test_merging_into_nonsense_is_refused(district, into, code):
    number = district.raised().number
    other = district.case("decline").number
    with pytest.raises(errors.Invalid) as refused:
        district.act(number, "merge", now=at(9), into={"self": number, "ended": other}.get(into, into))
    assert refused.value.code == code


@pytest.mark.parametrize("to", ["conference", "catch_all", "leader"])
def test_escalation_goes_up(district, to):
    case = district.case("accept")
    assert district.act(case.number, "escalate", now=at(5), to=to).escalated_to == to


@pytest.mark.parametrize("to", ["seat", "330100", "nowhere"])
def test_escalation_goes_nowhere_else(district, to):
    case = district.case("accept")
    with pytest.raises(errors.Invalid):
        district.act(case.number, "escalate", now=at(5), to=to)
