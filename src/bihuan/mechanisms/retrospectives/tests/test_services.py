"""三个一复盘: from the closing of a case to the look back, and what goes wrong on the way."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.events import InstitutionProposed
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.registers.models import Institution
from bihuan.foundation.directory import services as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database, errors, events, ids
from bihuan.mechanisms.retrospectives import exports, selectors, services
from bihuan.mechanisms.retrospectives.events import RetrospectiveConcluded
from bihuan.mechanisms.retrospectives.models import Link, Retrospective, Version
from bihuan.mechanisms.retrospectives.tests.conftest import HOUR, KEPT, LATER, REHEARSED


class TestOpening:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"tier": "complex"}, ["complex"]),
            ({"tier": "ordinary", "category": "policy"}, ["policy"]),
            ({"tier": "ordinary"}, None),
        ],
    )
    def test_the_closing_opens_what_the_rulebook_names(self, bench, given, expected):
        found = bench.of(bench.closed(**given))
        assert (found and found.grounds) == expected
        if found:
            assert (found.state, found.unit.code, bench.facts(found)) == ("opened", "housing", ["opened"])
            assert found.due_at is not None
            assert bench.told(bench.office, "retrospectives.opened") == 1

    def test_assigned_from_city_level(self, bench):
        case = bench.closed(tier="ordinary", channel="superior", actor=bench.staff("seat"))
        assert bench.of(case).grounds == ["superior"]

    def test_once_a_case_even_when_it_closes_again(self, bench):
        one = bench.opened()
        for action in ("reopen", "dispatch", "sign", "reply"):
            bench.act(one.number, action, now=LATER)
        bench.act(one.number, "verify_close", actor=bench.staff("catch_all"), now=LATER + 2 * HOUR)
        assert bench.facts(one) == ["opened", "measured"]
        assert bench.again(one).minutes > one.minutes
        again = bench.again(one)
        again.pk = ids.uuid7()
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            again.save(force_insert=True)

    def test_by_hand_with_a_reason_and_never_twice(self, bench):
        case = bench.closed(tier="ordinary")
        given = {"number": case.number, "actor": bench.leader, "now": LATER}
        with pytest.raises(errors.Invalid):
            services.open_by_hand(text=" ", **given)
        with pytest.raises(errors.Forbidden):
            services.open_by_hand(text="疑难", **given | {"actor": bench.liaison()})
        one = services.open_by_hand(text="疑难问题专案复盘", **given)
        assert (one.state, one.grounds, one.ground_text) == ("opened", ["hand"], "疑难问题专案复盘")
        with pytest.raises(errors.Conflict) as refused:
            services.open_by_hand(text="再来一次", **given)
        assert refused.value.code == "retrospective_exists"
        with pytest.raises(errors.NotFound):
            services.open_by_hand(text="x", **given | {"actor": bench.stranger})

    def test_asked_for_before_the_closing_it_waits_and_lapses_with_the_case(self, bench):
        case = bench.case("accept", "dispatch")
        one = services.open_by_hand(number=case.number, text="先记下", actor=bench.centre, now=LATER)
        assert (one.state, one.due_at) == ("awaited", None)
        for action in ("sign", "reply", "verify_close"):
            bench.act(case.number, action, now=LATER)
        assert (bench.again(one).state, bench.facts(one)) == ("opened", ["awaited", "opened"])
        other = bench.case("accept")
        two = services.open_by_hand(number=other.number, text="先记下", actor=bench.centre, now=LATER)
        bench.act(other.number, "withdraw", now=LATER)
        assert bench.again(two).state == "lapsed"

    def test_a_lasting_rule_proposed_because_of_a_case_is_a_ground(self, bench):
        case, running = bench.closed(tier="ordinary"), bench.case("accept")
        complex_one = bench.opened()
        told = InstitutionProposed(
            proposal_id=ids.uuid7(),
            region=DISTRICT,
            title="联合到场一次告知办法",
            text="…",
            case_ids=(case.id, running.id, complex_one.case_id),
            proposed_at_meeting="1",
            actor_id=None,
            at=LATER,
        )
        with database.writing():
            events.publish(told)
        assert (bench.of(case).state, bench.of(case).grounds) == ("opened", ["institution"])
        assert bench.of(running).state == "awaited"
        assert bench.again(complex_one).grounds == ["complex", "institution"]

    def test_what_is_looked_back_at_is_the_place_s_own_choice(self, bench):
        bench.rule(
            text=f"name: 测试\nregion: '{DISTRICT}'\nretrospectives:\n  must_when:\n"
            "    - {id: urgent, name: {zh: 急难愁盼, en: Urgent}, urgent: true}\n"
        )
        assert bench.of(bench.closed(tier="complex")) is None
        unknown = (
            f"name: 测试\nregion: '{DISTRICT}'\nretrospectives:\n  must_when:\n    - {{id: x, name: {{zh: 甲, en: A}}, "
        )
        for wrong in ("channels: [pigeon]}", "}", "tiers: [easy]}"):
            with pytest.raises(errors.Invalid):
                bench.rule(text=unknown + wrong + "\n")


class TestCannotBeSkipped:
    def test_no_archive_before_the_report_is_approved(self, bench):
        one = bench.opened()
        bench.act(one.number, "confirm", now=LATER)
        for state in ("led", "dissected", "rehearsed", "drafted", "submitted"):
            with pytest.raises(errors.Conflict) as refused:
                bench.act(one.number, "archive", now=LATER)
            assert refused.value.code == "vetoed"
            assert one.number in str(refused.value)
            one = bench.until(bench.again(one), state) if state == "led" else _forward(bench, one, state)
        bench.take(one, "approve", actor=bench.leader)
        bench.act(one.number, "archive", now=LATER)

    def test_a_case_with_a_retrospective_cannot_be_deleted(self, bench):
        one = bench.opened()
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic(), database.writing():
            Case.objects.filter(pk=one.case_id).delete()


def _forward(bench, one, state):
    steps = {
        "dissected": (("find_cause", {"branch": "law", "cause": "标准不一致"}), ("presume", KEPT), ("dissect", {})),
        "rehearsed": (("rehearse", REHEARSED),),
        "drafted": (("draft", {}),),
        "submitted": (("submit", {}),),
    }[state]
    for action, body in steps:
        one = bench.take(one, action, **body)
    return one


class TestDissection:
    def test_weak_links_come_from_the_ledger_in_working_time(self, bench):
        case = bench.raised(now=NOW)
        for days, action in enumerate(("accept", "dispatch", "sign", "submit_plan", "reply", "verify_close")):
            body = {"tier": "complex"} if action == "accept" else {}
            bench.act(case.number, action, now=NOW + dt.timedelta(days=days if days < 5 else 7), **body)
        one = bench.of(bench.fresh(case.number))
        rows = bench.dissection(one).links
        # From Friday to Monday is one working day, as long as from Monday to Tuesday.
        assert {row.minutes for row in rows if row.step != "submitted"} == {one.minutes // 5}
        steps = [(row.step, row.role, row.department and row.department.code) for row in rows]
        assert steps == [
            ("accepted", "coordinator", None),
            ("dispatched", "liaison", "housing"),
            ("handling", "liaison", "housing"),
            ("replied", "coordinator", None),
            ("signed", "liaison", "housing"),
            ("submitted", "seat", None),
        ]
        assert [row.share for row in rows] == [0.2] * 5 + [0]

    def test_only_somebody_who_may_lead_leads(self, bench):
        one = bench.opened()
        for name in ("nobody", "seat", "owner"):
            with pytest.raises(errors.Invalid):
                bench.take(one, "assign", leader=name)
        bench.person("both", "leader")
        two_hats = bench.person("both2", "liaison", department_id=bench.department("housing").id)
        with pytest.raises(errors.Forbidden):
            bench.take(one, "assign", actor=two_hats, leader="leader")
        led = bench.take(one, "assign", leader="leader")
        assert (led.state, bench.told(bench.leader, "retrospectives.assign")) == ("led", 1)

    def test_exceptions_without_a_reason_are_refused(self, bench):
        one = bench.until(bench.opened(), "led")
        for wrong in ({}, KEPT | {"solvable": "departed"}, KEPT | {"solvable": "perhaps"}):
            with pytest.raises(errors.Invalid):
                bench.take(one, "presume", **wrong)
        with pytest.raises(errors.Conflict) as refused:
            bench.take(one, "dissect")
        assert refused.value.extra["missing"] == ["causes", "reasonable", "solvable", "at_fault"]
        one = bench.take(one, "presume", **(KEPT | {"solvable": "departed", "solvable_why": "上位法明令禁止"}))
        assert one.presumptions["solvable"] == {"kept": False, "why": "上位法明令禁止"}

    def test_causes_are_typed_freely_learnt_and_struck_out_with_a_reason(self, bench):
        first = bench.until(bench.opened(), "dissected")
        other = bench.until(bench.opened(title="又一件"), "led")
        assert selectors.learnt_causes(retrospective=other).proposals == [("process", "多部门重复审图", 1)]
        bench.take(other, "find_cause", branch="process", cause=" 多部门重复审图 ")
        assert selectors.learnt_causes(retrospective=other).proposals == []
        with pytest.raises(errors.Conflict) as refused:
            bench.take(other, "find_cause", branch="process", cause="多部门重复审图")
        assert refused.value.code == "cause_there"
        with pytest.raises(errors.Invalid):
            bench.take(other, "find_cause", branch="weather", cause="下雨")
        cause = bench.dissection(first).causes[0]
        with pytest.raises(errors.Conflict) as refused:
            bench.take(first, "strike", what=str(cause.id), text="记错了")
        assert refused.value.code == "last_cause"
        bench.take(first, "find_cause", branch="law", cause="标准不一致")
        bench.take(first, "strike", what=str(cause.id), text="记错了")
        assert [one.text for one in bench.dissection(first).causes] == ["标准不一致"]
        with pytest.raises(errors.Invalid):
            bench.take(first, "strike", what=str(cause.id), text="再来")

    def test_third_parties_are_no_side_and_only_they_advise(self, bench):
        one = bench.until(bench.opened(), "led")
        for name in ("liaison-housing", "owner", "nobody"):
            with pytest.raises(errors.Invalid):
                bench.take(one, "invite", username=name)
        with pytest.raises(errors.NotFound):
            bench.take(one, "advise", actor=bench.guest)
        bench.take(one, "invite", username="professor")
        bench.take(one, "invite", name="省委党校课题组")
        with pytest.raises(errors.Conflict):
            bench.take(one, "invite", username="professor")
        with pytest.raises(errors.Forbidden):
            bench.take(one, "advise", actor=bench.leader)
        bench.take(one, "advise", actor=bench.guest, text="图纸一次会审即可")
        assert [(guest.name, guest.advice) for guest in bench.dissection(one).guests] == [
            ("professor", "图纸一次会审即可"),
            ("省委党校课题组", ""),
        ]
        assert "党校" not in str(bench.contents(one, "invite"))
        assert bench.told(bench.guest, "retrospectives.invite") == 1

    def test_the_departments_state_their_side_and_judge_nothing(self, bench):
        one = bench.until(bench.opened(), "led")
        bench.take(one, "state_unit", actor=bench.liaison(), text="三次退回是因为标准换了")
        for action in ("find_cause", "presume", "invite", "dissect"):
            with pytest.raises(errors.Forbidden):
                bench.take(one, action, actor=bench.liaison())
        with pytest.raises(errors.Forbidden):
            bench.take(one, "state_unit")

    def test_a_rehearsal_lists_side_effects_and_who_is_touched(self, bench):
        one = bench.until(bench.opened(), "dissected")
        for wrong in (
            {},
            {"side_effects": "甲"},
            REHEARSED | {"check_on": "2026-11-01"},
            REHEARSED | {"check_on": "x"},
        ):
            with pytest.raises(errors.Invalid):
                bench.take(one, "rehearse", **wrong)
        one = bench.take(one, "rehearse", side_effects="甲\n\n乙", touched="丙", check_on="2026-12-20")
        assert [effect["text"] for effect in one.side_effects] == ["甲", "乙"]


class TestReport:
    def test_the_product_drafts_people_edit_and_every_version_stays(self, bench):
        one = bench.until(bench.opened(), "drafted")
        (first,) = bench.dissection(one).versions
        for told in (one.title, "多部门重复审图", "同类企业要求一并办理", "housing"):
            assert told in first.text
        with pytest.raises(errors.Invalid):
            bench.take(one, "edit", text=first.text)
        bench.take(one, "edit", actor=bench.centre, text=first.text + "\n补一句")
        assert [version.number for version in bench.dissection(one).versions] == [1, 2]
        assert bench.contents(one, "edit")[0]["sha256"] == exports.sha256(first.text + "\n补一句")
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            Version.objects.update(text="改了")
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            Version.objects.all().delete()

    def test_whoever_wrote_it_does_not_approve_it(self, bench):
        one = bench.until(bench.opened(), "drafted")
        bench.take(one, "edit", actor=bench.leader, text="另写一份")
        bench.take(one, "edit", text="又改回来")
        bench.take(one, "submit")
        for author in (bench.office, bench.leader):
            with pytest.raises(errors.Forbidden) as refused:
                bench.take(one, "approve", actor=author)
            assert refused.value.code == "own_report"
            assert "approve" not in bench.dissection(one, author).seen.available_actions
        other = bench.staff("leader", "leader2")
        assert "approve" in bench.dissection(one, other).seen.available_actions
        assert bench.take(one, "approve", actor=other).approved_version == 3

    def test_sent_back_and_approved_with_the_hash_in_the_ledger(self, bench):
        heard = []
        events.subscribe(RetrospectiveConcluded, heard.append)
        try:
            one = bench.until(bench.opened(), "rehearsed")
            bench.take(one, "propose_output", kind="institution", title="联合会审办法", text="一次会审")
            bench.take(one, "propose_output", kind="warning", title="写错的", text="不要")
            wrong = bench.dissection(one).outputs[1]
            bench.take(one, "strike", what=str(wrong.id), text="没有依据")
            bench.take(one, "draft")
            bench.take(one, "submit")
            bench.take(one, "send_back", actor=bench.leader, text="少一条")
            bench.take(one, "draft")
            bench.take(one, "submit")
            one = bench.take(one, "approve", actor=bench.leader)
        finally:
            events._handlers[RetrospectiveConcluded].remove(heard.append)
        (told,) = heard
        assert [(made.kind, made.title) for made in told.outputs] == [("institution", "联合会审办法")]
        assert told.causes == (("process", "多部门重复审图"),)
        assert told.report_sha256 == one.approved_sha256 == bench.contents(one, "approve")[0]["sha256"]
        assert (one.state, one.approved_version) == ("concluded", 2)
        with database.writing():
            (entered,) = Institution.objects.filter(source="retrospective")
            cases_of = [link.case_id for link in entered.links.all()]
        assert (entered.title, entered.origin, cases_of) == ("联合会审办法", one.number, [one.case_id])

    @pytest.mark.parametrize("form", ["docx", "pdf"])
    def test_the_file_is_drawn_from_the_approved_text_and_refused_when_it_was_altered(self, bench, form):
        one = bench.until(bench.opened(), "concluded")
        version, sealed = selectors.report(retrospective_id=one.id, actor=bench.office, now=LATER)
        content = exports.file(version, form, sealed=sealed)
        assert content == exports.file(version, form, sealed=sealed)
        assert content[:2] in (b"PK", b"%P")
        version.text += "私下加一句"
        with pytest.raises(errors.Conflict) as refused:
            exports.file(version, form, sealed=sealed)
        assert refused.value.code == "report_altered"

    def test_side_effects_are_looked_at_later_and_a_forgotten_look_is_told(self, bench):
        one = bench.until(bench.opened(), "concluded")
        assert one.due_at > LATER + dt.timedelta(days=80)
        cases.sweep(now=LATER + dt.timedelta(days=120))
        assert bench.facts(one)[-1] == "late"
        with pytest.raises(errors.Invalid):
            bench.take(one, "check", occurred=["3"])
        one = bench.take(one, "check", occurred=["2"], text="窗口加开一个号")
        assert (one.state, [effect["occurred"] for effect in one.side_effects]) == ("checked", [False, True])
        assert one.due_at is None

    def test_the_state_says_what_would_go(self, bench):
        one = bench.opened()
        with pytest.raises(errors.Conflict) as refused:
            bench.take(one, "draft")
        assert (refused.value.code, refused.value.extra["allowed_actions"]) == ("state_forbids", ["assign"])
        for action in ("begin", "lapse", "nothing"):
            with pytest.raises(errors.NotFound):
                bench.take(one, action)


class TestPlacesThatChange:
    def test_a_case_without_a_department_can_be_looked_back_at(self, bench):
        one = bench.until(bench.opened(), "led")
        with database.writing():
            Case.objects.filter(pk=one.case_id).update(lead_department=None)
            Retrospective.objects.filter(pk=one.id).update(unit=None)
            Link.objects.filter(retrospective=one).update(department=None)
        one = _forward(bench, _forward(bench, _forward(bench, one, "dissected"), "rehearsed"), "drafted")
        assert one.state == "drafted"
        found = selectors.analysis(actor=bench.office, now=LATER)
        assert found.departments == []

    def test_a_merged_department_counts_under_its_successor(self, bench):
        one = bench.until(bench.opened(), "concluded")
        housing, water = bench.department("housing"), bench.department("water")
        directory.merge_department(department_id=housing.id, into_id=water.id, actor_id=OPERATOR, now=LATER)
        with clock.at(LATER + dt.timedelta(days=1)):
            found = selectors.analysis(actor=bench.office, now=LATER)
            assert [row.key for row in found.departments] == ["water"]
            rows, _more = selectors.page(actor=bench.office, now=LATER, department="water")
        assert [row.retrospective.id for row in rows] == [one.id]


class TestAnalysis:
    def test_every_figure_is_as_long_as_its_list(self, bench):
        first = bench.until(bench.opened(), "rehearsed")
        bench.take(first, "presume", **(KEPT | {"at_fault": "departed", "at_fault_why": "企业误解了政策"}))
        bench.take(first, "find_cause", branch="law", cause="标准不一致")
        bench.take(first, "propose_output", kind="exemplar", title="典型", text="做法")
        for action in ("draft", "submit"):
            bench.take(first, action)
        bench.take(first, "approve", actor=bench.leader)
        bench.until(bench.opened(title="第二件", category="policy"), "concluded")
        bench.until(bench.opened(title="还没批"), "submitted")
        found = selectors.analysis(actor=bench.office, now=LATER, since="2026-11-01", until="2026-11-30")
        assert (found.total, found.departed, found.outputs) == (2, {"at_fault": 1}, {"exemplar": 1})
        assert found.causes == [("process", "多部门重复审图", 2), ("law", "标准不一致", 1)]
        assert found.grounds == {"complex": 2, "policy": 1}

        def listed(**only):
            period = {"since": "2026-11-01", "until": "2026-11-30"}
            return len(selectors.page(actor=bench.office, now=LATER, **period, **only)[0])

        assert listed() == found.total
        assert [listed(branch=branch, cause=cause) for branch, cause, _count in found.causes] == [2, 1]
        assert all(listed(step=row.key) == row.count for row in found.steps)
        assert all(listed(department=row.key) == row.count for row in found.departments)
        assert (listed(presumption="at_fault"), listed(output="exemplar"), listed(ground="policy")) == (1, 1, 1)
        before = selectors.analysis(actor=bench.office, now=LATER, until="2026-11-01")
        assert (before.total, before.causes, before.steps) == (0, [], [])
        with pytest.raises(errors.Invalid):
            selectors.analysis(actor=bench.office, now=LATER, since="yesterday")
