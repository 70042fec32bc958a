"""联动上报 inside one installation: what goes up, what comes down, and what neither loses nor repeats."""

import pytest

from bihuan.casework.cases import permissions as visibility
from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.selectors import showing
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory import recent
from bihuan.foundation.directory.models import Board
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.escalation import selectors, services
from bihuan.mechanisms.escalation.models import Arrival, Escalation, Heard, Message
from bihuan.mechanisms.escalation.tests.conftest import CITY, DAY, HOUR

AT = NOW + 2 * HOUR


class TestTheWayUpAndDown:
    def test_it_becomes_a_case_of_its_own_above_and_both_clocks_run(self, levels):
        case, one = levels.sent()
        arrival = levels.arrival(one)
        assert (one.state, one.far_number, one.far_state) == ("received", arrival.case.number, "submitted")
        assert (arrival.case.region, arrival.case.channel, arrival.case.enterprise_id) == (CITY, "below", None)
        assert (arrival.enterprise_name, arrival.far_number) == (levels.firm.name, case.number)
        assert arrival.case.due_at != case.due_at
        assert arrival.far_due_at == levels.fresh(case.number).due_at
        seen = selectors.one(thing_id=one.id, actor=levels.staff("coordinator"), now=AT)
        assert (seen.near, seen.far) == ("green", "green")
        assert levels.fresh(case.number).state == "signed"
        assert levels.told(levels.city("coordinator"), "arrival.arrived") == 1

    def test_what_happens_above_is_seen_below_and_the_answer_comes_down(self, levels):
        case, one = levels.sent()
        levels.above(one, "accept", now=AT, tier="ordinary", board="general")
        assert levels.stored(one).far_state == "accepted"
        levels.above(one, "dispatch", now=AT, lead="works")
        levels.above(one, "sign", now=AT, who="liaison")
        levels.above(one, "report_progress", now=AT, who="liaison", text="已与省厅沟通")
        levels.above(one, "reply", now=AT, who="liaison", text="准予分期验收", kind="resolved")
        levels.above(one, "verify_close", now=AT)
        one = levels.stored(one)
        assert (one.state, one.answer, one.answer_kind) == ("answered", "准予分期验收", "resolved")
        assert levels.facts(one) == ["sent", "received", "told", "answered"]
        words = [(fact["kind"], fact["on_behalf_of"], *fact["data"].values()) for fact in self._spoken(case)]
        assert words[0][:2] == ("case.noted", CITY)
        assert "已与省厅沟通" in words[0]
        assert words[1][:2] == ("case.came_down", CITY)
        assert "准予分期验收" in words[1]
        assert levels.fresh(case.number).escalated_to == ""
        assert levels.told(levels.liaison(), "escalation.answered") == 1
        for action in ("reply", "verify_close", "confirm"):
            levels.act(case.number, action, now=AT + HOUR)
        services.deliver_due(now=AT + HOUR)
        upper = levels.arrival(one).case
        assert (upper.word, upper.achieved) == ("confirmed", True)

    def _spoken(self, case):
        with database.writing():
            facts = showing.trace(case=Case.objects.get(pk=case.id), actor=visibility.THE_SYSTEM)
        return [fact for fact in facts if fact["kind"] in ("case.noted", "case.came_down")]

    def test_the_raiser_sees_nothing_of_it(self, levels):
        case, one = levels.sent()
        levels.answered(one, now=AT)
        with database.writing():
            seen = showing.trace(case=Case.objects.get(pk=case.id), actor=levels.owner)
        assert not {"case.noted", "case.escalated", "case.came_down"} & {fact["kind"] for fact in seen}
        assert selectors.page(actor=levels.owner, now=AT, up=True, state="") == ([], None)

    def test_a_question_goes_down_and_its_answer_up(self, levels):
        _case, one = levels.sent()
        levels.above(one, "request_supplement", now=AT, what="请附规划许可")
        assert (levels.stored(one).state, levels.stored(one).asked) == ("asked", "请附规划许可")
        who = levels.staff("coordinator")
        services.take(thing_id=one.id, action="answer_above", actor=who, now=AT, body={"text": "许可已附"})
        services.deliver_due(now=AT)
        assert (levels.stored(one).state, levels.arrival(one).case.state) == ("received", "submitted")
        assert levels.facts(levels.arrival(one)) == ["arrived", "answer"]

    def test_what_is_not_taken_is_told_below_with_the_reason(self, levels):
        _case, one = levels.sent()
        levels.above(one, "decline", now=AT, reason="not_in_scope", basis="属县级事权")
        one = levels.stored(one)
        assert (one.state, one.answer) == ("declined", "属县级事权")
        assert levels.arrival(one).state == "declined"

    def test_taken_back_it_ends_above_and_may_go_up_again(self, levels):
        case, one = levels.sent()
        who = levels.staff("leader")
        services.take(thing_id=one.id, action="take_back", actor=who, now=AT, body={"text": "区里已协调"})
        services.deliver_due(now=AT)
        upper = levels.arrival(one)
        assert (upper.state, upper.case.state, upper.case.closed_kind) == ("withdrawn", "closed", "withdrawn")
        again = services.send_up(number=case.number, actor=who, now=AT, body={"to": CITY, "reason": "又卡住了"})
        assert again.id != one.id

    @pytest.mark.parametrize("ending", [("withdraw",), ("reply", "verify_close"), ("come_down",)])
    def test_what_ended_below_is_taken_back_above(self, levels, ending):
        case, one = levels.sent()
        for action in ending:
            levels.act(case.number, action, now=AT)
        services.deliver_due(now=AT)
        assert levels.facts(levels.stored(one))[-1] == "lapse"
        assert levels.arrival(one).case.closed_kind == "withdrawn"

    def test_reopened_above_it_is_above_again(self, levels):
        _case, one = levels.sent()
        levels.answered(one, now=AT)
        levels.above(one, "reopen", now=AT + HOUR, reason="还没落实")
        assert (levels.stored(one).state, levels.arrival(one).state) == ("received", "open")

    def test_merged_above_the_answer_to_the_survivor_comes_down(self, levels):
        _first, one = levels.sent()
        _second, other = levels.sent()
        survivor = levels.arrival(one).case.number
        levels.above(other, "merge", now=AT, into=survivor)
        levels.answered(one, now=AT, text="一并解决")
        assert (levels.stored(other).state, levels.stored(other).answer) == ("answered", "一并解决")

    def test_no_answer_in_time_is_on_record_and_told_once(self, levels):
        _case, one = levels.sent()
        at = NOW
        for _day in range(30):
            at += DAY
            cases.sweep(now=at)
        one = levels.stored(one)
        assert levels.facts(one).count("late") == 1
        assert one.late_since == one.reply_due_at
        assert levels.told(levels.staff("leader"), "escalation.late") == 1

    def test_up_to_the_province_and_onto_its_list(self, levels):
        _case, one = levels.sent()
        directory.make_department("taskforce", region="990000")
        directory.make_board("general", lead="taskforce", region="990000")
        upper = levels.arrival(one).case
        leader = levels.city("coordinator")
        higher = services.send_up(number=upper.number, actor=leader, now=AT, body={"to": "990000", "reason": "省级"})
        services.deliver_due(now=AT)
        top = levels.arrival(higher)
        person = levels.person("top", "coordinator")  # of the district: may not
        with pytest.raises(errors.NotFound):
            services.take(thing_id=top.id, action="list", actor=person, now=AT, body={"text": "重大"})
        services.take(
            thing_id=top.id,
            action="list",
            actor=levels.city("coordinator", "990000"),
            now=AT,
            body={"text": "多地反映"},
        )
        services.deliver_due(now=AT)
        assert levels.stored(higher).listed_at == AT
        assert levels.facts(levels.stored(higher)) == ["sent", "received", "listed"]


