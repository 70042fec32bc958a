"""What follows from a retrospective goes into the registers that keep it (R5, R6)."""

import pytest

from bihuan.casework.registers.models import Caution, Exemplar
from bihuan.foundation.kernel import database, errors


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
    for action in ("draft", "submit"):
        bench.take(named, action)
    with pytest.raises(errors.Invalid) as refused:
        bench.take(named, "approve", actor=bench.leader)
    assert (refused.value.code, bench.again(named).state) == ("names_somebody", "submitted")
