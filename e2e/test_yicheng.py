"""峄城: enterprises are visited; what is found is sorted by nature, put right, looked at again, and counted."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.findings.tests.conftest import Patrol
from bihuan.mechanisms.outreach import services as outreach
from bihuan.mechanisms.outreach.services import Written
from e2e import browsing

SHOTS = browsing.shots("yicheng")
LATER = NOW + dt.timedelta(hours=5)
FOUND = ("同一份材料交了两回", "各部门都说不归自己管", "窗口收了好处才肯受理", "补贴公示后两个月没到账")

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def patrol(address):
    """A place with the rulebook of Yicheng, four enterprises' worth of findings, and people on both sides."""
    with clock.at(NOW):
        made = Patrol()
        rulebooks.apply(region=DISTRICT, name="yicheng", text=None, actor_id=OPERATOR, now=NOW - dt.timedelta(hours=1))
        for role in ("discipline", "supervision_office", "leader", "coordinator", "seat"):
            made.staff(role)
        made.staff("discipline", "second")
        made.liaison()
        team = made.staff("discipline")
        visit = outreach.register_visit(
            region=DISTRICT, enterprise=made.firm.uscc, on=NOW.date(), purpose="访百企：听企业说审批", announced=True,
            actor=team, now=NOW,
        )  # fmt: skip
        for number, text in enumerate(FOUND):
            about = "" if number == 1 else "housing"
            written = Written(key=str(number), text="走访记录", finding=text, department=about, taken_at=NOW)
            outreach.report(visit_id=visit.id, written=written, actor=team, now=NOW)
        made.answered = made.until(made.enter(title="午间窗口没有人值守"), "ask", "answer")
    with browsing.server_time(LATER):
        yield made


def _open(page, address, title):
    page.goto(f"{address}/findings/?on_list=found_problems")
    page.get_by_role("link", name=title).click()


def test_what_visits_found_is_sorted_by_nature_and_put_right(opened, address, patrol):
    office = opened(patrol.staff("discipline")).new_page()
    office.goto(f"{address}/findings/?on_list=found_problems")
    expect(office.locator("tbody tr")).to_have_count(4)
    office.screenshot(path=SHOTS / "problems-1440.png", full_page=True)
    # 共性问题: a letter is drafted under the own name, and approved by somebody else.
    _open(office, address, FOUND[0])
    browsing.do(office, "suggest", "统一材料清单，一次告知", causes="各窗口各做各的")
    expect(office.locator("body")).to_contain_text("共性问题")
    office.locator("main a[href^='/instruments/']").first.click()
    expect(office.locator("h1")).to_contain_text(FOUND[0])
    # 职责不清: a matter comes to the command centre, which settles it.
    _open(office, address, FOUND[1])
    browsing.do(office, "coordinate", "住建和水务都说不归自己，请明确")
    number = office.locator("main a[href^='/cases/']").first.get_attribute("href").strip("/").split("/")[-1]
    centre = opened(patrol.staff("coordinator")).new_page()
    centre.goto(f"{address}/cases/{number}/")
    expect(centre.locator("h1")).to_contain_text(FOUND[1])
    assert patrol.fresh(number).channel == "command_centre"
    # 具有可查性: into the vault, with a receipt that is shown once.
    _open(office, address, FOUND[2])
    where = office.url
    browsing.do(office, "hand_over", "有监控可查", person="窗口人员")
    expect(office.locator("body")).to_contain_text("回执")
    office.screenshot(path=SHOTS / "receipt-1440.png", full_page=True)
    assert office.goto(where).status == 404
    # 个别问题: asked of the department, put right, written off, and found again by the look-back.
    _open(office, address, FOUND[3])
    where = office.url
    browsing.do(office, "ask", "十五个工作日内兑现")
    unit = opened(patrol.liaison(), width=390).new_page()
    unit.goto(where)
    browsing.do(unit, "answer", "已全部到账，附清单")
    unit.screenshot(path=SHOTS / "answered-390.png", full_page=True)
    office.goto(where)
    browsing.do(office, "write_off", "抽查到账属实")
    browsing.do(office, "relapse", "又有两家没到账")
    expect(office.locator("body")).to_contain_text("整改中")
    office.screenshot(path=SHOTS / "finding-1440.png", full_page=True)
    office.goto(f"{address}/findings/figures/")
    counts = {"发现的问题": 5, "移交线索": 1, "共性问题": 1, "职责不清": 1, "个别问题": 2, "问题反弹": 1}
    for name, count in counts.items():
        expect(office.locator(".bh-kpis > *").filter(has_text=name).first).to_contain_text(str(count))


def test_every_page_of_the_lists_is_clean(opened, address, patrol):
    office = patrol.staff("discipline")
    places = [
        ("new", office, "/findings/new/"),
        ("one", office, f"/findings/{patrol.answered.id}/"),
        ("figures", office, "/findings/figures/"),
        ("lists", office, "/findings/?on_list=rectifications"),
    ]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
