"""Qingyuan's article in a browser: a complex matter is dissected, its solution rehearsed, its report approved."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.retrospectives.tests.conftest import Bench
from e2e import browsing

SHOTS = browsing.shots("retrospectives")
LATER = NOW + dt.timedelta(days=1)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def bench(address):
    """A complex matter that was closed today, and one whose report is approved."""
    with clock.at(NOW):
        made = Bench()
        made.rule("qingyuan")
        fresh = made.opened(title="竹木加工厂扩建，三个部门各要一套图纸", channel="superior", actor=made.staff("seat"))
        told = made.until(made.opened(title="企业挂牌补助迟迟不兑现", category="policy"), "rehearsed")
        made.take(told, "propose_output", kind="institution", title="惠企补助限时兑付办法", text="发现一个，解决一类")
        for action in ("draft", "submit"):
            made.take(told, action)
        made.take(told, "approve", actor=made.leader)
    with browsing.server_time(LATER):
        yield made, fresh, told


def _output(made, one, kind):
    return str(next(row.id for row in made.dissection(one).outputs if row.kind == kind))


def test_one_case_one_dissection_one_report(opened, address, bench):
    made, fresh, _told = bench
    where = f"{address}/retrospectives/{fresh.id}/"
    office = opened(made.office).new_page()
    office.goto(f"{address}/cases/{fresh.number}/")
    office.locator("#retrospectives-h ~ * a, section:has(#retrospectives-h) a").first.click()
    expect(office).to_have_url(where)
    browsing.do(office, "assign", leader=str(made.leader.person_id))
    office.locator("details:has(form[action$='/do/invite/']) summary").click()
    browsing.do(office, "invite", name="省委党校课题组")
    browsing.do(office, "find_cause", cause="多部门重复审图", branch="process")
    browsing.do(office, "find_cause", cause="各部门图纸标准不一", branch="law")
    expect(office.locator("svg.bh-fish")).to_be_visible()
    form = office.locator("form[action$='/do/presume/']")
    for name in ("reasonable", "solvable"):
        form.locator(f"#p-{name}-y").check()
    form.locator("#p-at_fault-n").check()
    browsing.do(office, "presume", at_fault_why="企业两次提交的图纸版本不同，已当面核对")
    browsing.do(office, "dissect", "深层根源是审图标准各管各的，弱在派单到签收之间")
    browsing.do(
        office,
        "rehearse",
        "三部门联合会审，一次告知",
        side_effects="窗口一时排队变长\n小企业没有设计单位",
        touched="园区企业",
    )
    office.locator("details:has(form[action$='/do/propose_output/']) summary").click()
    browsing.do(office, "propose_output", "由审批局牵头，一次会审", title="联合会审一次告知办法", kind="institution")
    browsing.do(office, "propose_output", f"{made.firm.name}跑了三趟", title="一份图纸退了三次", kind="warning")
    browsing.do(office, "propose_output", "三次现场并成一次", title="三部门一次到场", kind="exemplar")
    browsing.do(office, "draft")
    # What others will read tells who it is about: shown, and mended before anybody approves.
    lessons = office.locator("section[aria-labelledby=follows-h]")
    expect(lessons).to_contain_text("企业名称")
    browsing.do(office, "strike", "写了企业名字", what=_output(made, fresh, "warning"))
    browsing.do(office, "propose_output", "三次退回理由各不相同", title="一份图纸退了三次", kind="warning")
    expect(lessons).not_to_contain_text("企业名称")
    # The report that was drafted before does not go to the leader.
    expect(office.locator("form[action$='/do/submit/']")).to_have_count(0)
    browsing.do(office, "draft")
    expect(office.locator("body")).to_contain_text("窗口一时排队变长")
    browsing.do(office, "submit")
    expect(office.locator("form[action$='/do/approve/']")).to_have_count(0)
    unit = opened(made.liaison(), width=390).new_page()
    unit.goto(where)
    expect(unit.locator("#report-h")).to_have_count(0)
    leader = opened(made.leader, width=390).new_page()
    leader.goto(where)
    browsing.do(leader, "approve")
    for form_of in ("docx", "pdf"):
        with leader.expect_download() as held:
            leader.locator(f"a[href$='/report/{form_of}/']").click()
        assert held.value.path().stat().st_size > 2_000
    assert made.again(fresh).state == "concluded"
    for register, title in (
        ("institutions/", "联合会审一次告知办法"),
        ("warnings/", "一份图纸退了三次"),
        ("exemplars/?state=nominated", "三部门一次到场"),
    ):
        office.goto(f"{address}/registers/{register}")
        expect(office.locator("main")).to_contain_text(title)
    office.goto(f"{address}/retrospectives/analysis/")
    office.locator("a[href*='presumption=at_fault']").click()
    expect(office.locator("tbody tr")).to_have_count(1)


def test_it_cannot_be_skipped_and_the_enterprise_sees_none_of_it(opened, address, bench):
    made, _fresh, told = bench
    with clock.at(LATER):
        waiting = made.opened(title="还没有复盘的一件")
        made.act(waiting.number, "confirm", now=LATER)
        made.act(told.number, "confirm", now=LATER)
    centre = opened(made.centre).new_page()
    for one, archived in ((waiting, 0), (told, 1)):
        centre.goto(f"{address}/cases/{one.number}/")
        expect(centre.locator("form[action$='/actions/archive/'], [data-dialog='#do-archive']").first).to_have_count(
            archived
        )
    owner = opened(made.owner, width=390).new_page()
    owner.goto(f"{address}/cases/{told.number}/")
    expect(owner.locator("#retrospectives-h")).to_have_count(0)


def test_every_page_is_clean(opened, address, bench):
    made, fresh, told = bench
    pages = {
        "open": "?state=open",
        "all": "",
        "analysis": "analysis/?since=2026-11-01&until=2026-11-30",
        "mine": "mine/",
        "fresh": f"{fresh.id}/",
        "told": f"{told.id}/",
    }
    with clock.at(LATER):
        led = made.until(made.opened(title="正在剖析的一件"), "led")
    places = [(name, made.office, f"/retrospectives/{path}") for name, path in (pages | {"led": f"{led.id}/"}).items()]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
