"""The course of findings: in, sorted, put right, looked at again; clocks, letters, cases, clues, and their walls."""

import datetime as dt
import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.events import between
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as people
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database, errors, events
from bihuan.mechanisms.findings import selectors, services, wording
from bihuan.mechanisms.findings.models import Finding
from bihuan.mechanisms.findings.states import FINDINGS, LISTS, NATURES, OPEN, FindingState, list_of
from bihuan.mechanisms.findings.tests.conftest import DAY, HOUR


def letter(event: between.LetterWanted, state: str, number: str = "", at=NOW + 2 * HOUR) -> between.LetterMoved:
    return between.LetterMoved(
        source_id=event.source_id,
        instrument_id=uuid.uuid4(),
        kind=event.kind,
        state=state,
        number=number,
        text="",
        at=at,
    )


@given(st.sampled_from(FindingState))
def test_each_state_is_on_one_list_at_most_and_open_ones_on_one(state):
    on = [name for name, states in LISTS.items() if state in states]
    assert on == ([list_of(state)] if list_of(state) else [])
    assert (state in OPEN) == (bool(on) and on != ["written_off"])
    assert set(wording.STATES) == {one.value for one in FindingState}
    assert set(NATURES.values()) | {""} == set(wording.NATURES)


def test_every_action_of_people_has_words():
    people = {row.action for row in FINDINGS.transitions if "system" not in row.roles}
    assert people == set(wording.ACTIONS)


def test_one_finding_moves_along_the_three_lists(patrol):
    item = patrol.plan()
    assert (list_of(item.state), item.due_at.date().isoformat()) == ("supervision_items", "2026-11-19")
    item = patrol.take(item, "find", text="补贴拖了三个月", department="tax")
    assert (list_of(item.state), item.department.code) == ("found_problems", "tax")
    item = patrol.take(item, "ask", text="十五个工作日内兑现")
    assert (list_of(item.state), item.nature) == ("rectifications", "single")
    assert patrol.told(patrol.liaison("tax"), "ask") == 1
    item = patrol.take(item, "answer", actor=patrol.liaison("tax"))
    item = patrol.take(item, "send_back")
    item = patrol.take(item, "answer", actor=patrol.liaison("tax"))
    item = patrol.take(item, "write_off")
    assert (item.state, item.sent_back, item.look) == ("written_off", 1, "drawn")
    item = patrol.take(item, "relapse", now=NOW + 31 * DAY)
    assert (item.state, item.relapses) == ("asked", 1)
    item = patrol.take(item, "answer", actor=patrol.liaison("tax"), now=NOW + 32 * DAY)
    item = patrol.until(item, "write_off", "look_back", now=NOW + 33 * DAY)
    assert (item.state, item.look, item.relapses) == ("written_off", "holds", 1)
    asked = "planned find ask answer send_back answer write_off drawn relapse answer write_off drawn look_back"
    assert patrol.facts(item) == asked.split()


def test_nothing_found_is_an_end_too(patrol):
    item = patrol.take(patrol.plan(), "find_nothing", text="查了二十家，都到账")
    assert (item.state, list_of(item.state), item.due_at) == ("nothing", "", None)


def test_by_a_sample_only_some_are_looked_at_again(patrol):
    patrol.rule("findings: {look_back: {share: 0%}}")
    assert patrol.until(patrol.enter(), "ask", "answer", "write_off").look == ""


def test_late_steps_are_told_and_counted(patrol):
    item, problem = patrol.plan(), patrol.enter()
    patrol.sweep(NOW + 9 * DAY)
    assert patrol.facts(item)[-1] == patrol.facts(problem)[-1] == "late"
    office = patrol.office
    assert patrol.told(office, "late") == 2
    assert selectors.counts(actor=office)["late"] == 2
    assert [row.overdue for row in selectors.page(actor=office, now=NOW + 9 * DAY, only="late")[0]] == [True, True]
    patrol.take(problem, "ask", now=NOW + 9 * DAY)
    assert selectors.counts(actor=office)["late"] == 1


