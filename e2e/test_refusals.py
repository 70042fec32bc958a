"""Luqiao's article in a browser: a “no” is researched, judged under seal and becomes a “yes”; another is upheld."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.refusals.tests.conftest import Court
from e2e import browsing

SHOTS = browsing.shots("refusals")
LATER = NOW + dt.timedelta(hours=5)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def court(address):
    """A refused matter that deputies have researched, and one that a panel has upheld."""
    with clock.at(NOW):
        made = Court()
        made.rule("luqiao")
        made.fill_pool()
        first = made.refused(title="厂区用地定位偏差，验收办不下来", text="历史遗留问题，没有先例，无法办理，请谅解。")
        made.take(first, "research", actor=made.members[1][1], visit=True)
        upheld = made.refused(title="承诺的产业政策兑现", text="上位政策已调整，没有政策依据，不能兑现。")
        made.vote(made.until(upheld, "voting"), *["cannot"] * 5)
    with browsing.server_time(LATER):
        yield made, first, upheld


def test_from_no_to_yes(opened, address, court):
    made, refusal, _upheld = court
    where = f"{address}/refusals/{refusal.id}/"
    office = opened(made.organiser).new_page()
    office.goto(f"{address}/refusals/?state=pool")
    expect(office.locator("mark").first).to_be_visible()
    office.goto(where)
    browsing.do(office, "select", "历史遗留，企业诉求合情合理", importance="5", soundness="4", typicality="4")
    browsing.do(office, "draw")
    browsing.do(office, "convene", "周四下午三点，区人大会议室")
    owner = opened(made.owner, width=390).new_page()
    owner.goto(where)
    browsing.do(owner, "state_enterprise", "邻区同样情况已办临时验收")
    expect(owner.locator("body")).to_contain_text("邻区同样情况已办临时验收")
    unit = opened(made.liaison()).new_page()
    unit.goto(where)
    browsing.do(unit, "state_unit", "没有先例，不敢单独办")
    office.goto(where)
    browsing.do(office, "open_vote", "双方面对面说明，提问四轮")
    panel = made.panel(refusal)
    phone = opened(panel[0], width=390).new_page()
    phone.goto(f"{address}/refusals/mine/")
    phone.locator("a.btn-primary").click()
    browsing.do(phone, "vote", "依据是有的，没有认真研究", outcome="can")
    expect(phone.locator("form[action$='/do/vote/']")).to_have_count(0)
    office.goto(where)
    expect(office.locator("body")).not_to_contain_text("依据是有的，没有认真研究")
    with clock.at(LATER):
        for member in panel[1:]:
            made.take(refusal, "vote", actor=member, now=LATER, outcome="can")
    office.goto(where)
    expect(office.locator("body")).to_contain_text("依据是有的，没有认真研究")
    browsing.do(office, "order", "三个工作日内拿出计划，办临时验收")
    with clock.at(LATER):
        for action in ("submit_plan", "reply", "verify_close"):
            made.act(refusal.number, action, now=LATER)
    assert made.again(refusal).state == "done"


def test_a_no_that_is_right_brings_another_service(opened, address, court):
    made, _first, upheld = court
    office = opened(made.organiser).new_page()
    office.goto(f"{address}/refusals/{upheld.id}/")
    browsing.do(office, "order", "统筹能耗指标向企业倾斜", service="substitute")
    browsing.do(office, "complete", "指标已落实，企业书面确认")
    assert made.again(upheld).state == "done"


def test_every_page_is_clean(opened, address, court):
    made, first, upheld = court
    pages = {
        "pool": "?state=review",
        "all": "",
        "figures": "figures/",
        "proposals": "proposals/",
        "panelists": "panelists/",
        "mine": "mine/",
        "first": f"{first.id}/",
        "upheld": f"{upheld.id}/",
    }
    places = [(name, made.organiser, f"/refusals/{path}") for name, path in pages.items()]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