class TestWhoAndWhither:
    @pytest.mark.parametrize("role", ["supervision_office", "department_head"])
    def test_only_whom_the_rulebook_names_sends_up(self, levels, role):
        case = levels.case("accept", "dispatch")
        who = levels.liaison(role=role) if role == "department_head" else levels.staff(role)
        with pytest.raises(errors.Forbidden):
            services.send_up(number=case.number, actor=who, now=AT, body={"to": CITY, "reason": "x"})
        assert levels.fresh(case.number).escalated_to == ""

    def test_a_place_may_leave_it_to_its_leader(self, levels):
        text = f'name: {{zh: 试, en: T}}\nregion: "{DISTRICT}"\nescalation: {{senders: [leader]}}\n'
        rulebooks.apply(region=DISTRICT, name="t", text=text, actor_id=OPERATOR, now=NOW - HOUR)
        case = levels.case("accept")
        body = {"to": CITY, "reason": "x"}
        with pytest.raises(errors.Forbidden):
            services.send_up(number=case.number, actor=levels.staff("coordinator"), now=AT, body=body)
        assert services.send_up(number=case.number, actor=levels.staff("leader"), now=AT, body=body).state == "sent"

    def test_level_by_level_and_once_at_a_time(self, levels):
        case, _one = levels.sent()
        who = levels.staff("coordinator")
        for to in ("990000", CITY):
            with pytest.raises(errors.Conflict) as refused:
                services.send_up(number=case.number, actor=who, now=AT, body={"to": to, "reason": "x"})
            assert refused.value.code == "vetoed"
        with pytest.raises(errors.Invalid):
            services.send_up(number=case.number, actor=who, now=AT, body={"to": "conference", "reason": "x"})

    def test_each_level_sees_its_own_side(self, levels):
        case, one = levels.sent()
        county, city = levels.staff("coordinator"), levels.city("coordinator")
        arrival = levels.arrival(one)
        assert [row.thing.id for row in selectors.page(actor=county, now=AT, up=True)[0]] == [one.id]
        assert selectors.page(actor=county, now=AT, up=False)[0] == []
        assert [row.thing.id for row in selectors.page(actor=city, now=AT, up=False)[0]] == [arrival.id]
        with pytest.raises(errors.NotFound):
            selectors.one(thing_id=arrival.id, actor=county, now=AT)
        for actor, model, count in ((county, Arrival, 0), (county, Escalation, 1), (levels.owner, Message, 1)):
            with database.reading(actor.scope()):
                shown = model.objects.filter(case_id__in=[case.id, arrival.case_id]).count()
            assert shown == count, (model, "the second wall alone")
        with database.reading(county.scope()):
            assert Heard.objects.count() == 0


