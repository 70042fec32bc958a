"""模拟问责: the way of an inquiry, and what goes wrong on it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts import services as account_services
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.accountability import exports, selectors, services
from bihuan.mechanisms.accountability.models import Inquiry
from bihuan.mechanisms.accountability.tests.conftest import DAY, HOUR, TEXT

LATER = NOW + 3 * HOUR


def refused(kind, call, /, *args, **named) -> str:
    with pytest.raises(kind) as found:
        call(*args, **named)
    return found.value.code


class TestCourse:
    def test_from_the_application_to_the_write_off(self, bench):
        inquiry = bench.applied()
        assert (inquiry.state, inquiry.unit.code, inquiry.number[-3:]) == ("applied", "housing", "-M1")
        assert bench.told(bench.office, "applied") == 1
        assert bench.told(bench.liaison(), "applied") == 0
        bench.take(inquiry, "take_on")
        assert bench.told(bench.liaison(), "take_on") == 1
        bench.take(inquiry, "state_side")
        bench.take(inquiry, "split")
        bench.take(inquiry, "split", unit="water", section="管网科", kind="not_helping")
        found = bench.take(inquiry, "find", outcome="warned")
        assert (found.state, found.due_at.date()) == ("found", dt.date(2026, 11, 23))
        assert bench.told(bench.liaison("water"), "find") == 1
        bench.take(inquiry, "rectify")
        assert refused(errors.Conflict, bench.take, inquiry, "write_off") == "visit_missing"
        bench.take(inquiry, "visit", done=True)
        done = bench.take(inquiry, "write_off")
        assert (done.state, done.due_at, done.ended_at) == ("written_off", None, NOW + 2 * HOUR)
        took = ["take_on", "state_side", "split", "split", "find", "rectify", "visit", "write_off"]
        assert bench.facts(inquiry) == ["applied", *took]

    def test_both_reports_have_five_working_days(self, bench):
        inquiry = bench.until("found")
        assert {one.date() for one in (inquiry.found_due, inquiry.rectified_due)} == {dt.date(2026, 11, 23)}

    def test_not_accepted_says_why_and_the_unit_never_hears_of_it(self, bench):
        case = bench.case("accept", "dispatch", "sign")
        inquiry = bench.take(bench.applied(case=case), "turn_away")
        assert (inquiry.state, bench.told(bench.centre, "turn_away")) == ("not_accepted", 1)
        assert bench.told(bench.liaison(), "turn_away") == 0
        assert bench.applied(case=case).number.endswith("-M2")

    def test_what_is_not_carried_out_is_referred_and_nothing_else_is(self, bench):
        inquiry = bench.until("rectified")
        assert refused(errors.Conflict, bench.take, inquiry, "refer") == "carried_out"
        again = bench.take(inquiry, "visit", done=False)
        assert (again.state, again.failed) == ("found", 1)
        assert bench.take(inquiry, "refer").state == "referred"
        assert bench.told(bench.staff("leader"), "refer") == 1

    def test_a_report_that_came_back_has_its_own_time(self, bench):
        inquiry = bench.until("rectified")
        bench.take(inquiry, "visit", done=True)
        back = bench.take(inquiry, "return_report", now=NOW + DAY)
        assert (back.state, back.returned, back.visits) == ("found", 1, 0)
        assert back.rectified_due.date() == dt.date(2026, 11, 24)

    def test_nothing_found_ends_it_and_something_found_needs_a_responsibility(self, bench):
        inquiry = bench.take(bench.applied(), "take_on")
        assert refused(errors.Conflict, bench.take, inquiry, "find", outcome="warned") == "duty_missing"
        bench.take(inquiry, "split")
        (duty,) = selectors.dossier(inquiry_id=inquiry.id, actor=bench.office, now=LATER).duties
        bench.take(inquiry, "strike", duty=str(duty.id))
        assert refused(errors.Invalid, bench.take, inquiry, "strike", duty=str(duty.id)) == "invalid_body"
        assert bench.take(inquiry, "find", outcome="cleared").state == "cleared"

    def test_a_finding_is_given_once_and_never_changes(self, bench):
        inquiry = bench.until("found")
        assert refused(errors.Conflict, bench.take, inquiry, "find", outcome="warned") == "state_forbids"
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            Inquiry.objects.filter(pk=inquiry.id).update(finding="改过的报告")

    @pytest.mark.parametrize(
        "body",
        [{"kind": "unheard_of"}, {"post": "张三"}, {"treatment": ""}, {"section": ""}, {"text": ""}, {"unit": "x"}],
    )
    def test_a_responsibility_names_a_post_of_the_list_and_nothing_else(self, bench, body):
        inquiry = bench.take(bench.applied(), "take_on")
        assert refused(errors.Invalid, bench.take, inquiry, "split", **body) in {"invalid_body", "unit_unknown"}

    def test_one_inquiry_at_a_time_and_none_into_what_was_merged(self, bench):
        inquiry = bench.applied()
        assert refused(errors.Conflict, bench.applied, case=inquiry.case) == "inquiry_open"
        one, other = bench.case("accept"), bench.case("accept", title="另一件")
        bench.act(other.number, "merge", now=LATER, into=one.number)
        assert refused(errors.Conflict, bench.applied, case=other, unit="housing") == "case_merged"


class TestRecusal:
    """自动回避: whoever works in a unit concerned keeps out, whatever they hold besides."""

    def second_hat(self, bench, role, unit):
        actor = bench.liaison(unit)
        account_services.appoint(
            person_id=actor.person_id, role=role, region=DISTRICT, actor_id=OPERATOR, now=NOW, since=NOW - DAY
        )
        accounts.forget()
        with clock.at(NOW):
            return Actor(reader=accounts.reader_of(actor.person_id))

    def test_an_inquiry_into_ones_own_unit(self, bench):
        both = self.second_hat(bench, "discipline", "housing")
        inquiry = bench.applied()
        assert refused(errors.NotFound, selectors.find, inquiry.id, both) == "inquiry_not_found"
        assert refused(errors.NotFound, bench.take, inquiry, "take_on", actor=both) == "inquiry_not_found"
        assert bench.told(both, "applied") == 0
        bench.take(inquiry, "take_on")
        assert refused(errors.Forbidden, bench.take, inquiry, "split", actor=both) == "forbidden"
        shown = selectors.dossier(inquiry_id=inquiry.id, actor=both, now=LATER).seen
        assert (shown.inside, shown.available_actions) == (False, ["state_side"])
        elsewhere = self.second_hat(bench, "discipline", "tax")
        assert bench.take(inquiry, "split", actor=elsewhere).state == "investigating"

    def test_nobody_applies_for_one_into_the_own_unit(self, bench):
        both = self.second_hat(bench, "coordinator", "housing")
        assert refused(errors.Forbidden, bench.applied, actor=both) == "forbidden"
        case = bench.case("accept", "dispatch", "sign")
        helper = self.second_hat(bench, "catch_all", "water")
        assert refused(errors.Forbidden, bench.applied, actor=helper, case=case, unit="water") == "forbidden"

    def test_a_unit_that_joins_later_is_recused_from_then_on(self, bench):
        both = self.second_hat(bench, "discipline", "water")
        inquiry = bench.take(bench.applied(), "take_on")
        bench.take(inquiry, "split", actor=both, unit="water")
        assert refused(errors.Forbidden, bench.take, inquiry, "find", actor=both, outcome="warned") == "forbidden"

    def test_with_nobody_left_the_fallback_is_told(self, bench):
        for role in ("discipline", "supervision_office"):
            actor = bench.staff(role)
            account_services.appoint(
                person_id=actor.person_id,
                role="liaison",
                region=DISTRICT,
                department_id=bench.department("housing").id,
                actor_id=OPERATOR,
                now=NOW,
                since=NOW - DAY,
            )
        accounts.forget()
        bench.applied()
        assert bench.told(bench.staff("catch_all"), "applied") == 1
        assert bench.told(bench.office, "applied") == 0


class TestUnits:
    def close(self, code, successor=None):
        """A department ends yesterday."""
        with database.writing():
            Department.objects.filter(region=DISTRICT, code=code).update(
                valid_to=(NOW - DAY).date(), successor=successor
            )
        directory.forget()
        accounts.forget()

    def test_a_finding_on_a_merged_unit_is_carried_by_whoever_took_over(self, bench):
        inquiry = bench.take(bench.applied(), "take_on")
        self.close("tax", bench.department("water"))
        bench.take(inquiry, "split", unit="tax")
        (duty,) = selectors.dossier(inquiry_id=inquiry.id, actor=bench.office, now=LATER).duties
        assert (duty.department.code, duty.bearer.code) == ("tax", "water")
        bench.take(inquiry, "find", outcome="warned")
        assert bench.told(bench.liaison("water"), "find") == 1

    def test_a_unit_that_is_gone_without_successor_cannot_be_found_responsible(self, bench):
        inquiry = bench.take(bench.applied(), "take_on")
        self.close("tax")
        assert refused(errors.Invalid, bench.take, inquiry, "split", unit="tax") == "unit_gone"
        case = bench.case("accept", "dispatch", "sign", title="第二件")
        assert refused(errors.Invalid, bench.applied, case=case, unit="tax") == "unit_gone"

    def test_a_matter_without_a_lead_department_needs_the_unit_named(self, bench):
        case = bench.case("accept", "dispatch", "sign")
        with database.writing():
            Case.objects.filter(pk=case.pk).update(lead_department=None)
        assert refused(errors.Invalid, bench.applied, case=case) == "unit_missing"
        inquiry = bench.applied(case=case, unit="housing")
        assert bench.take(inquiry, "take_on").state == "investigating"

    def test_losing_the_lead_department_later_changes_nothing(self, bench):
        inquiry = bench.until("found")
        with database.writing():
            Case.objects.filter(pk=inquiry.case_id).update(lead_department=None)
        assert bench.take(inquiry, "rectify").state == "rectified"


class TestTheCase:
    def test_a_case_with_an_inquiry_cannot_be_deleted(self, bench):
        inquiry = bench.applied()
        with pytest.raises(ProtectedError), transaction.atomic(), database.writing():
            Case.objects.get(pk=inquiry.case_id).delete()

    def test_it_is_not_archived_while_its_inquiry_runs(self, bench):
        case = bench.case("accept", "dispatch", "sign", "reply", "verify_close", "confirm")
        inquiry = bench.applied(case=case)
        assert refused(errors.Conflict, bench.act, case.number, "archive", now=LATER) == "vetoed"
        bench.take(inquiry, "turn_away")
        assert bench.act(case.number, "archive", now=NOW + 90 * DAY).state == "archived"


class TestTime:
    def test_a_late_report_is_on_record_once_and_told_once(self, bench):
        inquiry = bench.until("found")
        cases.sweep(now=NOW + 8 * DAY)
        cases.sweep(now=NOW + 9 * DAY)
        assert bench.facts(inquiry).count("late") == 1
        assert [bench.told(one, "late_unit") for one in (bench.liaison(), bench.centre, bench.office)] == [1, 1, 1]
        late = bench.take(inquiry, "rectify", now=NOW + 9 * DAY)
        assert selectors.figures(actor=bench.office)["in_time"] == {"found": (1, 1), "rectified": (0, 1)}
        assert late.late_since is None

    def test_a_late_finding_is_told_to_the_office_not_to_the_unit(self, bench):
        inquiry = bench.until("investigating")
        cases.sweep(now=NOW + 8 * DAY)
        assert (bench.told(bench.office, "late"), bench.told(bench.liaison(), "late")) == (1, 0)
        assert selectors.page(actor=bench.office, now=NOW + 8 * DAY, state="late")[0][0].inquiry.id == inquiry.id

    def test_whoever_is_late_may_be_referred(self, bench):
        inquiry = bench.until("found")
        cases.sweep(now=NOW + 8 * DAY)
        assert "refer" in selectors.available_actions(bench.again(inquiry), bench.office)
        assert bench.take(inquiry, "refer", now=NOW + 9 * DAY).state == "referred"


class TestRelief:
    def propose(self, bench, inquiry, **body):
        given = {"kind": "tolerance", "section": "建管科", "post": "handler"} | body
        bench.take(inquiry, "relieve", **given)
        return selectors.reliefs(actor=bench.staff("leader"))[0][0][0]

    def test_a_tolerated_failing_is_put_right_too(self, bench):
        inquiry = bench.take(bench.applied(), "take_on")
        bench.take(inquiry, "split")
        assert bench.take(inquiry, "find", outcome="tolerated").state == "found"
        relief = self.propose(bench, inquiry, actor=bench.liaison())
        decide = {"relief_id": relief.id, "now": LATER, "body": {"text": "出于公心、及时纠正"}}
        granted = services.take_relief(action="grant", actor=bench.office, **decide)
        assert (granted.state, bench.told(bench.liaison(), "grant")) == ("granted", 1)
        assert refused(errors.Conflict, services.take_relief, action="refuse", actor=bench.office, **decide) == (
            "state_forbids"
        )

    def test_nobody_decides_what_they_proposed_nor_about_the_own_unit(self, bench):
        inquiry = bench.until("found")
        relief = self.propose(bench, inquiry, kind="no_effect")
        decide = {"relief_id": relief.id, "action": "grant", "now": LATER, "body": {"text": "同意"}}
        assert refused(errors.Forbidden, services.take_relief, actor=bench.office, **decide) == "forbidden"
        assert refused(errors.Forbidden, services.take_relief, actor=bench.liaison(), **decide) == "forbidden"
        assert refused(errors.NotFound, services.take_relief, actor=bench.liaison("water"), **decide)
        assert services.take_relief(actor=bench.staff("leader"), **decide).state == "granted"

    def test_a_unit_asks_for_itself_only(self, bench):
        inquiry = bench.until("found")
        body = {"kind": "tolerance", "section": "x", "post": "handler", "unit": "water"}
        assert refused(errors.Forbidden, bench.take, inquiry, "relieve", actor=bench.liaison(), **body) == "forbidden"

    def test_the_paper_leaves_the_name_blank(self, bench):
        inquiry = bench.until("found")
        relief = self.propose(bench, inquiry, kind="no_effect")
        assert refused(errors.NotFound, exports.letter, relief_id=relief.id, actor=bench.office)
        services.take_relief(
            relief_id=relief.id, action="grant", actor=bench.staff("leader"), now=LATER, body={"text": "同意"}
        )
        paper = exports.letter(relief_id=relief.id, actor=bench.office)
        assert any("____" in block.text for block in paper.blocks)
        for form, start in (("docx", b"PK"), ("pdf", b"%PDF")):
            assert exports.file(paper, form).startswith(start)


class TestPapers:
    def test_each_paper_is_for_whom_it_is(self, bench):
        inquiry = bench.until("rectified")
        ask = {"inquiry_id": inquiry.id, "now": LATER}
        for kind in ("application", "finding", "rectification"):
            assert TEXT in str(exports.paper_of(kind=kind, actor=bench.office, **ask))
        assert refused(errors.NotFound, exports.paper_of, kind="application", actor=bench.liaison(), **ask)
        told = str(exports.paper_of(kind="finding", actor=bench.liaison(), **ask))
        assert "would apply" in told.lower() or "若属实" in told
        assert refused(
            errors.NotFound, exports.file, exports.paper_of(kind="finding", actor=bench.office, **ask), "exe"
        )
