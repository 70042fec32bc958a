"""督办单: set going by a light once, owned by whom the rulebook names, followed until it is written off."""

import datetime as dt

import pytest
from django.utils import translation

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import errors
from bihuan.mechanisms.oversight import selectors, services
from bihuan.mechanisms.oversight.tests.conftest import LATE

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class TestSettingGoing:
    def test_a_red_light_drafts_one_order_for_its_owner(self, watch):
        case, order = watch.overdue()
        assert (order.state, order.owner, order.light) == ("drafted", "supervision_office", "red")
        assert order.number == f"DB-{case.number.removeprefix('BH-')}-1"
        assert watch.facts(order) == ["order_drafted"]
        assert watch.told(watch.staff("supervision_office"), "case.follows.supervision_order") == 1
        watch.pass_time(LATE + 3 * DAY, LATE)
        assert watch.facts(order) == ["order_drafted", "order_late"]

    def test_in_qiantang_the_catch_all_board_supervises(self, watch):
        watch.rule("qiantang")
        _case, order = watch.overdue()
        assert order.owner == "catch_all"
        with pytest.raises(errors.Forbidden):
            watch.take(order, "approve", actor=watch.staff("supervision_office"))
        assert watch.take(order, "approve", actor=watch.staff("catch_all")).state == "approved"

    def test_a_rework_that_runs_out_too_sets_going_no_second_order(self, watch):
        case, order = watch.overdue()
        watch.act(case.number, "reply", now=LATE + HOUR)
        watch.act(case.number, "verify_return", now=LATE + 2 * HOUR)
        watch.pass_time(LATE + 12 * DAY, LATE + 2 * HOUR)
        assert watch.order(case).id == order.id

    def test_what_was_withdrawn_takes_back_its_order(self, watch):
        case, order = watch.overdue()
        watch.act(case.number, "withdraw", now=LATE + HOUR)
        watch.pass_time(LATE + 20 * DAY, LATE + HOUR)
        assert watch.order(case).state == "taken_back"
        assert watch.facts(order)[-1] == "order_lapse"
        assert watch.entries(case, "warning") == ["cleared"]

    @pytest.mark.parametrize(("issued", "state"), [(False, "taken_back"), (True, "issued")])
    def test_a_closed_matter_needs_no_order_that_was_not_issued(self, watch, issued, state):
        case, order = watch.overdue()
        for action in ("approve", "issue") if issued else ():
            watch.take(order, action, actor=watch.staff("supervision_office"))
        for action in ("reply", "verify_close"):
            watch.act(case.number, action, now=LATE + 2 * HOUR)
        assert watch.order(case).state == state


class TestCourse:
    def test_from_the_draft_to_the_write_off(self, watch):
        _case, order = watch.overdue()
        owner, liaison, at = watch.staff("supervision_office"), watch.liaison(), LATE
        steps = [
            ("approve", owner, "approved"),
            ("issue", owner, "issued"),
            ("sign", liaison, "signed"),
            ("report", liaison, "reported"),
            ("send_back", owner, "signed"),
            ("report", liaison, "reported"),
            ("verify", owner, "verified"),
            ("close", owner, "closed"),
        ]
        for action, who, state in steps:
            at += HOUR / 4
            order = watch.take(order, action, actor=who, now=at, text=f"{action}：已核")
            assert order.state == state
        assert (order.demand, order.report, order.outcome) == ("approve：已核", "report：已核", "close：已核")
        assert (order.sent_back, order.ended_at, order.due_at) == (1, at, None)
        assert watch.told(liaison, "oversight.issue") == 1
        assert watch.told(owner, "oversight.report") == 2
        watch.pass_time(at + 30 * DAY, at)
        assert "order_late" not in watch.facts(order)

    @pytest.mark.parametrize(
        ("steps", "clock"),
        [((), "order_issue"), (("approve", "issue"), "order_sign"), (("approve", "issue", "sign"), "order_report")],
    )
    def test_each_step_has_its_limit(self, watch, steps, clock):
        case, order = watch.overdue(until=NOW + 7 * DAY + 10 * HOUR)
        at, who = NOW + 7 * DAY + 11 * HOUR, {"sign": watch.liaison()}
        for action in steps:
            watch.take(order, action, actor=who.get(action, watch.staff("supervision_office")), now=at)
        watch.pass_time(at + 9 * DAY, at)
        late = watch.order(case)
        assert late.late_since is not None
        assert watch.facts(order).count("order_late") == 1
        assert watch.told(watch.staff("leader"), "oversight.late") == 1

    def test_it_goes_up_to_the_leader_who_settles_it(self, watch):
        _case, order = watch.overdue()
        owner = watch.staff("supervision_office")
        for action in ("approve", "issue", "escalate"):
            order = watch.take(order, action, actor=owner)
        assert watch.told(watch.staff("leader"), "oversight.escalate") == 1
        with pytest.raises(errors.Forbidden):
            watch.take(order, "settle", actor=owner)
        assert watch.take(order, "settle", actor=watch.staff("leader")).state == "closed"


