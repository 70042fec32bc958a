"""Each kind goes its course; what is wrong with a step is refused and says so."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import translation

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts import services as people
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.documents import selectors as documents
from bihuan.foundation.kernel import clock, errors
from bihuan.mechanisms.instruments import selectors, services
from bihuan.mechanisms.instruments.states import KINDS, STEPS, next_step
from bihuan.mechanisms.instruments.tests.conftest import DAY, HOUR


def letter_of(desk, thing):
    return documents.newest_about(thing=thing.id, scope=desk.staff(thing.issuer).scope())


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_it_goes_from_the_draft_to_the_write_off_as_a_numbered_letter(self, desk, kind):
        thing = desk.draft(kind)
        for step in KINDS[kind].course:
            assert step in desk.seen(thing, desk.who(thing, step)).available_actions
            thing = desk.take(thing, step)
        assert (thing.state, thing.ended_at) == ("closed", NOW + HOUR)
        letter = letter_of(desk, thing)
        assert letter.number.endswith("〔2026〕1号")
        assert letter.state == "written_off"
        assert desk.facts(thing)[: len(KINDS[kind].course) + 1] == ["drafted", *KINDS[kind].course]
        assert documents.file(letter, "pdf")[:5] == b"%PDF-"

    def test_only_the_expected_step_goes_and_the_answer_says_which(self, desk, kind):
        thing = desk.draft(kind)
        thing = desk.take(thing, KINDS[kind].course[0])
        with pytest.raises(errors.Conflict) as refused:
            desk.take(thing, KINDS[kind].course[0])
        assert refused.value.code == "state_forbids"
        assert (
            refused.value.extra["allowed_actions"]
            == desk.seen(thing, desk.who(thing, KINDS[kind].course[0])).available_actions
        )
        with pytest.raises(errors.NotFound):
            desk.take(thing, "nonsense", actor=desk.drafter(kind))

    def test_the_side_that_it_goes_to_never_acts_for_the_issuer(self, desk, kind):
        thing = desk.draft(kind)
        liaison = desk.liaison()
        for step in KINDS[kind].course:
            if STEPS[step][1] != "addressee" and thing.shown:
                with pytest.raises(errors.Forbidden):
                    desk.take(thing, step, actor=liaison)
            thing = desk.take(thing, step)

    def test_taken_back_its_number_stays_used(self, desk, kind):
        thing = desk.until(desk.draft(kind), "issued")
        desk.take(thing, "take_back", actor=desk.drafter(kind))
        assert letter_of(desk, thing).state == "withdrawn"
        again = desk.until(desk.draft(kind), "issued")
        assert letter_of(desk, again).serial == 2


class TestDraft:
    def test_the_drafter_never_reviews_or_approves(self, desk):
        thing = desk.draft("oversight_recommendation")
        with pytest.raises(errors.Forbidden):
            desk.take(thing, "approve", actor=desk.drafter(thing.kind))
        assert "approve" not in desk.seen(thing, desk.drafter(thing.kind)).available_actions
        assert desk.told(desk.drafter(thing.kind), "drafted") == 0

    @pytest.mark.parametrize("role", ["coordinator", "leader", "seat"])
    def test_only_the_offices_of_the_table_draft_a_kind(self, desk, role):
        with pytest.raises(errors.Forbidden):
            desk.draft("discipline_recommendation", actor=desk.staff(role))

    def test_a_recommendation_needs_all_its_parts(self, desk):
        for missing in ("source", "problems", "causes", "suggestions"):
            with pytest.raises(errors.Invalid) as refused:
                desk.draft("discipline_recommendation", **{missing: " "})
            assert refused.value.field == missing

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"department": "nobody"}, "department_unknown"),
            ({"case": "BH-0"}, "case_unknown"),
            ({"title": ""}, "invalid_body"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, desk, given, code):
        with pytest.raises(errors.Invalid) as refused:
            desk.draft("reminder", **given)
        assert refused.value.code == code

    def test_an_unknown_kind_is_refused(self, desk):
        with pytest.raises(errors.Invalid):
            services.draft(kind="x", region=DISTRICT, body={}, actor=desk.staff("leader"), now=NOW)

    def test_nobody_writes_to_their_own_department(self, desk):
        both = desk.person("both", "supervision_office")
        people.appoint(
            person_id=both.person_id,
            role="liaison",
            region=DISTRICT,
            department_id=desk.department("housing").id,
            actor_id=OPERATOR,
            now=NOW,
        )
        accounts.forget()
        both = Actor(reader=accounts.reader_of(both.person_id))
        with pytest.raises(errors.Forbidden):
            desk.draft("reminder", actor=both)

    def test_it_is_attached_to_a_case_or_to_none(self, desk):
        case = desk.case("accept", "dispatch", "sign")
        thing = desk.draft("reminder", case=case.number)
        (row,) = selectors.of_case(case=case, actor=desk.staff("supervision_office"), now=NOW)
        assert row.thing == thing
        assert desk.draft("reminder").case is None


class TestLetter:
    def test_it_says_its_parts_its_basis_and_its_time_in_chinese(self, desk):
        with translation.override("en"):
            thing = desk.until(desk.draft("supervisory_recommendation"), "issued")
        letter = letter_of(desk, thing)
        assert letter.head == "澜川区监察委员会"
        assert letter.title == "关于消防验收反复退回问题的监察建议"
        for words in ("一、问题来源\n案件台账", "四、建议\n一次告知", "监察法", "20个工作日内"):
            assert words in letter.text

    def test_objection_is_offered_in_the_letter_where_law_gives_it(self, desk):
        order = letter_of(desk, desk.until(desk.draft("supervision_order"), "issued"))
        other = letter_of(desk, desk.until(desk.draft("advisory_letter"), "issued"))
        assert ("复核" in order.text, "复核" in other.text) == (True, False)

    def test_each_office_and_kind_has_a_series_of_its_own(self, desk):
        numbers = set()
        for role in ("coordinator", "catch_all", "supervision_office"):
            for kind in ("reminder", "warning"):
                thing = desk.take(desk.draft(kind, actor=desk.staff(role)), "issue", actor=desk.staff(role))
                numbers.add(thing.letter.number)
        assert len(numbers) == 6
        assert all(number.endswith("〔2026〕1号") for number in numbers)


@pytest.mark.django_db(transaction=True)
def test_a_letter_number_is_never_taken_twice_at_once(desk):
    things, start = [desk.draft("reminder") for _one in range(6)], threading.Barrier(6)
    office = desk.staff("coordinator")

    def issue(thing):
        try:
            with clock.at(NOW):
                start.wait(10)
                return desk.take(thing, "issue", actor=office).letter.serial
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(issue, things)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_is_told(desk):
    thing, start = desk.until(desk.draft("reminder"), "issued"), threading.Barrier(2)
    people = [desk.liaison(), desk.liaison(role="department_head")]

    def sign(actor):
        try:
            with clock.at(NOW):
                start.wait(10)
                return desk.take(thing, "receive", actor=actor).state
        except errors.Conflict as conflict:
            return conflict.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, people)) == ["closed", "state_forbids"]


class TestReply:
    def test_after_its_time_it_is_taken_and_counted_as_late(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "received")
        assert thing.reply_due_at == thing.due_at
        late = thing.reply_due_at + DAY
        desk.sweep(late)
        assert desk.facts(thing)[-1] == "late"
        assert desk.told(desk.liaison(), "late") == 1
        replied = desk.take(thing, "reply", now=late, text="已整改")
        assert (replied.late, replied.reply, replied.state) == (True, "已整改", "replied")
        assert letter_of(desk, thing).late
        assert selectors.figures(actor=desk.staff("leader"))["supervision_order"]["replied_late"] == 1

    def test_sent_back_it_is_counted_and_gets_new_time(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "replied")
        back = desk.take(thing, "return_reply", actor=desk.drafter(thing.kind), now=NOW + DAY)
        assert (back.state, back.returned, back.replied_at) == ("received", 1, None)
        assert back.reply_due_at == back.due_at
        assert letter_of(desk, thing).returned == 1
        assert not desk.take(back, "reply", now=NOW + 2 * DAY).late

    def test_the_issuer_asks_and_the_clock_goes_on(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "received")
        asked = desk.take(thing, "remind", actor=desk.drafter(thing.kind))
        assert (asked.state, asked.due_at) == ("received", thing.due_at)
        assert desk.told(desk.liaison(), "remind") == 1

    def test_each_kind_has_the_time_of_the_rulebook(self, desk):
        desk.rule("instruments: {reply_within: {advisory_letter: 2wd}, mark: 澜}")
        thing = desk.until(desk.draft("advisory_letter"), "received")
        assert thing.letter.number.startswith("澜")
        assert thing.due_at - NOW < 4 * DAY


class TestObjection:
    def test_it_stops_the_clock_and_rejected_the_course_goes_on(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "received")
        thing = desk.take(thing, "object", actor=desk.liaison(), now=NOW + DAY, text="事实不清")
        assert (thing.objection, thing.due_at > NOW + 25 * DAY) == ("raised", True)
        with pytest.raises(errors.Conflict) as refused:
            desk.take(thing, "reply", now=NOW + DAY)
        assert refused.value.code == "objection_open"
        thing = desk.take(thing, "decide_objection", actor=desk.staff("supervision_office", "third"), now=NOW + 2 * DAY)
        assert (thing.objection, thing.state) == ("rejected", "received")
        assert thing.reply_due_at == thing.due_at
        assert desk.take(thing, "reply", now=NOW + 3 * DAY).state == "replied"
        assert letter_of(desk, thing).reply_due_at == thing.reply_due_at

    def test_twice_is_refused(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "received")
        for who, action in (
            (desk.liaison(), "object"),
            (desk.staff("supervision_office", "third"), "decide_objection"),
        ):
            thing = desk.take(thing, action, actor=who)
        assert "object" not in desk.seen(thing, desk.liaison()).available_actions
        with pytest.raises(errors.Conflict) as refused:
            desk.take(thing, "object", actor=desk.liaison())
        assert refused.value.code == "objected_already"

    def test_too_early_or_too_late_is_refused(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "issued")
        codes = []
        for now in (NOW + HOUR, NOW + 40 * DAY):
            with pytest.raises(errors.Conflict) as refused:
                desk.take(thing, "object", actor=desk.liaison(), now=now)
            codes.append(refused.value.code)
            thing = desk.take(thing, "receive") if thing.state == "issued" else thing
        assert codes == ["not_received", "objection_late"]

    def test_upheld_it_withdraws_the_letter(self, desk):
        thing = desk.take(desk.until(desk.draft("supervision_order"), "received"), "object", actor=desk.liaison())
        who = desk.staff("supervision_office", "third")
        thing = desk.take(thing, "decide_objection", actor=who, upheld="yes", text="异议成立")
        assert (thing.state, thing.objection, thing.due_at) == ("taken_back", "upheld", None)
        assert letter_of(desk, thing).state == "withdrawn"

    def test_whoever_had_a_hand_in_it_never_decides(self, desk):
        thing = desk.take(desk.until(desk.draft("supervision_order"), "received"), "object", actor=desk.liaison())
        for who in (desk.drafter(thing.kind), desk.approver(thing.kind), desk.liaison()):
            with pytest.raises(errors.Forbidden):
                desk.take(thing, "decide_objection", actor=who)

    def test_where_law_gives_none_there_is_none(self, desk):
        thing = desk.until(desk.draft("advisory_letter"), "received")
        with pytest.raises(errors.NotFound):
            desk.take(thing, "object", actor=desk.liaison())


class TestLookBack:
    def test_all_are_looked_at_again_and_what_holds_is_done(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "closed")
        assert (thing.look, desk.facts(thing)[-1]) == ("drawn", "drawn")
        done = desk.take(thing, "look_back", actor=desk.drafter(thing.kind), now=NOW + 20 * DAY)
        assert (done.look, done.due_at, done.state) == ("holds", None, "closed")
        with pytest.raises(errors.Conflict) as refused:
            desk.take(done, "relapse", actor=desk.drafter(thing.kind))
        assert refused.value.code == "not_drawn"

    def test_a_relapse_reopens_counts_and_is_looked_at_again(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "closed")
        for count in (1, 2):
            thing = desk.take(thing, "relapse", actor=desk.drafter(thing.kind), now=NOW + count * 20 * DAY)
            assert (thing.state, thing.relapses, thing.ended_at) == ("received", count, None)
            assert letter_of(desk, thing).state == "received"
            for step in ("reply", "assess", "close"):
                thing = desk.take(thing, step, now=NOW + count * 20 * DAY + HOUR)
            assert thing.look == "drawn"
        assert desk.told(desk.liaison(), "relapse") == 2
        assert selectors.figures(actor=desk.staff("leader"))["supervision_order"]["relapsed"] == 1

    def test_a_place_may_draw_none_and_some_kinds_have_none(self, desk):
        assert desk.until(desk.draft("circular"), "closed").look == ""
        desk.rule("instruments: {look_back: {share: 0%}}")
        thing = desk.until(desk.draft("supervision_order"), "closed")
        assert (thing.look, thing.due_at) == ("", None)
        with pytest.raises(errors.Conflict):
            desk.take(thing, "relapse", actor=desk.drafter(thing.kind))

    def test_when_nobody_looks_it_is_noted(self, desk):
        thing = desk.until(desk.draft("supervision_order"), "closed")
        desk.sweep(NOW + 40 * DAY)
        assert desk.facts(thing)[-1] == "late"


class TestMergedDepartment:
    def test_the_successor_answers_what_was_issued(self, desk):
        thing = desk.draft("advisory_letter", department="tax")
        for step in ("approve", "issue"):
            thing = desk.take(thing, step)
        heir = desk.liaison()
        self.merge_only(desk)
        heir = self.fresh(heir)
        for step in ("receive", "reply"):
            thing = desk.take(thing, step, actor=heir, now=NOW + 2 * DAY)
        assert (thing.state, thing.addressee.code) == ("replied", "tax")
        assert desk.told(heir, "close") == 0
        desk.take(thing, "close", now=NOW + 2 * DAY)
        assert desk.told(heir, "close") == 1

    def test_a_draft_is_issued_to_the_successor(self, desk):
        thing = desk.take(desk.draft("advisory_letter", department="tax"), "approve")
        self.merge_only(desk)
        thing = desk.take(thing, "issue", now=NOW + 2 * DAY)
        assert thing.addressee.code == "housing"
        assert letter_of(desk, thing).addressee_name == desk.department("housing").name

    def test_a_department_that_is_gone_gets_nothing(self, desk):
        thing = desk.take(desk.draft("advisory_letter", department="tax"), "approve")
        directory.close_department(department_id=desk.department("tax").id, actor_id=OPERATOR, now=NOW + HOUR)
        with pytest.raises(errors.Conflict) as refused:
            desk.take(thing, "issue", now=NOW + 3 * DAY)
        assert refused.value.code == "department_gone"

    def merge_only(self, desk):
        tax, housing = desk.department("tax"), desk.department("housing")
        directory.merge_department(department_id=tax.id, into_id=housing.id, actor_id=OPERATOR, now=NOW + HOUR)
        accounts.forget()

    def fresh(self, actor):
        with clock.at(NOW + 2 * DAY):
            return Actor(reader=accounts.reader_of(actor.person_id))


class TestClocks:
    def test_each_step_has_its_limit_and_a_late_one_is_noted_once(self, desk):
        thing = desk.draft("supervision_order")
        desk.sweep(NOW + 9 * DAY)
        assert desk.facts(thing) == ["drafted", "late"]
        thing = desk.until(thing, "issued", now=NOW + 9 * DAY)
        desk.sweep(NOW + 14 * DAY, NOW + 9 * DAY)
        assert desk.facts(thing)[-2:] == ["issue", "late"]
        assert desk.told(desk.liaison(), "late") == 1

    def test_the_end_stops_them(self, desk):
        thing = desk.until(desk.draft("reminder"), "closed")
        desk.sweep(NOW + 30 * DAY)
        assert "late" not in desk.facts(thing)
        assert next_step(KINDS["reminder"], thing.state) is None
