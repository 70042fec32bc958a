"""What follows from a retrospective goes into the registers that keep it (R5, R6)."""

import datetime as dt

import pytest

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.registers.models import Caution, Exemplar
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import database, errors
from bihuan.mechanisms.retrospectives import selectors
from bihuan.mechanisms.retrospectives.tests.conftest import LATER


def test_model_and_warning_cases_go_to_their_registers_without_names(bench):
    one = bench.until(bench.opened(), "rehearsed")
    bench.take(one, "propose_output", kind="exemplar", title="三部门一次到场", text="三次并成一次")
    bench.take(one, "propose_output", kind="warning", title="一份图纸退了三次", text="每次理由都不一样")
    bench.take(one, "draft")
    bench.take(one, "submit")
    bench.take(one, "approve", actor=bench.leader)
    with database.writing():
        (model,), (warned,) = Exemplar.objects.all(), Caution.objects.all()
    assert (model.title, model.source, model.case_id) == ("三部门一次到场", "retrospective", one.case_id)
    assert (warned.title, warned.source, "多部门重复审图" in warned.lesson) == (
        "一份图纸退了三次",
        "retrospective",
        True,
    )
    again = bench.until(bench.opened(title="同样做法的另一件"), "rehearsed")
    bench.take(again, "propose_output", kind="exemplar", title="三部门一次到场", text="三次并成一次")
    for action in ("draft", "submit"):
        bench.take(again, action)
    assert bench.take(again, "approve", actor=bench.leader).state == "concluded"
    named = bench.until(bench.opened(title="写了名字的"), "rehearsed")
    bench.take(named, "propose_output", kind="warning", title="某企业", text=f"{bench.firm.name}跑了三趟")
    bench.take(named, "draft")
    with pytest.raises(errors.Invalid) as refused:
        bench.take(named, "submit")
    assert (refused.value.code, bench.again(named).state) == ("names_somebody", "drafted")
    shown = bench.dissection(named)
    assert list(shown.tells.values()) == [["firm"]]
    bench.take(named, "let_stand", what=str(shown.outputs[0].id), text="商会的名字，不是这家企业")
    assert bench.dissection(named).tells == {}
    bench.take(named, "submit")
    assert bench.take(named, "approve", actor=bench.leader).state == "concluded"
    with database.writing():
        assert Caution.objects.get(source_id=shown.outputs[0].id).stays == "商会的名字，不是这家企业"


def test_numbers_and_codes_never_stay(bench):
    one = bench.until(bench.opened(), "rehearsed")
    bench.take(one, "propose_output", kind="warning", title="一份图纸退了三次", text="请打 13800138000")
    (made,) = bench.dissection(one).outputs
    bench.take(one, "let_stand", what=str(made.id), text="不是谁的电话")
    bench.take(one, "draft")
    with pytest.raises(errors.Invalid):
        bench.take(one, "submit")
    bench.take(one, "strike", what=str(made.id), text="重写")
    bench.take(one, "propose_output", kind="warning", title="一份图纸退了三次", text="每次理由都不一样")
    bench.take(one, "draft")
    assert bench.take(one, "submit").state == "submitted"


CHANGES = {
    "find_cause": {"cause": "没有人盯", "branch": "process"},
    "presume": {"reasonable": "kept", "solvable": "kept", "at_fault": "kept"},
    "propose_output": {"kind": "institution", "title": "会审办法", "text": "一次会审"},
    "state_unit": {"text": "我局按时办理"},
    "strike": {"text": "记错了"},
}


@pytest.mark.parametrize("action", CHANGES)
def test_what_was_changed_after_the_draft_needs_another_draft_or_edit(bench, action):
    one = bench.until(bench.opened(), "rehearsed")
    bench.take(one, "find_cause", cause="图纸标准不一", branch="law")
    bench.take(one, "draft")
    more = {"what": str(bench.dissection(one).causes[0].id)} if action == "strike" else {}
    actor = bench.liaison() if action == "state_unit" else None
    bench.take(one, action, actor=actor, **CHANGES[action], **more)
    assert "submit" not in bench.dissection(one, bench.office).seen.available_actions
    with pytest.raises(errors.Conflict) as refused:
        bench.take(one, "submit")
    assert refused.value.code == "report_stale"
    bench.take(one, "draft")
    assert "submit" in bench.dissection(one, bench.office).seen.available_actions
    assert bench.take(one, "submit").state == "submitted"


def test_a_place_without_an_office_that_may_lead_falls_back(bench):
    """Who may lead is the leader; here the leader works in the department that handled it, so the fallback leads."""
    one = bench.opened()
    named = {name for _id, name in selectors.leaders(retrospective=one, case=bench.fresh(one.number), now=LATER)}
    assert named == {"leader"}
    with database.writing():
        accounts.appoint(
            person_id=bench.leader.person_id,
            role="liaison",
            region=DISTRICT,
            department_id=bench.department("housing").id,
            actor_id=OPERATOR,
            now=NOW,
            since=NOW - dt.timedelta(days=1),
        )
    named = {name for _id, name in selectors.leaders(retrospective=one, case=bench.fresh(one.number), now=LATER)}
    assert named == {"catch_all"}
    with pytest.raises(errors.Invalid):
        bench.take(one, "assign", leader="leader")
    assert bench.take(one, "assign", leader="catch_all").state == "led"
