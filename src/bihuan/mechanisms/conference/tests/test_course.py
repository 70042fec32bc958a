"""疑难问题会议办: from the candidate to the decision that is written off, and what stands in the way."""

import datetime as dt

import pytest

from bihuan.casework.cases.events import InstitutionProposed
from bihuan.casework.cases.factories import NOW
from bihuan.casework.registers import selectors as registers
from bihuan.foundation.kernel import database, errors, events
from bihuan.foundation.ledger import verification
from bihuan.mechanisms.conference import selectors, services
from bihuan.mechanisms.conference.models import Attendee, Decision, Institution, Item, Meeting
from bihuan.mechanisms.conference.tests.conftest import DAY, DECISION, HOUR


class TestCandidates:
    def test_taken_up_once_and_told(self, house):
        case, item = house.candidate()
        assert (item.state, item.source) == ("candidate", "proposal")
        with pytest.raises(errors.Conflict) as twice:
            house.act(case.number, "escalate", now=NOW + 2 * HOUR)
        assert twice.value.code == "vetoed"
        assert len(house.rows(Item, case=case)) == 1

    def test_tiers_and_lights_propose_by_themselves(self, house):
        house.rule("lights:\n  - {id: red, name: 红, at: 100%, consequences: [conference]}")
        hard = house.case("accept", "dispatch", "sign")
        house.act(hard.number, "move_tier", now=NOW + HOUR, tier="hard", reason="本级板块都协调不了")
        assert house.item(hard).source == "tier"
        late = house.case("accept", "dispatch", "sign")
        house.pass_time(NOW + 9 * DAY)
        assert house.item(late).source == "light"
        assert len(house.rows(Item, case=hard)) == 1

    def test_whoever_screens_second_finds_it_screened(self, house):
        _case, item = house.candidate()
        house.take(item, "screen", text="上会")
        with pytest.raises(errors.Conflict) as second:
            house.take(item, "screen", actor=house.staff("catch_all"), text="上会")
        assert second.value.code == "state_forbids"
        assert "put_on" in second.value.extra["allowed_actions"]

    def test_not_taken_goes_back_with_the_reason(self, house):
        case, item = house.candidate()
        house.take(item, "turn_down", reason="一个部门就能办")
        assert house.fresh(case.number).escalated_to == ""
        assert house.facts(item) == ["proposed", "turn_down"]
        assert house.told(house.liaison(), "item.turn_down") == 1
        house.act(case.number, "escalate", now=NOW + 5 * HOUR)
        assert house.item(case).state == "candidate"

    def test_nobody_screens_in_time_and_the_leader_hears_of_it(self, house):
        leader = house.staff("leader")
        _case, item = house.candidate()
        house.pass_time(NOW + 12 * DAY)
        assert house.facts(item) == ["proposed", "late"]
        assert house.told(leader, "item.late") == 1

    def test_it_lapses_when_the_matter_ends(self, house):
        case, item = house.candidate()
        house.act(case.number, "withdraw", now=NOW + 2 * HOUR)
        assert house.fresh_one(item).state == "lapsed"