class TestRefusals:
    def test_who_handles_never_decides_on_the_order(self, watch):
        _case, order = watch.overdue()
        for who in (watch.liaison(), watch.liaison(role="department_head"), watch.staff("coordinator")):
            with pytest.raises(errors.Forbidden):
                watch.take(order, "approve", actor=who)

    def test_the_raiser_sees_no_order(self, watch):
        _case, order = watch.overdue()
        with pytest.raises(errors.NotFound):
            watch.take(order, "approve", actor=watch.owner)
        assert selectors.orders(actor=watch.owner, now=LATE) == ([], None)

    def test_a_wrong_state_says_what_would_go(self, watch):
        _case, order = watch.overdue()
        with pytest.raises(errors.Conflict) as refused:
            watch.take(order, "verify", actor=watch.staff("supervision_office"))
        assert refused.value.extra["allowed_actions"] == ["approve", "take_back"]

    @pytest.mark.parametrize("body", [{}, {"text": " "}, {"text": "x" * 4001}, {"text": 7}])
    def test_words_are_needed(self, watch, body):
        _case, order = watch.overdue()
        with pytest.raises(errors.Invalid):
            services.take(
                order_id=order.id, action="approve", actor=watch.staff("supervision_office"), now=LATE, body=body
            )

    def test_nobody_leads_so_nobody_gets_the_order(self, watch):
        _case, order = watch.overdue("accept")
        watch.take(order, "approve", actor=watch.staff("supervision_office"))
        with pytest.raises(errors.Conflict) as refused:
            watch.take(order, "issue", actor=watch.staff("supervision_office"))
        assert refused.value.code == "no_lead"


class TestLists:
    def test_orange_puts_it_on_the_warning_list_once_and_an_end_clears_it(self, watch):
        case, _order = watch.overdue()
        assert watch.entries(case, "warning") == ["listed"]
        (seen,), _more = selectors.entries(actor=watch.staff("coordinator"), now=LATE, kind="warning")
        took = services.take_entry(
            entry_id=seen.thing.id,
            action="acknowledge",
            actor=watch.staff("coordinator"),
            now=LATE,
            body={"text": "已约谈承办科室"},
        )
        assert took.state == "acknowledged"
        for action in ("reply", "verify_close"):
            watch.act(case.number, action, now=LATE + HOUR)
        assert watch.entries(case, "warning") == ["cleared"]

    def test_more_time_makes_it_calm_again(self, watch):
        case = watch.case("accept", "dispatch", "sign")
        watch.act(case.number, "request_extension", now=NOW + HOUR)
        watch.pass_time(NOW + 6 * DAY + 12 * HOUR)
        assert watch.entries(case, "warning") == ["listed"]
        watch.act(case.number, "decide_extension", now=NOW + 6 * DAY + 13 * HOUR)
        assert watch.entries(case, "warning") == ["cleared"]


class TestLetter:
    def test_an_issued_order_is_a_numbered_letter_that_keeps_step(self, watch):
        case, order = watch.overdue()
        owner, liaison = watch.staff("supervision_office"), watch.liaison()
        watch.take(order, "approve", actor=owner, text="三日内办结")
        with pytest.raises(errors.NotFound):
            selectors.letter(order_id=order.id, actor=owner)
        watch.take(order, "issue", actor=owner, text="请主要负责同志过问")
        letter = selectors.letter(order_id=order.id, actor=liaison)
        assert (letter.number, letter.state) == ("督办〔2026〕1号", "issued")
        assert (letter.head, letter.addressee_name) == ("澜川区人民政府督查室", watch.department("housing").name)
        for words in (
            case.title,
            case.number,
            "一、督办要求\n三日内办结\n请主要负责同志过问\n二、报告时限",
            "5个工作日",
        ):
            assert words in letter.text
        for action, who, state in (
            ("sign", liaison, "received"),
            ("report", liaison, "replied"),
            ("send_back", owner, "received"),
            ("report", liaison, "replied"),
            ("verify", owner, "replied"),
            ("close", owner, "written_off"),
        ):
            took = watch.take(order, action, actor=who)
            letter = selectors.letter(order_id=order.id, actor=owner)
            assert letter.state == state
            if action == "sign":
                assert letter.reply_due_at == took.due_at
        assert (letter.reply, letter.outcome, letter.returned) == ("请三日内办结", "请三日内办结", 1)

    def test_it_is_in_chinese_whoever_issues_it_and_withdrawn_with_its_order(self, watch):
        case, order = watch.overdue()
        with translation.override("en"):
            for action in ("approve", "issue"):
                watch.take(order, action, actor=watch.staff("supervision_office"))
        letter = selectors.letter(order_id=order.id, actor=watch.staff("leader"))
        assert letter.title == f"关于“{case.title}”的督办通知"
        watch.act(case.number, "withdraw", now=LATE + 2 * HOUR)
        assert selectors.letter(order_id=order.id, actor=watch.staff("leader")).state == "withdrawn"

    def test_a_place_says_whose_letter_it_is(self, watch):
        watch.rule(text="oversight: {orders: {letter_head: 澜川区人民政府办公室, letter_mark: 澜政督}}")
        _case, order = watch.overdue()
        for action in ("approve", "issue"):
            watch.take(order, action, actor=watch.staff("supervision_office"))
        letter = selectors.letter(order_id=order.id, actor=watch.staff("leader"))
        assert (letter.head, letter.number) == ("澜川区人民政府办公室", "澜政督〔2026〕1号")

    def test_who_may_not_see_the_order_sees_no_letter(self, watch):
        _case, order = watch.overdue()
        for action in ("approve", "issue"):
            watch.take(order, action, actor=watch.staff("supervision_office"))
        for who in (watch.owner, watch.stranger, watch.liaison("tax")):
            with pytest.raises(errors.NotFound):
                selectors.letter(order_id=order.id, actor=who)
            assert selectors.letter_if(order_id=order.id, actor=who) is None
