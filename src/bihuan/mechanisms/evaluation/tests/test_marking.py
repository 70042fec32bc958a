"""Bad marks: from the rating to the end, what the rated unit learns, and appeals decided by others."""

import datetime as dt

import pytest

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import clock, errors
from bihuan.mechanisms.evaluation import selectors
from bihuan.mechanisms.evaluation.tests.conftest import LATER, STEPS


def refused(ear, mark, action, *, actor=None, **body) -> str:
    with pytest.raises(errors.Problem) as caught:
        ear.take(mark, action, actor=actor, **body)
    return caught.value.code


def test_a_bad_mark_goes_the_whole_way(ear):
    case, mark = ear.bad()
    assert case.number not in mark.number
    assert ear.told(ear.staff("coordinator"), "mark_opened")
    assert refused(ear, mark, "contact", named="yes") == "state_forbids"
    ear.take(mark, "verify")
    contacted = ear.take(mark, "contact", named="yes", text="请一次讲清还差什么")
    assert (contacted.shared, contacted.state) == ("matter", "contacted")
    assert (contacted.due_at - contacted.contacted_at).days == 7
    ear.take(mark, "correct", actor=ear.liaison(), text="已一次告知并现场指导")
    ear.take(mark, "answer", text="部门已登门说明")
    assert ear.told(ear.owner, "mark_answer")
    again = ear.take(mark, "revisit", content="no", text="还差一项")
    assert (again.state, again.corrections) == ("contacted", 1)
    ear.take(mark, "correct", actor=ear.liaison(), text="补齐")
    ear.take(mark, "answer", text="补齐了")
    ear.take(mark, "revisit", content="yes", text="满意了")
    ear.act(case.number, "rate", now=LATER + dt.timedelta(days=1), process=4, result=4)
    ended = ear.take(mark, "close", text="已整改到位")
    assert (ended.state, ended.due_at, ended.improved_at is not None) == ("closed", None, True)
    assert refused(ear, mark, "verify") == "state_forbids"
    names = "opened verify contact correct answer revisit correct answer revisit improved close"
    assert ear.facts(mark) == [f"mark_{name}" for name in names.split()]


def test_each_step_late_is_on_record_and_told(ear):
    _case, mark = ear.bad()
    with clock.at(NOW + dt.timedelta(days=3)):
        cases.sweep(now=NOW + dt.timedelta(days=3))
    assert ear.facts(mark) == ["mark_opened", "mark_late"]
    assert ear.told(ear.staff("supervision_office"), "mark_late")


def test_a_content_rating_opens_nothing(ear):
    case = ear.closed()
    ear.act(case.number, "rate", now=LATER, process=3, result=3)
    assert ear.mark(case) is None


@pytest.mark.parametrize("firms", [0, 4])
def test_without_consent_the_unit_learns_the_kind_only_among_enough_enterprises(ear, firms):
    case, mark = ear.bad()
    for number in range(firms):
        firm = directory.make_enterprise(20 + number)
        other = ear.raised(enterprise=firm.uscc, actor=ear.staff("seat"), channel="hotline").number
        for action in STEPS:
            ear.act(other, action, now=NOW + dt.timedelta(minutes=30))
    ear.take(mark, "verify")
    contacted = ear.take(mark, "contact", named="no", text="办理过程要随时告知企业")
    unit, centre = ear.liaison(), ear.staff("coordinator")
    assert contacted.shared == ("kind" if firms else "nothing")
    seen, _next = selectors.marks(actor=unit, now=LATER)
    if not firms:
        assert seen == []
        assert ear.told(unit, "mark_told") == []
        assert refused(ear, mark, "correct", actor=unit) == "evaluation_not_found"
        assert ear.take(mark, "correct", actor=centre).state == "corrected"
        return
    (told,) = seen
    assert (told.case, told.parts, told.words, told.opened_at) == (None, {}, "", None)
    assert (told.month, told.reasons, told.demand) == ("2026-11", ["slow"], "办理过程要随时告知企业")
    assert case.number not in str([*ear.told(unit, "mark_told"), told])
    assert refused(ear, mark, "correct", actor=centre) == "forbidden"
    assert ear.take(mark, "correct", actor=unit).state == "corrected"