class TestSession:
    def test_without_a_leading_group_none_is_called(self, house):
        with pytest.raises(errors.Conflict) as refused:
            house.session()
        assert refused.value.code == "no_group"

    @pytest.mark.parametrize(("here", "code"), [((1,), "no_quorum"), ((2, 3), "no_quorum"), ((0, 2), None)])
    def test_without_quorum_it_does_not_open_and_nothing_is_decided(self, house, here, code):
        house.lead()
        _case, item = house.candidate()
        meeting = house.session()
        house.on_agenda(item, meeting)
        seats = [str(one.id) for one in house.rows(Attendee, meeting=meeting)]
        present = [seats[place] for place in here]
        if code is None:
            assert house.take(meeting, "hold", now=NOW + 2 * DAY, present=present).quorum == {"needed": 2, "present": 2}
            return
        with pytest.raises(errors.Conflict) as refused:
            house.take(meeting, "hold", now=NOW + 2 * DAY, present=present)
        assert refused.value.code == code
        with pytest.raises(errors.Conflict):
            house.take(item, "decide", now=NOW + 2 * DAY, **DECISION)

    def test_minutes_need_a_result_for_every_item_and_are_written_by_themselves(self, house):
        house.lead()
        (_one, first), (_two, second) = house.candidate(), house.candidate(now=NOW + 2 * HOUR)
        meeting = house.session()
        for item in (first, second):
            house.on_agenda(item, meeting)
        house.take(meeting, "brief", briefing="国办函 66 号", report="上月 93 件，办结 91 件")
        house.open(meeting)
        house.take(first, "decide", now=NOW + 2 * DAY + HOUR, **DECISION)
        with pytest.raises(errors.Conflict) as early:
            house.take(meeting, "minute", now=NOW + 2 * DAY + 2 * HOUR, text="散会")
        assert early.value.code == "items_open"
        house.take(second, "put_off", now=NOW + 2 * DAY + 2 * HOUR, reason="材料不齐")
        house.take(meeting, "minute", now=NOW + 2 * DAY + 3 * HOUR, text="散会")
        read = house.minutes(meeting, house.staff("coordinator"))
        for words in ("三部门联合到场", "housing 局", "国办函 66 号", "散会", "出清单"):
            assert words in read
        assert house.fresh_one(second).state == "screened"

    def test_a_guest_reads_of_the_minutes_what_concerns_his_department(self, house):
        house.lead()
        (_one, first), (_two, second) = house.candidate(), house.candidate(now=NOW + 2 * HOUR)
        meeting = house.session()
        for item in (first, second):
            house.on_agenda(item, meeting)
        house.take(meeting, "invite", departments=["water"], enterprises=[], people=[])
        house.open(meeting)
        house.take(first, "decide", now=NOW + 2 * DAY + HOUR, **DECISION | {"owner": "water"})
        house.take(second, "decide", now=NOW + 2 * DAY + HOUR, **DECISION | {"what": "原料绕行一事另议"})
        house.take(meeting, "minute", now=NOW + 2 * DAY + 3 * HOUR, text="散会")
        guest = house.minutes(meeting, house.liaison("water"))
        assert "三部门联合到场" in guest
        assert "原料绕行" not in guest
        assert guest.count("另有一件") == 1
        assert "散会" in guest
        assert "另有一件" not in house.minutes(meeting, house.staff("coordinator"))

    def test_late_minutes_are_told(self, house):
        house.decided()
        house.pass_time(NOW + 9 * DAY, NOW + 2 * DAY)
        meeting = house.rows(Decision)[0].meeting_id
        assert "late" in house.facts(type("Thing", (), {"id": meeting}))

    def test_a_cancelled_session_frees_what_was_on_it(self, house):
        house.lead()
        _case, item = house.candidate()
        meeting = house.session()
        house.on_agenda(item, meeting)
        house.take(meeting, "cancel", reason="台风")
        stored = house.fresh_one(item)
        assert (stored.state, stored.meeting_id) == ("screened", None)

    def test_unfinished_decisions_are_on_the_next_agenda_once(self, house):
        _case, decision = house.decided()
        following = house.session(at=NOW + 20 * DAY, now=NOW + 3 * DAY)
        (review,) = house.rows(Item, meeting=following)
        assert (review.state, review.source, review.follows_id) == ("on_agenda", "review", decision.id)
        third = house.session(at=NOW + 30 * DAY, now=NOW + 4 * DAY)
        assert house.rows(Item, meeting=third) == []
        house.open(following, now=NOW + 20 * DAY)
        house.take(review, "review", now=NOW + 20 * DAY + HOUR, text="还差一个部门")
        house.take(following, "minute", now=NOW + 20 * DAY + 2 * HOUR, text="散会")
        assert [one.follows_id for one in house.rows(Item, meeting=third)] == [decision.id]

    def test_a_lasting_rule_is_told_to_whoever_keeps_the_register(self, house):
        case, decision = house.decided()
        heard = []
        events.subscribe(InstitutionProposed, heard.append)
        try:
            meeting = house.rows(type(decision)._meta.get_field("meeting").related_model)[0]
            body = {"title": "联合验收一次告知办法", "text": "三部门共用一张清单"}
            house.take(meeting, "propose_institution", now=NOW + 3 * DAY, **body)
            with pytest.raises(errors.Conflict):
                house.take(meeting, "propose_institution", now=NOW + 3 * DAY, **body)
        finally:
            events._handlers[InstitutionProposed].remove(heard.append)
        assert [event.case_ids for event in heard] == [(case.id,)]

    def test_the_register_learns_of_lasting_rules_from_before_there_was_one_and_only_once(self, house):
        case, decision = house.decided()
        (meeting,) = house.rows(Meeting, pk=decision.meeting_id)
        earlier = Institution(meeting=meeting, region=meeting.region, title="首席服务员办法", text="一企一员")
        earlier.case_ids, earlier.proposed_by, earlier.proposed_at = [case.id], case.id, NOW
        with database.writing():
            earlier.save(force_insert=True)
        assert services.propose_earlier(now=NOW + DAY) == 1
        assert services.propose_earlier(now=NOW + DAY) == 0
        with database.writing():
            known = registers.came_from(source="conference", source_ids=[earlier.id])
        assert known == {earlier.id}