class TestCommon:
    def test_a_letter_is_wanted_and_followed(self, patrol):
        wanted = []
        events.subscribe(between.LetterWanted, wanted.append)
        try:
            item = patrol.take(patrol.enter(), "suggest", text="统一材料清单", causes="各窗口各做各的")
        finally:
            events._handlers[between.LetterWanted].remove(wanted.append)
        (event,) = wanted
        assert (event.kind, event.department, event.parts["suggestions"]) == (
            "oversight_recommendation", "housing", "统一材料清单",
        )  # fmt: skip
        item = patrol.stored(item)
        assert (item.state, item.nature, item.instrument_id is not None) == ("lettered", "common", True)
        for state, number, stands in (
            ("issued", "建议〔2026〕1号", "lettered"),
            ("closed", "建议〔2026〕1号", "written_off"),
            ("received", "建议〔2026〕1号", "lettered"),
        ):
            with database.writing():
                services.follow_letter(event=letter(event, state, number))
            assert patrol.stored(item).state == stands, state
        assert (patrol.stored(item).letter, patrol.stored(item).relapses) == ("建议〔2026〕1号", 1)

    def test_a_letter_taken_back_leaves_it_to_be_sorted(self, patrol):
        item = patrol.take(patrol.enter(), "suggest")
        with database.writing():
            moved = between.LetterMoved(
                source_id=item.id, instrument_id=uuid.uuid4(), kind="x", state="taken_back", number="", text="", at=NOW
            )
            services.follow_letter(event=moved)
            services.follow_letter(event=moved)
        item = patrol.stored(item)
        assert (item.state, item.nature) == ("found", "")
        assert patrol.facts(item).count("follow_letter") == 1

    def test_the_supervision_office_writes_advisory_letters(self, patrol):
        item = patrol.take(patrol.enter(), "suggest", actor=patrol.staff("supervision_office"))
        assert patrol.stored(item).instrument_id is not None

    def test_without_a_department_nobody_gets_a_letter(self, patrol):
        item = patrol.enter(department="")
        with pytest.raises(errors.Conflict) as refusal:
            patrol.take(item, "suggest")
        assert refusal.value.code == "department_missing"
        assert patrol.stored(item).state == "found"
        patrol.take(item, "suggest", department="tax")


class TestUnclear:
    def unclear(self, patrol):
        item = patrol.take(patrol.enter(department=""), "coordinate", text="住建和水务都说不归自己")
        return item, patrol.stored(item).case.number

    def test_a_matter_settles_who_is_responsible_and_the_finding_follows(self, patrol):
        item, number = self.unclear(patrol)
        assert (item.state, item.nature, patrol.stored(item).case.anonymous) == ("coordinating", "unclear", True)
        at = NOW + HOUR
        for step in ("accept", "dispatch", "sign", "submit_plan", "reply", "verify_start", "verify_close"):
            at += dt.timedelta(minutes=5)
            patrol.act(number, step, now=at)
        item = patrol.stored(item)
        assert (item.state, item.department.code, item.shown) == ("answered", "housing", True)
        item = patrol.take(item, "send_back", now=at + HOUR)
        item = patrol.take(item, "answer", now=at + HOUR)
        assert patrol.take(item, "write_off", now=at + HOUR).state == "written_off"

    def test_a_declined_matter_leaves_it_to_be_sorted_again(self, patrol):
        item, number = self.unclear(patrol)
        patrol.act(number, "decline", now=NOW + 2 * HOUR)
        item = patrol.stored(item)
        assert (item.state, item.nature) == ("found", "")
        again = patrol.take(item, "coordinate", now=NOW + 3 * HOUR)
        assert patrol.stored(again).case.number != number

    def test_an_open_matter_of_its_own_is_used(self, patrol):
        case = patrol.case("accept")
        item = patrol.take(patrol.enter(case=case.number), "coordinate")
        assert item.case_id == case.id
        with database.writing():
            assert Case.objects.count() == 1


class TestClues:
    def test_a_clue_leaves_the_lists_for_good_with_a_receipt(self, patrol):
        item = patrol.enter(title="收了好处才受理", text="窗口张某收烟")
        taken = []
        events.subscribe(between.ClueFound, taken.append)
        try:
            receipt = patrol.take(item, "hand_over", text="有监控可查", person="张某")
        finally:
            events._handlers[between.ClueFound].remove(taken.append)
        (clue,) = taken
        assert (clue.unit, clue.person) == ("housing", "张某")
        assert "窗口张某收烟" in clue.text
        assert "有监控可查" in clue.text
        stored = patrol.stored(item)
        assert stored.receipt == [receipt.number, receipt.seal]
        assert patrol.facts(item)[-1] == "hand_over"
        assert selectors.figures(actor=patrol.office) == {"found": 1, "clue": 1}
        for actor in (patrol.office, patrol.staff("supervision_office"), patrol.staff("leader"), patrol.liaison()):
            assert selectors.page(actor=actor, now=NOW) == ([], None)
            with pytest.raises(errors.NotFound):
                patrol.seen(item, actor)
            with database.reading(actor.scope()):
                assert not Finding.objects.exists()
            with pytest.raises(errors.NotFound):
                patrol.take(item, "ask", actor=actor)

    def test_what_the_vault_refuses_stays_a_problem(self, patrol, monkeypatch):
        item = patrol.enter()

        def refuse(event):
            raise errors.Unavailable("closed", code="vault_closed")

        monkeypatch.setitem(events._handlers, between.ClueFound, [refuse])
        with pytest.raises(errors.Problem):
            patrol.take(item, "hand_over")
        assert patrol.stored(item).state == "found"
        assert patrol.facts(item) == ["entered"]


