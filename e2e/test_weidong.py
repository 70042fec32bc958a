"""卫东: complaints are all called back, checks put right what they find, and supervisors say what is wrong."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.services import Contact
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.evaluation import services as evaluation
from bihuan.mechanisms.evaluation.models import Callback
from bihuan.mechanisms.findings.tests.conftest import Patrol
from bihuan.mechanisms.outreach import services as outreach
from e2e import browsing

SHOTS = browsing.shots("weidong")
LATER = NOW + dt.timedelta(hours=5)
AFTER = NOW + dt.timedelta(days=8)
SUPERVISORS = [f"监督员{number:02}" for number in range(1, 21)]
COMPLAINTS = 8
FOUND = ("稳岗返还没有告知", "房租减免打了折扣", "同一家企业查了三次", "补贴材料反复要", "窗口人员收卡")

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def weidong(address):
    """A place with the rulebook of Weidong, complaints that were solved, problems of checks, and twenty supervisors."""
    with clock.at(NOW):
        made = Patrol()
        rulebooks.apply(region=DISTRICT, name="weidong", text=None, actor_id=OPERATOR, now=NOW - dt.timedelta(hours=1))
        for role in ("discipline", "supervision_office", "leader", "coordinator", "seat", "catch_all"):
            made.staff(role)
        made.liaison()
        for name in SUPERVISORS:
            made.person(name, "special_supervisor")
        team = made.staff("discipline")
        for firm in (made.firm, made.other_firm):
            outreach.register_visit(
                region=DISTRICT, enterprise=firm.uscc, on=NOW.date(), purpose="包联：企业服务日", announced=True,
                actor=team, now=NOW,
            )  # fmt: skip
        contact = Contact(name="王经理", phone="0199-5550123")
        for minute in range(COMPLAINTS):
            at = NOW + dt.timedelta(minutes=minute)
            number = made.raised(channel="portal", contact=contact, now=at).number
            evaluation.keep_drawing(now=at)  # the seed of a draw is fixed before what it draws from is closed
            for step in ("accept", "dispatch", "sign", "reply", "verify_close"):
                made.act(number, step, now=at + dt.timedelta(minutes=5))
        *common, clue = [made.enter(title=title, text=title) for title in FOUND]
        for one in common:
            made.take(one, "suggest", causes="政策执行打了折扣")
        made.take(clue, "hand_over", text="有监控可查", person="窗口人员")
    with clock.at(AFTER):
        evaluation.keep_drawing(now=AFTER)
    with browsing.server_time(LATER):
        yield made


def test_twenty_supervisors_are_appointed_and_one_says_what_is_wrong(opened, address, weidong):
    office = opened(weidong.staff("discipline")).new_page()
    office.goto(f"{address}/mandates/new/")
    office.locator("#a-kind").select_option("special_supervisor")
    # One line that is nobody: no one is appointed, and the page says which line.
    office.locator("#a-holders").fill("\n".join([*SUPERVISORS, "张三丰"]))
    office.locator("main form button[type=submit]").click()
    expect(office.locator("main")).to_contain_text("“张三丰”在本地没有岗位")
    office.goto(f"{address}/mandates/new/")
    office.locator("#a-kind").select_option("special_supervisor")
    office.locator("#a-holders").fill("\n".join(SUPERVISORS))
    office.locator("main form button[type=submit]").click()
    expect(office.locator("tbody tr")).to_have_count(20)
    expect(office.locator(".bh-kpis > *").filter(has_text="在任").first).to_contain_text("20")
    office.get_by_role("link", name=SUPERVISORS[0]).click()
    where = office.url
    # The term is the rulebook's: two years, up to and with the day before.
    expect(office.locator("main")).to_contain_text("2028")
    browsing.do(office, "ask", "看看政务大厅叫号", day="2026-11-20")
    phone = opened(weidong.person(SUPERVISORS[0], "special_supervisor"), width=390).new_page()
    phone.goto(f"{address}/mandates/mine/")
    phone.get_by_role("link", name="营商环境特邀监督员").click()
    browsing.do(phone, "answer", "叫号机停了三天，群众排长队", outcome="matter", enterprise=weidong.firm.uscc)
    link = phone.locator("section:has(#tasks-h) a[href^='/cases/']")
    number = link.get_attribute("href").strip("/").split("/")[-1]
    assert weidong.fresh(number).channel == "special_supervisor"
    assert browsing.faults(phone, SHOTS, "reported") == []
    link.click()
    expect(phone.locator("h1")).to_contain_text("叫号机停了三天")
    office.goto(where)
    expect(office.locator("section:has(#did-h)")).to_contain_text("1")
    assert browsing.faults(office, SHOTS, "mandate") == []


def test_every_complaint_is_called_back_and_all_are_satisfied(opened, address, weidong):
    with browsing.server_time(AFTER):
        office = opened(weidong.staff("catch_all")).new_page()
        office.goto(f"{address}/evaluations/callbacks/")
        with database.writing():
            calls = list(Callback.objects.filter(state="waiting").order_by("id"))
        assert len(calls) == COMPLAINTS
        office.goto(f"{address}/evaluations/callbacks/{calls[0].id}/")
        browsing.do(office, "take")
        browsing.do(office, "finish", "当场就办了，满意", solved="yes")
        with clock.at(AFTER):
            for call in calls[1:]:
                given = {"call_id": call.id, "actor": weidong.staff("catch_all"), "now": AFTER}
                evaluation.take_call(action="take", body={}, **given)
                evaluation.take_call(action="finish", body={"text": "满意", "solved": "yes"}, **given)
        office.goto(f"{address}/evaluations/callbacks/")
        expect(office.locator("main tbody tr, main .bh-panel a[href^='/evaluations/callbacks/']")).to_have_count(0)
    with database.writing():
        done = Callback.objects.filter(state="done", solved=True, overturned=False)
        assert done.count() == COMPLAINTS
        assert all(case.achieved for case in Case.objects.filter(channel="portal"))


def test_what_checks_found_is_counted_by_nature(opened, address, weidong):
    office = opened(weidong.staff("discipline")).new_page()
    office.goto(f"{address}/findings/figures/")
    # 发现问题 5 个，提出工作建议 4 条，处置问题线索 1 件.
    for name, count in {"发现的问题": 5, "共性问题": 4, "移交线索": 1}.items():
        expect(office.locator(".bh-kpis > *").filter(has_text=name).first).to_contain_text(str(count))
    office.goto(f"{address}/instruments/")
    expect(office.locator("tbody tr")).to_have_count(4)


def test_every_page_of_mandates_is_clean(opened, address, weidong):
    office = weidong.staff("discipline")
    places = [
        ("register", office, "/mandates/"),
        ("new", office, "/mandates/new/"),
        ("windows", office, "/mandates/windows/"),
        ("mine", weidong.person(SUPERVISORS[0], "special_supervisor"), "/mandates/mine/"),
    ]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