class TestDelivery:
    def test_what_was_delivered_twice_had_its_effect_once(self, levels):
        _case, one = levels.sent()
        with database.writing():
            Message.objects.filter(thread=one.id).update(delivered_at=None, next_at=NOW)
        services.deliver_due(now=AT)
        assert levels.waiting() == 0
        assert levels.facts(levels.stored(one)) == ["sent", "received"]
        with database.writing():
            assert Case.objects.filter(source="escalation").count() == 1

    def test_words_keep_their_order_when_the_first_one_is_held_up(self, levels):
        _case, one = levels.sent()
        levels.above(one, "request_supplement", now=AT, what="？", deliver=False)
        with database.writing():
            Message.objects.filter(thread=one.id, direction="down", delivered_at=None).update(next_at=AT + HOUR)
        number = levels.arrival(one).case.number
        cases.take(number=number, action="supplement", actor=levels.city("seat"), now=AT, body={"text": "自行补正"})
        services.deliver_due(now=AT)
        assert levels.stored(one).state == "received", "the second word waits for the first"
        services.deliver_due(now=AT + HOUR)
        assert (levels.stored(one).state, levels.stored(one).far_state) == ("asked", "submitted")

    def test_where_nobody_looks_after_matters_it_counts_as_not_taken(self, levels):
        _case, one = levels.sent(deliver=False)
        with database.writing():
            Board.objects.filter(region=CITY).update(valid_to=NOW.date())
        recent.forget_all()
        services.deliver_due(now=AT)
        one = levels.stored(one)
        assert one.state == "declined"
        assert levels.waiting() == 0