class TestDecision:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"within": None, "due": "2026-11-01"}, "due"),
            ({"within": "70wd"}, "due"),
            ({"owner": "nonsense"}, "owner"),
            ({"person": "nobody"}, "person"),
            ({"within": None}, "body"),
        ],
    )
    def test_bad_words_are_refused(self, house, given, field):
        with pytest.raises(errors.Invalid) as refused:
            house.decided(**given)
        assert refused.value.field == field

    def test_carried_out_verified_by_another_and_written_off(self, house):
        case, decision = house.decided()
        assert house.told(house.liaison(), "decision.assigned") == 1
        at = NOW + 3 * DAY
        house.take(decision, "report", actor=house.liaison(), now=at, text="清单已出")
        for who in (house.liaison(), house.liaison(role="department_head")):
            with pytest.raises(errors.Forbidden):
                house.take(decision, "write_off", actor=who, now=at, text="好")
        watch = house.staff("supervision_office")
        house.take(decision, "send_back", actor=watch, now=at + HOUR, text="石渚镇还没试")
        house.take(decision, "report", actor=house.liaison(), now=at + DAY, text="石渚镇已试")
        done = house.take(decision, "write_off", actor=watch, now=at + DAY + HOUR, text="现场看过")
        assert (done.state, done.verified_by, done.sent_back) == ("written_off", watch.person_id, 1)
        assert house.fresh(case.number).escalated_to == ""
        assert house.facts(decision) == ["assigned", "report", "send_back", "report", "write_off"]
        assert verification.verify(stream=decision.id).ok

    def test_time_stands_while_the_report_is_verified(self, house):
        _case, decision = house.decided()
        due = decision.due_at
        house.take(decision, "report", actor=house.liaison(), now=NOW + 3 * DAY, text="清单已出")
        back = house.take(decision, "send_back", now=NOW + 8 * DAY, text="没有清单")
        assert back.due_at > due
        assert back.original_due_at == due

    def test_lights_remind_and_an_overdue_one_reaches_the_supervisors(self, house):
        _case, decision = house.decided()
        house.pass_time(NOW + 15 * DAY, NOW + 2 * DAY)
        assert house.facts(decision) == ["assigned", "light", "light", "late"]
        for who in (
            house.person("member1", "supervision_office"),
            house.person("member2", "discipline"),
            house.liaison(),
        ):
            assert house.told(who, "decision.late") == 1
        with pytest.raises(errors.Forbidden):
            house.take(decision, "give_time", now=NOW + 15 * DAY, days=5, reason="等配件")
        more = house.take(
            decision, "give_time", actor=house.staff("leader"), now=NOW + 15 * DAY, days=9, reason="等配件"
        )
        assert (more.late_since, more.original_due_at) == (None, decision.original_due_at)

    def test_an_owner_who_left_is_followed_by_the_department(self, house):
        liaison = house.liaison()
        _case, decision = house.decided(person=house.username(liaison))
        seen = selectors.decision(decision_id=decision.id, actor=house.staff("coordinator"), now=NOW + 3 * DAY)
        assert (seen.left, len(seen.people)) == (False, 2)
        house.leave(liaison)
        seen = selectors.decision(decision_id=decision.id, actor=house.staff("coordinator"), now=NOW + 3 * DAY)
        assert (seen.left, len(seen.people)) == (True, 1)
        house.take(decision, "report", actor=house.liaison(role="department_head"), now=NOW + 3 * DAY, text="我来办")

    def test_another_department_answers_without_seeing_the_case(self, house):
        helper = house.liaison("water")
        case, decision = house.decided(owner="water")
        seen = selectors.decision(decision_id=decision.id, actor=helper, now=NOW + 3 * DAY)
        assert (seen.case, seen.available_actions) == (None, ["report"])
        house.take(decision, "report", actor=helper, now=NOW + 3 * DAY, text="水表已装")
        with pytest.raises(errors.NotFound):
            house.take(decision, "report", actor=house.owner, now=NOW + 3 * DAY, text="x")
        assert case.lead_department_id != decision.owner_department_id


