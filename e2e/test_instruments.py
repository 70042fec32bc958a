"""A supervision order in a browser: drafted, approved, issued, answered, objected to, written off, looked at again."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.instruments.tests.conftest import Desk
from e2e import browsing

SHOTS = browsing.shots("instruments")
LATER = NOW + dt.timedelta(hours=5)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def desk(address):
    """A district, a recommendation that was answered late, and a published circular."""
    with clock.at(NOW):
        made = Desk()
        for role in ("supervision_office", "leader", "coordinator", "discipline"):
            made.staff(role)
        made.liaison()
        made.staff("supervision_office", "third")
        answered = made.until(made.draft("discipline_recommendation"), "replied")
        made.until(made.draft("circular", title="惠企资金兑现慢"), "issued")
        case = made.case("accept", "dispatch", "sign")
    with browsing.server_time(LATER):
        yield made, answered, case


def test_from_the_draft_to_the_look_back(opened, address, desk):
    made, _answered, case = desk
    office = opened(made.staff("supervision_office")).new_page()
    office.goto(f"{address}/cases/{case.number}/")
    office.locator("a[href^='/instruments/new/']").click()
    office.locator("a[href*='kind=supervision_order']").click()
    office.locator("#n-department").select_option("housing")
    office.locator("#n-title").fill("消防验收反复退回")
    office.locator("#n-text").fill("请三日内一次讲清，并书面报告。")
    expect(office.locator("#n-case")).to_have_value(case.number)
    office.locator("section form button[type=submit]").click()
    where = office.url
    expect(office.locator("form[action$='/do/approve/']")).to_have_count(0)
    leader = opened(made.staff("leader")).new_page()
    leader.goto(where)
    browsing.do(leader, "approve", "同意")
    office.goto(where)
    browsing.do(office, "issue", "请签收")
    expect(office.locator("body")).to_contain_text("督查单〔2026〕1号")
    with office.expect_download() as file:
        office.locator("a[href$='/letter/pdf/']").click()
    assert file.value.suggested_filename == "督查单〔2026〕1号.pdf"
    unit = opened(made.liaison(), width=390).new_page()
    unit.goto(where)
    browsing.do(unit, "receive")
    browsing.do(unit, "object", "事实不清，两次是企业变更方案")
    expect(unit.locator("form[action$='/do/reply/']")).to_have_count(0)
    third = opened(made.staff("supervision_office", "third")).new_page()
    third.goto(where)
    browsing.do(third, "decide_objection", "调阅材料，原认定成立", upheld="no")
    unit.goto(where)
    expect(unit.locator("form[action$='/do/object/']")).to_have_count(0)
    browsing.do(unit, "reply", "已一次讲清，整改完毕")
    office.goto(where)
    browsing.do(office, "assess", "抽查属实")
    browsing.do(office, "close", "整改落实，销号")
    browsing.do(office, "relapse", "抽查又发现同类补正")
    expect(office.locator("body")).to_contain_text("签收")
    unit.goto(where)
    browsing.do(unit, "reply", "重新整改到位")
    expect(unit.locator("body")).to_contain_text("重新整改到位")


def test_a_restricted_one_is_nowhere_for_others(opened, address, desk):
    made, answered, _case = desk
    centre = opened(made.staff("coordinator")).new_page()
    centre.goto(f"{address}/instruments/")
    expect(centre.locator("body")).not_to_contain_text("消防验收反复退回问题")
    assert centre.goto(f"{address}/instruments/{answered.id}/").status == 404


def test_every_page_is_clean(opened, address, desk):
    made, answered, _case = desk
    pages = {
        "open": ("?state=open", "discipline"),
        "figures": ("figures/", "discipline"),
        "new": ("new/?kind=discipline_recommendation", "discipline"),
        "one": (f"{answered.id}/", "discipline"),
        "register": ("", "supervision_office"),
    }
    places = [(name, made.staff(role), f"/instruments/{path}") for name, (path, role) in pages.items()]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
