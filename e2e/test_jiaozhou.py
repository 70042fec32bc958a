"""胶州: A is spared, B's third check is refused, C is checked by one visit of two bodies, as a stranger draws too."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.inspections import services
from bihuan.mechanisms.inspections.models import Check, Standing
from bihuan.mechanisms.inspections.tests.conftest import SOON, TODAY, Bureau
from bihuan.mechanisms.inspections.tests.test_draws import act, by_a_stranger, lots
from bihuan.mechanisms.outreach import exports
from bihuan.mechanisms.outreach import services as outreach
from bihuan.mechanisms.outreach.services import Wanted
from e2e import browsing

SHOTS = browsing.shots("jiaozhou")
LATER = NOW + dt.timedelta(hours=2)
DRAWN = NOW + dt.timedelta(days=1, hours=1)
VISIT = dt.datetime.combine(SOON, dt.time(9, 30), tzinfo=NOW.tzinfo)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def bureau(address):
    """Jiaozhou's rulebook, two bodies with power, and enterprises of the classes A, B and C."""
    with clock.at(NOW):
        made = Bureau("jiaozhou")
        made.equip("housing", "water")
        for department in ("housing", "water"):
            made.liaison(department)
            made.liaison(department, role="department_head")
        made.third = directory.make_enterprise(3)
        made.speaker = made.person("speaker", "enterprise", enterprise_id=made.third.id)
        assert made.owner
        assert made.stranger
        made.record(firm=made.other_firm, severity="minor", text="台账缺页")
        made.record(firm=made.third, severity="serious", text="堵塞疏散通道")
        for firm in (made.firm, made.other_firm, made.third):
            made.rate(firm)
        made.item("hydrant", subject="消火栓")
        made.item("exit", subject="疏散通道", department="water")
        made.visited = made.made(on=TODAY, items=[made.items["hydrant"]], firm=made.other_firm)
        made.made("water", on=TODAY, items=[made.items["exit"]], firm=made.other_firm)
        wanted = [Wanted(place="公司大门", enterprise=made.third.uscc)]
        made.door = outreach.issue(kind="enterprise", region=DISTRICT, wanted=wanted, actor=made.centre, now=NOW)[0]
        with pytest.raises(errors.Conflict) as refused:
            made.book(firm=made.other_firm, on=TODAY + dt.timedelta(days=9))
        made.refused = refused.value.extra["check"]
        hour = NOW + dt.timedelta(hours=1)
        wanted = lots(made, count=1, grades=("B",), draw_at=hour, items=[made.items["hydrant"].id])
        made.drawn = services.commit_draw(
            department=made.department("housing"), lots=wanted, actor=made.liaison(), now=NOW
        )
        act(made, made.drawn, "fix_pool")
    with clock.at(LATER):
        made.drawn = act(made, made.drawn, "draw", now=LATER)
    with browsing.server_time(LATER):
        yield made


def _fill(page, address, bureau, firm, *, on):
    page.goto(f"{address}/inspections/new/")
    page.locator("[name=enterprise]").fill(firm.uscc)
    page.locator("[name=on]").fill(on.isoformat())
    page.locator(f"[value='{bureau.items['housing'].id}']").check()
    for officer in bureau.officers["housing"]:
        page.locator(f"[value='{officer.id}']").check()


def test_a_is_spared_and_bs_third_check_is_refused(opened, address, bureau):
    office = opened(bureau.liaison()).new_page()
    _fill(office, address, bureau, bureau.firm, on=SOON)
    office.locator("[name=ask]").click()
    expect(office.locator("main [role=status]:visible")).to_contain_text("A类企业免检")
    expect(office.locator("main [role=status]:visible")).to_contain_text("投诉等线索")
    office.screenshot(path=SHOTS / "spared-1440.png", full_page=True)
    _fill(office, address, bureau, bureau.other_firm, on=SOON)
    office.locator("button[type=submit]:not([name])", has_text="登记").click()
    expect(office.locator("main")).to_contain_text("已到年度上限")
    expect(office.locator("main")).to_contain_text("2027-01-01起可以再安排")
    office.screenshot(path=SHOTS / "refused-1440.png", full_page=True)
    # The enterprise sees how its class was computed, and objects.
    firm = opened(bureau.stranger, width=390).new_page()
    firm.goto(f"{address}/inspections/mine/")
    firm.get_by_role("link", name="怎么算出来的").click()
    expect(firm.locator("main")).to_contain_text("台账缺页")
    browsing.do(firm, "object_class", "台账当天就补齐了")
    expect(firm.locator("main")).to_contain_text("按原来的类别")


