"""From lists to the result: what services write, refuse and tell."""

import pytest

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import loads
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.inspections import selectors, services
from bihuan.mechanisms.inspections.models import Check, Standing
from bihuan.mechanisms.inspections.services import Entered
from bihuan.mechanisms.inspections.tests.conftest import DAY, HOUR, SOON, TODAY, refusal

JIAOZHOU = "jiaozhou"


class TestLists:
    def test_one_enters_and_another_publishes(self, bureau):
        item = bureau.enter("item", publish=False, code="X-1", name="危化品台账", category="safety")
        with pytest.raises(errors.Forbidden):
            bureau.list_action("item", item, "publish", actor=bureau.centre)
        assert bureau.list_action("item", item, "publish").state == "published"
        assert bureau.facts(item) == ["item_entered", "publish"]
        assert item.id in {one.id for one in selectors.published_items(category="safety")}
        bureau.list_action("item", item, "withdraw", text="法规修改")
        assert item.id not in {one.id for one in selectors.published_items()}
        with pytest.raises(errors.Conflict) as caught:
            bureau.list_action("item", item, "publish")
        assert caught.value.code == "state_forbids"

    @pytest.mark.parametrize(
        ("name", "fields", "field"),
        [
            ("item", {"code": "1", "name": "x", "category": "nonsense"}, "category"),
            ("item", {"code": "", "name": "x", "category": "fire"}, "code"),
            ("item", {"code": "1", "name": "x", "category": "fire", "basis": ""}, "basis"),
            ("power", {"subject": "contractor"}, "subject"),
            ("power", {"subject": "statutory", "until": "soon"}, "until"),
            ("officer", {"name": "甲", "certificate": "9", "until": "2020-01-01"}, "until"),
            ("officer", {"name": "甲", "certificate": "9", "until": "2030-01-01", "person": "nobody"}, "person"),
            ("sheltered", {"enterprise": "911"}, "enterprise"),
        ],
    )
    def test_what_is_wrong_is_named(self, bureau, name, fields, field):
        with pytest.raises(errors.Invalid) as caught:
            bureau.enter(name, department="tax", publish=False, **fields)
        assert caught.value.field == field

    def test_it_stands_on_a_list_once(self, bureau):
        with pytest.raises(errors.Conflict) as caught:
            bureau.enter("power", subject="authorised")
        assert caught.value.code == "listed_twice"

    def test_a_body_enters_its_own_only(self, bureau):
        for department, actor in (("water", bureau.liaison()), ("housing", bureau.owner)):
            entered = Entered(
                name="item", region=DISTRICT, department=department, fields={"code": "2", "name": "x"}
            )  # fmt: skip
            with pytest.raises(errors.Forbidden):
                services.enter(entered=entered, actor=actor, now=NOW)


class TestClasses:
    def test_the_class_follows_the_records_and_shows_them(self, bureau):
        bureau.rule(JIAOZHOU)
        assert bureau.rate().grade == "A"
        bureau.record(severity="ordinary")
        bureau.record(severity="minor", text="台账缺页")
        with clock.at(NOW + HOUR):
            standing = bureau.rate(now=NOW + HOUR)
        assert (standing.grade, standing.before, standing.points, standing.revision) == ("B", "A", 4, 2)
        assert [(one["text"], one["points"]) for one in standing.lines] == [("灭火器过期", 3), ("台账缺页", 1)]
        assert bureau.told(bureau.owner, "class_rated") == 2

    def test_a_region_is_rated_once_and_all_enforcers_are_told(self, bureau, firm_of):
        firms = [firm_of() for _one in range(3)]
        counts = services.rate_region(region=DISTRICT, year=2026, actor=bureau.justice, now=NOW)
        assert sum(counts.values()) == 2 + len(firms)
        assert bureau.told(bureau.liaison(), "classes_renewed") == 1
        assert bureau.told(bureau.liaison("water", role="department_head"), "classes_renewed") == 1
        assert services.rate_region(region=DISTRICT, year=2026, actor=bureau.justice, now=NOW) == {}
        for wrong in (2020, 2031):
            with pytest.raises(errors.Invalid):
                services.rate_region(region=DISTRICT, year=wrong, actor=bureau.justice, now=NOW)
        with pytest.raises(errors.Forbidden):
            services.rate_region(region=DISTRICT, year=2026, actor=bureau.liaison(), now=NOW)

    def test_an_objection_puts_the_earlier_class_back_until_it_is_decided(self, bureau):
        bureau.rule(JIAOZHOU)
        bureau.rate()
        bureau.record(severity="serious")
        standing = bureau.rate(now=NOW + HOUR)
        book = selectors.checks.rulebooks.in_force(DISTRICT, NOW).section(services.recording.Inspections)

        def grade():
            with database.writing():
                return selectors.grades_of(enterprises=[bureau.firm.id], book=book)[bureau.firm.id]

        def act(action, actor, now=NOW + 2 * HOUR, **body):
            return services.take_standing(standing_id=standing.id, action=action, actor=actor, now=now, body=body)

        assert grade() == "C"
        with pytest.raises(errors.NotFound):
            act("object_class", bureau.stranger, text="不服")
        act("object_class", bureau.owner, text="那次不是我们")
        assert grade() == "A"
        assert bureau.told(bureau.justice, "class_objected") == 1
        with pytest.raises(errors.Invalid):
            act("uphold", bureau.justice, grade="C", text="x")
        assert act("uphold", bureau.justice, grade="B", text="记录错了").state == "settled"
        assert grade() == "B"
        assert bureau.facts(standing) == ["class_rated", "class_object_class", "class_uphold"]
        with pytest.raises(errors.Conflict):
            act("object_class", bureau.owner, text="再来")

    def test_an_objection_comes_in_time_and_silence_makes_it_final(self, bureau):
        standing = bureau.rate()
        late = standing.until + HOUR
        with pytest.raises(errors.Conflict) as caught:
            services.take_standing(
                standing_id=standing.id, action="object_class", actor=bureau.owner, now=late, body={"text": "晚了"}
            )
        assert caught.value.code == "too_late"
        assert services.let_stand(now=standing.until - HOUR) == 0
        assert services.let_stand(now=late) == 1
        assert bureau.fresh(standing).state == "settled"

    def test_the_same_record_is_entered_once(self, bureau):
        bureau.record()
        with pytest.raises(errors.Conflict) as caught:
            bureau.record()
        assert caught.value.code == "record_known"
        for field, wrong in (("on", "2099-01-01"), ("category", "x"), ("severity", "x"), ("text", "")):
            entry = {"on": "2026-01-05", "category": "fire", "severity": "minor", "text": "x"} | {field: wrong}
            with pytest.raises(errors.Invalid) as bad:
                services.enter_record(
                    enterprise=bureau.firm.uscc, department=bureau.department("housing"), entry=entry,
                    actor=bureau.liaison(), now=NOW,
                )  # fmt: skip
            assert bad.value.field == field