def test_a_mark_is_nobody_elses_business(ear):
    _case, mark = ear.bad()
    both = ear.person("both", "coordinator")
    with clock.at(NOW):
        services_of = ear.liaison("housing", role="department_head")
    for actor in (services_of, ear.liaison("water"), ear.owner, ear.stranger, ear.staff("observer")):
        assert refused(ear, mark, "verify", actor=actor) == "evaluation_not_found"
        with pytest.raises(errors.NotFound):
            selectors.mark(mark_id=mark.id, actor=actor, now=LATER)
    assert ear.take(mark, "verify", actor=both).state == "verified"
    assert refused(ear, mark, "contact", actor=ear.staff("leader"), named="yes") == "forbidden"


@pytest.mark.parametrize("upheld", ["yes", "no"])
def test_an_appeal_is_decided_by_somebody_else_and_counted(ear, upheld):
    _case, mark = ear.bad()
    head, office = ear.liaison(role="department_head"), ear.staff("supervision_office")
    ear.take(mark, "verify")
    assert refused(ear, mark, "appeal", actor=head) == "evaluation_not_found"
    ear.take(mark, "contact", named="yes")
    ear.take(mark, "appeal", actor=head, text="企业承认点错了")
    assert ear.told(office, "mark_appeal")
    for actor in (head, ear.liaison(), ear.staff("coordinator")):
        assert refused(ear, mark, "decide_appeal", actor=actor, upheld="yes") == "forbidden"
    decided = ear.take(mark, "decide_appeal", actor=office, upheld=upheld, text="通话录音核实")
    wanted = ("set_aside", "upheld") if upheld == "yes" else ("contacted", "refused")
    assert (decided.state, decided.appeal) == wanted
    assert ear.told(head, "mark_decided")
    counted = selectors.counted(region=mark.region, since=NOW, until=LATER + dt.timedelta(days=1))
    assert (counted.bad, counted.appealed, counted.set_aside) == (1, 1, int(upheld == "yes"))
    if upheld == "no":
        assert refused(ear, mark, "appeal", actor=head) == "forbidden"


@pytest.mark.parametrize("body", [{}, {"named": "maybe"}, {"named": "yes", "text": " "}])
def test_what_is_missing_is_asked_for(ear, body):
    _case, mark = ear.bad()
    ear.take(mark, "verify")
    assert refused(ear, mark, "contact", **body) == "invalid_body"


def test_means_hide_small_groups_and_the_months_that_still_move(ear):
    case, _mark = ear.bad()
    (mean,) = selectors.means(actor=ear.staff("coordinator"), now=LATER)
    assert (mean.month, mean.rated, mean.result) == ("2026-11", None, None)
    assert selectors.means(actor=ear.liaison(), now=LATER) == []
    assert selectors.means(actor=ear.liaison("water"), now=LATER + dt.timedelta(days=80)) == []
    ear.rule("evaluation: {least: 2}")
    firm = directory.make_enterprise(40)
    other = ear.raised(enterprise=firm.uscc, actor=ear.staff("seat"), channel="hotline").number
    for action in STEPS:
        ear.act(other, action, now=NOW + dt.timedelta(minutes=30))
    from bihuan.casework.cases.permissions import Actor

    ear.act(other, "rate", now=LATER, actor=Actor(holds=ear.fresh(other).id), process=4, result=5)
    (mean,) = selectors.means(actor=ear.staff("coordinator"), now=LATER)
    assert (mean.rated, mean.process, mean.result) == (2, 4.0, 3.0)
    assert selectors.means(actor=ear.liaison(), now=LATER) == []
    (settled,) = selectors.means(actor=ear.liaison(), now=LATER + dt.timedelta(days=80))
    assert settled == mean
    assert case.number not in str(mean)


def test_silence_is_read_otherwise_in_the_export_only_and_marked(ear):
    from bihuan.mechanisms.evaluation import exports

    ear.rule("evaluation: {silence: {counts_as: 3, after: 7d}}")
    silent, rated = ear.closed(), ear.closed()
    ear.act(rated.number, "rate", now=LATER, process=5, result=5)
    later = LATER + dt.timedelta(days=20)
    text = exports.ratings(actor=ear.staff("coordinator"), now=later).decode("utf-8-sig")
    rows = sorted(line.split(",")[2:] for line in text.splitlines()[1:])
    assert rows == [["", "no_response", "3", "True"], ["5", "rated", "5", "False"]]
    assert silent.number not in text
    assert ear.firm.name not in text
    assert exports.ratings(actor=ear.liaison(), now=later).decode().count("\n") == 1