def test_c_is_drawn_and_a_stranger_draws_the_same(opened, address, bureau):
    office = opened(bureau.liaison()).new_page()
    office.goto(f"{address}/inspections/draws/new/")
    office.locator("[name=title]").fill("消防安全双随机抽查")
    for key in ("housing", "water"):
        office.locator(f"[value='{bureau.items[key].id}']").check()
    office.locator("[name=count]").fill("1")
    office.locator("[name=grades][value=C]").check()
    office.locator("[name=draw_at]").fill((DRAWN - dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    office.locator("[name=on]").fill(SOON.isoformat())
    office.locator("form:has([name=title]) button[type=submit]").click()
    browsing.do(office, "fix_pool")
    where = office.url
    expect(office.locator("main")).to_contain_text("锁定名单")
    assert office.locator("form[action$='/do/draw/']").count() == 0
    with browsing.server_time(DRAWN):
        office.goto(where)
        browsing.do(office, "draw")
        expect(office.locator("main")).to_contain_text(bureau.third.name)
        stranger = opened().new_page()
        stranger.goto(where)
        expect(stranger.locator("main")).not_to_contain_text(bureau.third.name)
        stranger.get_by_role("button", name="再抽一次并比对").click()
        expect(stranger.locator("main [role=status] b")).to_have_text(["是"] * 4)
        stranger.screenshot(path=SHOTS / "drawn-1440.png", full_page=True)
        proof = stranger.request.get(f"{where}proof.json").json()
        assert by_a_stranger(proof)[0] == proof["drawn"][0]["target"]
        with database.writing():
            check = Check.objects.get(kind="random", enterprise=bureau.third)
        for department in ("housing", "water"):
            head = opened(bureau.liaison(department, role="department_head")).new_page()
            head.goto(f"{address}/inspections/{check.id}/")
            browsing.do(head, "approve")
        stranger.reload()
        expect(stranger.locator("main")).to_contain_text(bureau.third.name)
    assert (check.enterprise_id, len(check.bodies), check.on) == (bureau.third.id, 2, SOON)
    _visit(opened, address, bureau, check)


def _visit(opened, address, bureau, check):
    """One visit at the door, and a rating that leads to nobody."""
    with browsing.server_time(VISIT):
        officer = opened(bureau.liaison(), width=390).new_page()
        officer.goto(f"{address}/s/{exports.token_of(bureau.door)}/")
        officer.get_by_role("link", name="我来做一次已登记的检查").click()
        officer.screenshot(path=SHOTS / "door-390.png", full_page=True)
        browsing.do(officer, "arrive")
        for key, outcome in (("housing", "ordered"), ("water", "fine")):
            officer.locator(f"[name='outcome-{bureau.items[key].id}']").select_option(outcome)
        officer.locator(f"[name='severity-{bureau.items['housing'].id}']").select_option("minor")
        browsing.do(officer, "report", "请在十日内补齐灭火器")
        firm = opened(bureau.speaker, width=390).new_page()
        firm.goto(f"{address}/inspections/mine/")
        firm.get_by_role("link", name="评价这次检查").click()
        firm.locator("label:has(input[name=level][value='2'])").click()
        firm.locator("main form button[type=submit]").click()
        expect(firm.locator("main")).to_contain_text("您已评价")
        officer.goto(f"{address}/inspections/{check.id}/")
        expect(officer.locator("main")).to_contain_text("请在十日内补齐灭火器")
        expect(officer.locator("main")).not_to_contain_text("评价了")
    with database.writing():
        made = Check.objects.get(pk=check.pk)
    assert (made.state, made.scanned, made.rated) == ("done", True, True)


def test_every_page_of_inspections_is_clean(opened, address, bureau):
    with database.writing():
        standing = Standing.objects.filter(enterprise=bureau.firm).first()
    office, justice = bureau.liaison(), bureau.justice
    places = [
        ("register", justice, "/inspections/"),
        ("new", office, "/inspections/new/"),
        ("check", office, f"/inspections/{bureau.visited.id}/"),
        ("refused", office, f"/inspections/{bureau.refused}/"),
        ("items", None, "/inspections/items/"),
        ("officers", justice, "/inspections/lists/officer/"),
        ("classes", office, "/inspections/classes/"),
        ("class", justice, f"/inspections/classes/{standing.id}/"),
        ("draw", None, f"/inspections/draws/{bureau.drawn.id}/?seed={bureau.drawn.seed}"),
        ("new-draw", office, "/inspections/draws/new/"),
        ("lenient", None, "/inspections/lenient/"),
        ("repairs", bureau.stranger, "/inspections/repairs/"),
        ("figures", justice, "/inspections/figures/"),
        ("mine", bureau.stranger, "/inspections/mine/"),
    ]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