class TestConsultation:
    def test_boards_come_by_their_lead_and_commit(self, house):
        case = house.case("accept", "dispatch", "sign")
        house.act(case.number, "move_tier", now=NOW + HOUR, tier="complex")
        body = {
            "number": case.number,
            "reason": "三家说法不一",
            "starts_at": (NOW + DAY).isoformat(),
            "place": "企服中心",
            "boards": ["projects"],
            "departments": ["water"],
        }
        made = services.consult(actor=house.staff("coordinator"), now=NOW + 2 * HOUR, body=body)
        with pytest.raises(errors.Conflict) as twice:
            services.consult(actor=house.staff("coordinator"), now=NOW + 2 * HOUR, body=body)
        assert twice.value.code == "consulted_already"
        assert len(house.rows(Attendee, meeting=made)) == 2
        house.take(made, "hold", now=NOW + DAY, present=[])
        item = house.item(case)
        house.take(item, "decide", now=NOW + DAY + HOUR, what="先通水", owner="water", within="3wd")
        house.take(made, "minute", now=NOW + DAY + 2 * HOUR, text="各自认领")
        assert "先通水" in house.minutes(made, house.staff("coordinator"))
        assert [one.state for one in house.rows(Decision, case=case)] == ["assigned"]

    def test_a_board_without_lead_is_refused_by_name(self, house):
        case = house.case("accept", "dispatch", "sign")
        house.end_department("housing")
        body = {
            "number": case.number,
            "reason": "三家说法不一",
            "starts_at": (NOW + DAY).isoformat(),
            "place": "企服中心",
            "boards": ["projects"],
        }
        with pytest.raises(errors.Invalid) as refused:
            services.consult(actor=house.staff("coordinator"), now=NOW + 2 * HOUR, body=body)
        assert refused.value.code == "board_without_lead"


def test_the_panel_knows_how_long_it_lay_where(house):
    case, _item = house.candidate()
    house.act(case.number, "move_tier", now=NOW + 2 * HOUR, tier="complex")
    found = selectors.of_case(case=house.fresh(case.number), actor=house.staff("coordinator"), now=NOW + DAY)
    assert list(found.tiers) == ["ordinary", "complex"]
    assert found.tiers["ordinary"] == dt.timedelta(hours=2) - dt.timedelta(minutes=1)
    assert found.now_with == "conference"