class TestGate:
    def test_a_planned_check_is_registered_then_approved_by_somebody_else(self, bureau):
        check = bureau.book()
        assert (check.state, check.number) == ("registered", f"JC-{DISTRICT}-2026-0001")
        head = bureau.liaison(role="department_head")
        assert bureau.told(head, "to_approve") == 1
        with pytest.raises(errors.Conflict):
            bureau.take(check, "arrive", now=NOW + 3 * DAY, unscanned="x")
        with pytest.raises(errors.Forbidden):
            bureau.take(check, "approve", actor=bureau.liaison())
        own = bureau.book("water", actor=bureau.liaison("water", role="department_head"), firm=bureau.other_firm)
        with pytest.raises(errors.Forbidden) as caught:
            bureau.approve(own, "water")
        assert caught.value.code == "own_check"
        assert bureau.approve(check).state == "approved"
        assert bureau.told(bureau.owner, "check_approve") == 1
        assert bureau.facts(check) == ["check_registered", "check_approve"]

    def test_a_refused_check_is_kept_and_is_no_load(self, bureau):
        bureau.list_action("power", _power(bureau), "withdraw", text="机构撤销")
        with pytest.raises(errors.Conflict) as caught:
            bureau.book()
        assert refusal(caught) == ["no_power"]
        kept = Check.objects.none()
        with database.writing():
            kept = Check.objects.get(pk=caught.value.extra["check"])
            assert loads.of_others("visits", [bureau.firm.id], TODAY, SOON) == {}
        assert (kept.state, bureau.facts(kept)) == ("refused", ["check_refuse"])
        assert selectors.checks_page(actor=bureau.owner)[0] == []

    def test_checks_are_a_load_that_visits_count(self, bureau):
        bureau.book()
        with database.writing():
            assert loads.of_others("visits", [bureau.firm.id], TODAY, SOON) == {bureau.firm.id: [SOON]}

    def test_class_a_is_spared_but_for_essentials_clues_and_emergencies(self, bureau):
        bureau.rule(JIAOZHOU)
        bureau.rate()
        assert bureau.ask() == ["exempt"]
        bureau.item("safety", category="safety")
        assert bureau.ask(items=[bureau.items["safety"]]) == []
        with pytest.raises(errors.Invalid) as caught:
            bureau.book(kind="clue")
        assert caught.value.field == "reason"
        check = bureau.book(kind="clue", reason="接到投诉 BH-1", on=TODAY)
        assert (check.state, [one["code"] for one in check.reasons]) == ("approved", ["exempt"])

    def test_the_third_check_of_b_in_a_category_is_refused_whoever_asks(self, bureau):
        bureau.rule(JIAOZHOU)
        bureau.record(severity="minor")
        bureau.rate()
        bureau.item("hydrant", subject="消火栓")
        bureau.item("exit", subject="疏散通道", department="water")
        bureau.made(on=TODAY, items=[bureau.items["hydrant"]])
        bureau.made("water", on=TODAY + DAY, items=[bureau.items["exit"]])
        with pytest.raises(errors.Conflict) as caught:
            bureau.book(on=TODAY + 10 * DAY)
        assert refusal(caught) == ["cap"]
        (reason,) = caught.value.extra["reasons"]
        assert (reason["most"], reason["day"], len(reason["taken"])) == (2, "2027-01-01", 2)
        bureau.item("tax", category="tax")
        assert bureau.ask(on=TODAY + 10 * DAY, items=[bureau.items["tax"]]) == []

    def test_a_cap_changed_within_the_year_holds_from_then_on(self, bureau):
        check = bureau.book()
        bureau.rule(
            "inspections:\n  classes:\n    unrated: B\n    grades:\n"
            "      - {id: B, name: B, up_to: 5, caps: [{per: body, most: 0}]}\n      - {id: C, name: C}"
        )
        # What is registered keeps its place, but is not approved over the new cap; what was approved before stays.
        with pytest.raises(errors.Conflict) as caught:
            bureau.approve(check)
        assert refusal(caught) == ["cap"]
        assert bureau.ask("water", on=SOON + 40 * DAY) == ["cap"]

    def test_a_firm_that_moves_takes_its_year_along(self, bureau):
        from bihuan.foundation.directory import factories as directory
        from bihuan.foundation.directory.models import Enterprise

        bureau.rule(JIAOZHOU)
        bureau.record(severity="minor")
        bureau.rate()
        bureau.book()
        with database.writing():
            Enterprise.objects.filter(pk=bureau.firm.id).update(region=directory.make_region("999902").code)
        assert bureau.ask("water", on=SOON + 40 * DAY) == ["elsewhere"]
        assert bureau.ask("water", on=SOON, filed="999902 市监局 2026-12 号") == ["mergeable"]

    def test_a_class_that_changes_within_the_year_counts_from_then_on(self, bureau):
        bureau.rule(JIAOZHOU)
        bureau.rate()
        check = bureau.book(kind="clue", reason="投诉", on=TODAY)
        assert check.grade == "A"
        bureau.record(severity="serious")
        bureau.rate(now=NOW + HOUR, reason="重大违法")
        later = bureau.book(on=SOON + DAY)
        assert (later.grade, later.state) == ("C", "registered")

    def test_a_sheltered_enterprise_is_the_leaders_to_decide(self, bureau):
        bureau.enter("sheltered", enterprise=bureau.firm.uscc)
        leader = bureau.staff("leader")
        check = bureau.book()
        assert check.sheltered
        with pytest.raises(errors.Forbidden):
            bureau.approve(check)
        assert bureau.take(check, "approve", actor=leader).state == "approved"

    def test_the_other_body_goes_along_and_its_head_approves_its_part(self, bureau):
        check = bureau.approve(bureau.book())
        with pytest.raises(errors.Conflict) as caught:
            bureau.book("water")
        assert refusal(caught) == ["mergeable"]
        joined = bureau.join(check)
        assert (len(joined.bodies), joined.state) == (2, "approved")
        with pytest.raises(errors.Conflict) as twice:
            bureau.join(check)
        assert twice.value.code == "joined"
        bureau.approve(check, "water")
        assert bureau.facts(check) == ["check_registered", "check_approve", "check_join", "check_approve"]
        then = NOW + 3 * DAY
        done = bureau.take(check, "arrive", actor=bureau.liaison("water"), now=then, unscanned="没有码")
        assert len(done.bodies) == 2

    def test_a_part_that_nobody_approved_does_not_come(self, bureau):
        check = bureau.approve(bureau.book())
        bureau.join(check)
        done = bureau.take(check, "arrive", now=NOW + 3 * DAY, unscanned="没有码")
        assert [str(one) for one in done.bodies] == [str(bureau.department("housing").id)]
        assert done.items == [bureau.items["housing"].id]

    def test_going_along_goes_through_the_gate(self, bureau):
        check = bureau.book()
        with pytest.raises(errors.Conflict) as caught:
            bureau.join(check, officers=())
        assert refusal(caught) == ["officers_few"]
        assert len(bureau.fresh(check).bodies) == 1

    def test_what_is_wrong_with_what_is_asked(self, bureau):
        for field, wrong in (("kind", "raid"),):
            with pytest.raises(errors.Invalid) as caught:
                bureau.book(**{field: wrong})
            assert caught.value.field == field
        with pytest.raises(errors.Forbidden):
            bureau.book(actor=bureau.liaison("water"))
        with pytest.raises(errors.Forbidden):
            bureau.book(actor=bureau.justice)


def _power(bureau):
    found, _next = selectors.listed_page(name="power", actor=bureau.justice)
    return next(one for one in found if one.department.code == "housing")


def test_standings_are_what_the_ledger_says(bureau):
    standing = bureau.rate()
    with database.writing():
        assert Standing.objects.get(pk=standing.pk).last_seq == 1
