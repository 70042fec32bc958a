"""The staff pages in a real browser, on a district with cases in every light. Pictures go to e2e/artifacts/staff."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases import factories, services
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock
from e2e import browsing

SHOTS = browsing.shots("staff")
THEN = NOW + dt.timedelta(days=9, hours=6)
TITLES = [
    "污水接驳口被占，雨天倒灌车间",
    "稳岗返还到账金额比公示少 3.2 万元",
    "出口退税函调两个月没有回音",
    "用电增容报装卡在现场勘察",
    "南门货车禁止右转，原料绕行 11 公里",
    "首台套补贴要行业排名证明，协会不给非会员开",
    "职工子女入学，同一份材料交了四遍",
    "取水许可延续，又要重做论证报告",
    "专精特新贷抵押率太低，想用设备追加",
    "厂门口路灯坏了两盏，夜班下班不安全",
]

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def district(address):
    """A district on the tenth day: overdue, at risk, watched, calm, unclaimed, paused, answered."""
    with clock.at(NOW):
        made = factories.District()
        main = made.case("accept", "dispatch", "sign", "submit_plan", "rate_plan", "report_progress")
        made.act(main.number, "remind", now=NOW + dt.timedelta(hours=4))
    for place, title in enumerate(TITLES):
        start = NOW + dt.timedelta(days=min(place, 8), hours=place % 4)
        with clock.at(start):
            ways = [
                ("accept", "dispatch", "sign", "report_progress"),
                ("accept", "dispatch", "sign"),
                ("accept", "dispatch"),
                ("accept", "dispatch", "sign", "ask_enterprise"),
                (),
            ]
            case = made.raised(now=start, title=title)
            for minute, action in enumerate(ways[place % 5], start=1):
                made.act(case.number, action, now=start + dt.timedelta(minutes=minute))
    services.sweep(now=THEN)
    with browsing.server_time(THEN):
        yield made, main


def test_rows_are_chosen_reminded_and_the_keyboard_walks(opened, address, district):
    made, main = district
    page, complaints = browsing.watched(opened(made.staff("coordinator")))
    page.goto(address + "/queue/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bh-batch")).to_be_visible()
    page.locator(f'input[data-row][value="{main.number}"]').check()
    page.screenshot(path=SHOTS / "queue-batch-1440-light.png")
    page.click('[data-dialog="#batch-remind"]')
    page.fill("#batch-remind-text", "今天请回个准信")
    page.screenshot(path=SHOTS / "queue-remind-1440-light.png")
    page.click("#batch-remind button[type=submit]")
    page.wait_for_load_state()
    assert made.fresh(main.number).state == "handling"
    assert page.locator(".bh-toast, h1").count()
    page.goto(address + "/queue/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/cases/**")
    assert complaints == []


def test_wrong_input_reopens_the_dialog(opened, address, district):
    made, main = district
    page = opened(made.liaison()).new_page()
    page.goto(address + f"/cases/{main.number}/?do=submit_plan")
    dialog = page.locator("#do-submit_plan")
    expect(dialog).to_be_visible()
    page.fill("#submit_plan-measures", "只有一句话，没有日期")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#do-submit_plan")).to_be_visible()
    assert page.input_value("#submit_plan-measures") == "只有一句话，没有日期"
    expect(page.locator("#do-submit_plan [data-error-summary]")).to_be_visible()
    page.screenshot(path=SHOTS / "case-wrong-1440-light.png")


def test_a_view_is_kept_for_the_person_and_paper_is_wide(opened, address, district):
    made, _main = district
    page, complaints = browsing.watched(opened(made.staff("coordinator")))
    page.goto(address + "/cases/")
    page.select_option("#id_state", "dispatched")
    page.wait_for_url("**state=dispatched**")
    page.click("details:has([data-dialog='#save-view']) summary")
    page.click('[data-dialog="#save-view"]')
    page.fill("#view-name", "待签收的")
    page.click("#save-view button[type=submit]")
    page.wait_for_load_state()
    # Another device of the same person.
    page, more = browsing.watched(opened(made.staff("coordinator")))
    page.goto(address + "/cases/")
    page.click("details:has([data-dialog='#save-view']) summary")
    page.click("text=待签收的")
    page.wait_for_url("**state=dispatched**")
    page.screenshot(path=SHOTS / "register-view-1440-light.png")
    (SHOTS / "register.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
    assert complaints + more == []


def test_the_trace_is_filtered_and_stays_so_when_the_page_refreshes_itself(opened, address, district):
    made, main = district
    page, complaints = browsing.watched(opened(made.staff("coordinator")))
    page.goto(address + f"/cases/{main.number}/")
    shown = page.locator("#case-trace li:visible")
    whole = shown.count()
    page.check("#tl-seen")
    assert 0 < shown.count() < whole
    page.uncheck("#tl-seen")
    page.select_option("#tl-who", "liaison-housing")
    mine = shown.count()
    assert 0 < mine < whole
    page.focus("#b-remind")
    made.act(main.number, "remind", now=THEN - dt.timedelta(minutes=5))
    made.act(main.number, "report_progress", now=THEN - dt.timedelta(minutes=4))
    page.evaluate("htmx.trigger('#case-poll', 'bh:ask')")
    expect(shown).to_have_count(mine + 1)
    assert page.evaluate("document.activeElement.id") == "b-remind"
    assert complaints == []


def test_what_is_typed_outlives_a_lost_session(opened, address, district):
    made, main = district
    window = opened(made.liaison())
    page = window.new_page()
    page.goto(address + f"/cases/{main.number}/")
    page.click("#case-head .bh-menu summary")
    page.click('.bh-menu [data-dialog="#do-request_extension"], #b-request_extension')
    page.fill("#request_extension-evidence", "会议纪要第 12 号")
    page.wait_for_timeout(600)
    session = window.cookies()
    window.clear_cookies()
    page.keyboard.press("Escape")
    page.evaluate("htmx.trigger('#case-poll', 'bh:ask')")
    expect(page.locator("[data-logged-out]")).to_be_visible()
    page.screenshot(path=SHOTS / "case-logged-out-1440-light.png")
    window.add_cookies(session)
    page.goto(address + f"/cases/{main.number}/do/request_extension/")
    expect(page.locator("#do-request_extension")).to_be_visible()
    assert page.input_value("#request_extension-evidence") == "会议纪要第 12 号"
    page.screenshot(path=SHOTS / "case-draft-1440-light.png")


def test_a_lost_connection_is_said_once_with_the_time_of_the_last_data(opened, address, district):
    made, _main = district
    page = opened(made.staff("coordinator")).new_page()
    # An answer to what the page asks as it loads would say that the connection is back.
    page.goto(address + "/queue/?view=all", wait_until="networkidle")
    page.route("**/queue/**", lambda route: route.abort())
    for _time in range(2):
        with page.expect_event("requestfailed"):
            page.evaluate("htmx.trigger('#poll', 'bh:ask')")
    expect(page.locator("[data-banner]")).to_be_visible()
    assert page.locator("[data-banner-time]").inner_text() == page.locator("[data-live-time]").inner_text()
    assert page.locator(".bh-toast").count() == 0
    page.screenshot(path=SHOTS / "queue-lost-1440-light.png")
    page.unroute("**/queue/**")
    page.evaluate("htmx.trigger('#poll', 'bh:ask')")
    expect(page.locator("[data-banner]")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#bh-keys")).to_be_visible()
    page.screenshot(path=SHOTS / "queue-keys-1440-light.png")
