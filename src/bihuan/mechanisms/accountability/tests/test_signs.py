"""苗头: what shows while the loop runs, once, and at the cost of what changes."""

import datetime as dt

import pytest

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import database, errors
from bihuan.mechanisms.accountability import selectors, services
from bihuan.mechanisms.accountability.models import Watch
from bihuan.mechanisms.accountability.tests.conftest import DAY, HOUR, TEXT

SAME = "您好，您反映的问题我局高度重视，已转相关科室研究处理，请耐心等待，感谢您的理解与支持。"


def watch_of(case):
    with database.writing():
        return Watch.objects.get(pk=case.pk)


class TestSilence:
    def test_nothing_for_five_working_days(self, bench):
        case = bench.case("accept", "dispatch", "sign")
        assert services.look(now=NOW + 4 * DAY) == 0
        assert services.look(now=NOW + 8 * DAY) == 1
        (sign,) = bench.signs("silence")
        assert (sign.case_id, sign.department.code, sign.state) == (case.pk, "housing", "open")
        assert bench.told(bench.liaison(), "sign_seen") == bench.told(bench.centre, "sign_seen") == 1
        assert services.look(now=NOW + 30 * DAY) == 0
        assert len(bench.signs()) == 1

    def test_a_word_begins_the_time_anew_and_rest_ends_it(self, bench):
        case = bench.case("accept", "dispatch", "sign")
        bench.act(case.number, "report_progress", now=NOW + 4 * DAY)
        assert services.look(now=NOW + 8 * DAY) == 0
        bench.act(case.number, "ask_enterprise", now=NOW + 8 * DAY)
        assert watch_of(case).look_at is None
        bench.act(case.number, "answer", now=NOW + 9 * DAY)
        bench.act(case.number, "reply", now=NOW + 9 * DAY + HOUR)
        assert services.look(now=NOW + 60 * DAY) == 1
        assert services.look(now=NOW + 60 * DAY) == 0
        assert bench.signs() == []

    def test_a_matter_that_lost_its_lead_is_nobodys_silence(self, bench):
        case = bench.case("accept", "dispatch", "sign")
        with database.writing():
            Case.objects.filter(pk=case.pk).update(lead_department=None)
        assert services.look(now=NOW + 10 * DAY) == 1
        assert (bench.signs(), watch_of(case).look_at) == ([], None)

    def test_a_round_takes_what_is_due_in_batches_and_nothing_else(self, bench, monkeypatch):
        from bihuan.mechanisms.accountability.services import noticing

        monkeypatch.setattr(noticing, "BATCH", 2)
        for number in range(3):
            bench.case("accept", "dispatch", "sign", title=f"第{number}件")
        bench.case("accept", "dispatch", "sign", now=NOW + 5 * DAY, title="晚来的")
        assert [services.look(now=NOW + 8 * DAY) for _round in range(3)] == [2, 1, 0]
        assert len(bench.signs("silence")) == 3


def test_a_warning_light_that_nobody_answers(bench):
    case = bench.case("accept", "dispatch", "sign")
    lit = case.light_at[case.light_ids.index("orange")]
    bench.act(case.number, "report_progress", now=lit - HOUR)
    cases.sweep(now=lit + dt.timedelta(minutes=1))
    assert watch_of(case).lit_at is not None
    services.look(now=lit + 5 * DAY)
    (sign,) = bench.signs("ignored")
    assert {one["what"] for one in sign.evidence} == {"since", "lit"}


def test_an_answered_light_is_no_sign(bench):
    case = bench.case("accept", "dispatch", "sign")
    lit = case.light_at[case.light_ids.index("orange")]
    bench.act(case.number, "report_progress", now=lit - HOUR)
    cases.sweep(now=lit + dt.timedelta(minutes=1))
    bench.act(case.number, "report_progress", now=lit + HOUR)
    services.look(now=lit + 5 * DAY)
    assert bench.signs("ignored") == []


def test_returned_twice(bench):
    case = bench.case("accept", "dispatch", "object", "rule_objection")
    assert bench.signs() == []
    bench.act(case.number, "object", actor=bench.liaison("water"), now=NOW + HOUR)
    (sign,) = bench.signs("returns")
    assert (sign.department.code, sign.evidence) == ("water", [{"what": "count", "value": 2}])


def test_answers_in_the_same_words_to_three_enterprises(bench):
    firms = [bench.firm, bench.other_firm, directory.make_enterprise(3), directory.make_enterprise(4)]
    for firm in firms:
        case = bench.case(
            "accept", "dispatch", "sign", enterprise=firm.uscc, title=firm.name, actor=bench.staff("seat")
        )
        bench.act(case.number, "reply", now=NOW + HOUR, text=SAME)
    assert bench.signs() == []
    assert services.look(now=NOW + HOUR) == 4
    (sign,) = bench.signs("template")
    assert len(sign.evidence) == 2


def test_answers_at_the_last_minute(bench):
    for number in range(6):
        case = bench.case("accept", "dispatch", "sign", title=f"第{number}件")
        text = f"第{number}件" + "甲乙丙丁戊己庚辛壬癸"[number] * 30
        bench.act(case.number, "reply", now=case.due_at - dt.timedelta(minutes=30), text=text)
    services.look(now=case.due_at)
    (sign,) = bench.signs("last_minute")
    assert all(one["value"] >= 90 for one in sign.evidence)


class TestAnswering:
    def sign(self, bench):
        bench.case("accept", "dispatch", "sign")
        services.look(now=NOW + 8 * DAY)
        return bench.signs()[0]

    def test_the_unit_explains_and_the_centre_decides(self, bench):
        sign = self.sign(bench)
        act = {"sign_id": sign.id, "now": NOW + 8 * DAY, "body": {"text": TEXT}}
        services.take_sign(action="explain", actor=bench.liaison(), **act)
        with pytest.raises(errors.Forbidden):
            services.take_sign(action="dismiss", actor=bench.liaison(), **act)
        with pytest.raises(errors.NotFound):
            services.take_sign(action="explain", actor=bench.liaison("water"), **act)
        assert services.take_sign(action="dismiss", actor=bench.centre, **act).state == "dismissed"
        with pytest.raises(errors.Conflict):
            services.take_sign(action="dismiss", actor=bench.centre, **act)
        with pytest.raises(errors.NotFound):
            services.take_sign(action="take_further", actor=bench.centre, **act)

    def test_it_becomes_part_of_the_application(self, bench):
        sign = self.sign(bench)
        bench.applied(case=sign.case, now=NOW + 8 * DAY)
        assert bench.again(sign).state == "taken_further"
        assert selectors.figures(actor=bench.office)["signs"] == {"silence": 1}
