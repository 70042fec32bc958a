"""高频事项: what is raised again and again is taken by a leader and answered on the spot, or ordered."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.frequent import services
from bihuan.mechanisms.frequent.tests.conftest import DAY, HOUR, NIGHT, Chorus
from e2e import browsing

SHOTS = browsing.shots("frequent")
LATER = NIGHT + HOUR

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def chorus(address):
    """A district where two enterprises raise the same three times, at two departments."""
    with clock.at(NOW):
        made = Chorus()
        for role in ("leader", "supervision_office", "coordinator", "discipline", "seat"):
            made.staff(role)
        for name in ("housing", "tax"):
            made.liaison(name)
            made.liaison(name, role="department_head")
        made.rule("frequent: {least: 3, answer_within: 1wd}")
        made.again()
        firms, owners = (made.firm, made.other_firm), (made.owner, made.stranger)
        for number in range(3):
            at = NOW + number * dt.timedelta(minutes=5)
            case = made.case("accept", enterprise=firms[number % 2].uscc, actor=owners[number % 2], now=at)
            made.act(case.number, "dispatch", lead="tax", now=at + dt.timedelta(minutes=2))
        listed = {one.department.code: one for one in services.find(region=DISTRICT, now=NIGHT)}
        made.entry, made.late = listed["housing"], listed["tax"]
    with browsing.server_time(LATER) as made.time:
        yield made


def test_a_leader_takes_it_and_the_head_answers_on_the_spot(opened, address, chorus):
    leader = opened(chorus.staff("leader")).new_page()
    leader.goto(f"{address}/frequent/")
    expect(leader.locator("tbody tr")).to_have_count(2)
    row = leader.locator(f"tbody tr:has(a[href='/frequent/{chorus.entry.id}/'])")
    expect(row).to_contain_text("待领衔")
    row.locator("a").click()
    where = leader.url
    # Three matters of two enterprises; a day half a year away is no day for an answer on the spot.
    expect(leader.locator("#matters-h ~ .body a, section:has(#matters-h) a")).to_have_count(3)
    browsing.do(leader, "take_on", "现场答疑，一次讲清", on="2027-06-01")
    expect(leader.locator("main")).to_contain_text("六十天以内")
    leader.goto(where)
    browsing.do(leader, "take_on", "现场答疑，一次讲清", on="2026-11-20")
    assert browsing.faults(leader, SHOTS, "taken") == []
    head = opened(chorus.liaison(role="department_head"), width=390).new_page()
    head.goto(where)
    browsing.do(head, "answer", "验收清单改为一次告知，三家同办")
    leader.goto(where)
    browsing.do(leader, "send_back", "还没说何时起执行")
    head.goto(where)
    browsing.do(head, "answer", "本周五起执行")
    leader.goto(where)
    browsing.do(leader, "settle", "抽查三家都已按新清单办")
    expect(leader.locator("main")).to_contain_text("抽查三家都已按新清单办")
    assert browsing.faults(leader, SHOTS, "settled") == []


def test_not_answered_in_time_it_becomes_a_supervision_order(opened, address, chorus):
    entry = chorus.late
    with clock.at(NIGHT + 2 * DAY):
        chorus.take(entry, "take_on")
        chorus.sweep(NIGHT + 2 * DAY)
    with browsing.server_time(NIGHT + 2 * DAY):
        office = opened(chorus.staff("supervision_office")).new_page()
        office.goto(f"{address}/frequent/{entry.id}/")
        expect(office.locator("main")).to_contain_text("已启动督办单")
        office.goto(f"{address}/oversight/orders/")
        expect(office.locator("main")).to_contain_text("高频事项超期未答复")
        places = [("register", chorus.staff("leader"), "/frequent/")]
        assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