class TestVisits:
    def found(self, patrol, **given):
        values = {
            "report_id": uuid.uuid4(), "visit_id": uuid.uuid4(), "region": DISTRICT, "text": "窗口中午没有人",
            "department_id": patrol.department("housing").id, "actor_id": patrol.liaison("tax").person_id, "at": NOW,
        }  # fmt: skip
        return between.VisitFound(**values | given)

    def test_what_visitors_find_is_a_problem_once(self, patrol):
        event = self.found(patrol)
        with database.writing():
            events.publish(event)
            events.publish(event)
        ((row,), _more) = selectors.page(actor=patrol.office, now=NOW)
        assert (row.thing.source, row.thing.title, row.thing.department.code) == ("visit", "窗口中午没有人", "housing")
        assert patrol.told(patrol.office, "visited") == 1
        with pytest.raises(errors.NotFound):
            patrol.seen(row.thing, patrol.liaison("tax"))

    def test_it_may_concern_nobody_yet_and_come_from_nobody(self, patrol):
        with database.writing():
            events.publish(self.found(patrol, department_id=None, actor_id=None, text="长" * 500))
        ((row,), _more) = selectors.page(actor=patrol.office, now=NOW)
        assert (row.thing.department, len(row.thing.title)) == (None, 60)


class TestWhoMay:
    @pytest.mark.parametrize("who", ["leader", "coordinator", "seat", "catch_all"])
    def test_others_put_nothing_on_the_lists(self, patrol, who):
        with pytest.raises(errors.Forbidden):
            patrol.enter(actor=patrol.staff(who))

    def test_the_department_answers_and_decides_nothing(self, patrol):
        item = patrol.until(patrol.enter(), "ask")
        liaison = patrol.liaison()
        assert patrol.seen(item, liaison).available_actions == ["answer"]
        item = patrol.take(item, "answer")
        assert patrol.seen(item, liaison).available_actions == []
        for action in ("write_off", "send_back"):
            with pytest.raises(errors.Forbidden):
                patrol.take(item, action, actor=liaison)
        with pytest.raises(errors.NotFound):
            patrol.take(item, "answer", actor=patrol.liaison("tax"))

    def test_nobody_decides_about_a_department_of_their_own(self, patrol):
        both = patrol.staff("supervision_office", "both")
        office = {"role": "liaison", "region": DISTRICT, "department_id": patrol.department("housing").id}
        accounts.appoint(person_id=both.person_id, **office, actor_id=OPERATOR, now=NOW, since=NOW - DAY)
        both = Actor(reader=people.reader_of(both.person_id))
        with pytest.raises(errors.Forbidden):
            patrol.enter(actor=both)
        item = patrol.until(patrol.enter(), "ask", "answer")
        assert patrol.seen(item, both).available_actions == []
        with pytest.raises(errors.Forbidden):
            patrol.take(item, "write_off", actor=both)

    def test_before_it_is_asked_the_department_knows_nothing(self, patrol):
        item = patrol.enter()
        with pytest.raises(errors.NotFound):
            patrol.seen(item, patrol.liaison())
        item = patrol.take(item, "ask")
        facts = selectors.trace(found=patrol.seen(item, patrol.liaison()), actor=patrol.liaison())
        assert [fact["kind"] for fact in facts] == ["findings.ask"]

    def test_buttons_are_exactly_what_is_allowed(self, patrol):
        states = {"found": (), "asked": ("ask",), "answered": ("ask", "answer")}
        actors = (patrol.office, patrol.staff("leader"), patrol.liaison(), patrol.liaison("tax"))
        for steps, actor in itertools.product(states.values(), actors):
            item = patrol.until(patrol.enter(), *steps)
            shown = selectors.available_actions(item, actor)
            for action in ("dismiss", "answer", "send_back", "write_off", "look_back", "relapse"):
                if action not in shown:
                    with pytest.raises(errors.Problem):
                        patrol.take(item, action, actor=actor)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"on": "2026-11-01"}, "on"),
        ({"on": "soon"}, "on"),
        ({"on": "2036-01-01"}, "on"),
        ({"department": "nowhere"}, "department"),
    ],
)
def test_what_is_wrong_in_an_item_is_named(patrol, given, field):
    with pytest.raises(errors.Invalid) as refusal:
        patrol.plan(**given)
    assert refusal.value.field == field


@pytest.mark.parametrize(("given", "field"), [({"text": " "}, "text"), ({"case": "BH-1"}, "case")])
def test_what_is_wrong_in_a_problem_is_named(patrol, given, field):
    with pytest.raises(errors.Invalid) as refusal:
        patrol.enter(**given)
    assert refusal.value.field == field


def test_unknown_actions_and_those_of_the_product_are_nobodys(patrol):
    item = patrol.enter()
    for action in ("follow_case", "follow_letter", "nonsense"):
        with pytest.raises(errors.NotFound):
            services.take(finding_id=item.id, action=action, actor=patrol.office, now=NOW, body={"text": "x"})
