"""Draws that strangers repeat, and callbacks by people who neither handled nor closed the matter."""

import datetime as dt

import pytest

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.evaluation import selectors, services
from bihuan.mechanisms.evaluation.models import Draw
from bihuan.mechanisms.evaluation.rules import draws
from bihuan.mechanisms.evaluation.tests.conftest import LATER, STEPS

BEFORE = NOW - dt.timedelta(hours=1)


def code_of(call) -> str:
    with pytest.raises(errors.Problem) as caught:
        call()
    return caught.value.code


@pytest.fixture
def drawn(ear):
    """Matters closed in a period, of which all explained and one resolved are drawn; the draw, and the cases."""
    ear.raised()
    with clock.at(BEFORE):
        services.keep_drawing(now=BEFORE)
    resolved = [ear.closed() for _one in range(4)]
    explained = ear.case("accept", "dispatch", "sign")
    ear.act(explained.number, "reply", now=LATER, kind="explained")
    ear.act(explained.number, "verify_close", now=LATER)
    with database.writing():
        (draw, ahead) = Draw.objects.order_by("since")
    assert ahead.since > draw.since
    return ear, draw, resolved, explained


def late(draw):
    return draw.until + dt.timedelta(minutes=5)


def test_what_is_fixed_before_draws_afterwards_and_anybody_can_repeat_it(drawn):
    ear, draw, resolved, explained = drawn
    early = selectors.recipe(draw)
    assert (early["seed"], early["sample"], early["agrees"]) == (None, [], False)
    assert code_of(lambda: services.reveal(draw_id=draw.id, now=LATER)) == "state_forbids"
    assert code_of(lambda: services.draw(draw_id=draw.id, now=LATER)) == "too_early"
    assert services.keep_drawing(now=late(draw)) == 1
    assert code_of(lambda: services.draw(draw_id=draw.id, now=late(draw))) == "state_forbids"
    recipe = selectors.recipe(selectors.draw(draw_id=draw.id))
    assert recipe["agrees"]
    assert recipe["commitment"] == draw.commitment == draws.commitment(recipe["seed"])
    assert sum(map(len, recipe["strata"].values())) == 5
    assert len(recipe["sample"]) == 2
    numbers = {draws.ticket(draw=str(draw.id), number=case.number): case.number for case in (*resolved, explained)}
    called = {numbers[ticket] for ticket in recipe["sample"]}
    assert explained.number in called
    assert {one.case.number for one in selectors.calls(actor=ear.staff("coordinator"), now=LATER)[0]} == called
    assert ear.facts(draw) == ["draw_committed", "draw_draw", "draw_reveal"]
    assert all(case.number not in str(recipe) for case in resolved)
    assert services.keep_drawing(now=late(draw)) == 0


def test_the_published_lines_of_code_draw_the_same(drawn, tmp_path):
    import json
    import re
    import subprocess
    import sys

    from django.test import Client

    _ear, draw, _resolved, _explained = drawn
    services.keep_drawing(now=late(draw))
    page = Client().get(f"/draws/{draw.id}/").content.decode()
    (tmp_path / "draw.json").write_bytes(Client().get(f"/draws/{draw.id}.json").content)
    import html

    lines = html.unescape(re.search(r"<code lang=\"en\">(.*?)</code>", page, re.S)[1])
    ran = subprocess.run([sys.executable, "-c", lines], cwd=tmp_path, capture_output=True, text=True, check=True)
    printed = ran.stdout.split()
    assert printed[0] == "True"
    assert printed[1:] == json.loads((tmp_path / "draw.json").read_text())["sample"]


@pytest.fixture
def called(drawn):
    """A resolved matter that was drawn, and its callback."""
    ear, draw, resolved, _explained = drawn
    with clock.at(late(draw)):
        services.keep_drawing(now=late(draw))
        case = next(case for case in resolved if ear.call(case) is not None)
        yield ear, case, ear.call(case), late(draw)


def take(call, action, actor, now, **body):
    return services.take_call(call_id=call.id, action=action, actor=actor, now=now, body=body)


def test_whoever_handled_or_closed_does_not_call(called):
    ear, _case, call, now = called
    for actor in (ear.liaison(), ear.liaison(role="department_head"), ear.owner, ear.stranger):
        assert code_of(lambda one=actor: take(call, "take", one, now)) == "evaluation_not_found"
    assert code_of(lambda: take(call, "take", ear.staff("coordinator"), now)) == "forbidden"
    assert code_of(lambda: take(call, "take", ear.staff("leader"), now)) == "forbidden"
    assert take(call, "take", ear.staff("catch_all"), now).state == "taken"
    said = {"solved": "yes", "text": "办成了"}
    assert code_of(lambda: take(call, "finish", ear.staff("supervision_office"), now, **said)) == "forbidden"
    assert code_of(lambda: take(call, "take", ear.staff("supervision_office"), now)) == "state_forbids"


def test_not_solved_overturns_a_closing_and_keeps_both_versions(called):
    ear, case, call, now = called
    caller = ear.staff("catch_all")
    take(call, "take", caller, now)
    done = take(call, "finish", caller, now, solved="no", level="1", text="第二个问题根本没办")
    assert (done.false_closing, done.overturned, done.solved, done.level) == (True, True, False, 1)
    assert (done.unit_said, done.raiser_said) == ("复验通过", "第二个问题根本没办")
    again = ear.fresh(case.number)
    assert (again.state, again.reopenings, again.false_closure) == ("reopened", 1, True)
    assert ear.told(ear.staff("supervision_office"), "callback_finish")
    (seen,) = selectors.calls(actor=caller, now=now, state="false")[0]
    assert seen.call.id == call.id
    assert code_of(lambda: take(call, "finish", caller, now, solved="no", text="再说一次")) == "state_forbids"
    assert ear.facts(call) == ["callback_opened", "callback_take", "callback_finish"]


def test_solved_confirms_in_the_raisers_name(called):
    ear, case, call, now = called
    caller = ear.staff("catch_all")
    take(call, "take", caller, now)
    done = take(call, "finish", caller, now, solved="yes", text="办好了，谢谢")
    confirmed = ear.fresh(case.number)
    assert (done.overturned, confirmed.word, confirmed.achieved) == (False, "confirmed", True)


def test_nobody_reached_is_tried_again_and_then_given_up(called):
    ear, _case, call, now = called
    caller = ear.staff("catch_all")
    for attempt in (1, 2, 3):
        take(call, "take", caller, now)
        missed = take(call, "miss", caller, now, text="无人接听")
        assert (missed.attempts, missed.state) == (attempt, "waiting" if attempt < 3 else "unreached")
    assert missed.due_at is None


def test_a_call_about_a_matter_that_goes_on_lapses(called):
    ear, case, call, now = called
    ear.act(case.number, "reopen", now=now)
    assert ear.call(case).state == "lapsed"
    assert ear.facts(call)[-1] == "callback_lapse"


def test_what_was_called_before_closing_is_not_drawn(ear):
    ear.raised()
    services.keep_drawing(now=BEFORE)
    case = ear.case(*STEPS[:-1])
    ear.act(case.number, "verify_close", now=LATER, callback={"reached": True, "solved": True})
    with database.writing():
        draw = Draw.objects.filter(region=DISTRICT).order_by("since").first()
    services.keep_drawing(now=late(draw))
    assert ear.call(case) is None
