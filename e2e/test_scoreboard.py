"""晾晒 in a browser: a bad mark lowers a figure, what follows raises it, the page says why; then it is published.

Pictures go to e2e/artifacts/scoreboard.
"""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.analytics.scoreboard import services
from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.kernel import clock
from e2e import browsing

SHOTS = browsing.shots("scoreboard")
SEPTEMBER = dt.datetime(2026, 9, 14, 9, 0, tzinfo=factories.NOW.tzinfo)
OCTOBER = dt.datetime(2026, 10, 12, 9, 0, tzinfo=factories.NOW.tzinfo)
NOVEMBER = dt.datetime(2026, 11, 2, 10, 0, tzinfo=factories.NOW.tzinfo)
STEPS = ("accept", "dispatch", "sign", "report_progress", "reply", "verify_start", "verify_close", "confirm")
ADDRESS = "/scoreboard/?period=2026-10&unit=housing&index=satisfaction"

pytestmark = browsing.MARKS


def rated(made, when, level):
    """A matter that was seen through and rated, and who may rate it again."""
    case = made.case(*STEPS, now=when)
    made.act(case.number, "rate", now=when + dt.timedelta(minutes=30), process=level, result=level)
    return case


@pytest.fixture(scope="module")
def district(address):
    """Six matters a month, all praised, but for one of October."""
    with clock.at(SEPTEMBER):
        made = factories.District()
        for role in ("coordinator", "leader", "supervision_office"):
            made.staff(role)
        made.liaison()
        for place in range(6):
            rated(made, SEPTEMBER + dt.timedelta(hours=place), 5)
    with clock.at(OCTOBER):
        for place in range(11):
            rated(made, OCTOBER + dt.timedelta(hours=place), 5)
        bad = rated(made, OCTOBER + dt.timedelta(hours=12), 1)
    return made, bad


@pytest.fixture
def at(monkeypatch):
    """Set the time of the server, whose threads are told it by the environment."""

    def now(instant):
        monkeypatch.setenv("BIHUAN_NOW", instant.isoformat())
        monkeypatch.setenv("BIHUAN_NOW_FIXED", "1")

    return now


def test_from_a_bad_mark_to_the_published_month(opened, address, district, at):
    a_bad_mark_lowers_a_figure_and_what_follows_raises_it(opened, address, district, at)
    a_month_is_checked_published_and_frozen_and_everybody_sees_it(opened, address, district, at)
    what_is_left_out_takes_two_and_ends_by_two(opened, address, district, at)
    the_pages_are_clean(opened, address, district, at)


def a_bad_mark_lowers_a_figure_and_what_follows_raises_it(opened, address, district, at):
    made, bad = district
    at(NOVEMBER)
    page, complaints = browsing.watched(opened(made.staff("coordinator")))
    page.goto(address + ADDRESS)
    expect(page.locator("#moved-h")).to_be_visible()
    moved = page.locator("section:has(#moved-h)")
    expect(moved).to_contain_text("100% → 91%")
    expect(moved).to_contain_text("6/6")
    expect(moved).to_contain_text("11/12")
    page.locator("section:has(#why-h) a", has_text="91%").first.click()
    page.locator(".nav-tabs a", has_text="计入，没达到").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text(bad.number)
    with clock.at(NOVEMBER):
        made.act(bad.number, "rate", now=NOVEMBER, process=4, result=4)
    page.goto(address + ADDRESS)
    expect(page.locator("section:has(#moved-h)")).to_contain_text("100% → 100%")
    assert services.check(now=NOVEMBER).ok
    assert complaints == []


def a_month_is_checked_published_and_frozen_and_everybody_sees_it(opened, address, district, at):
    made, _bad = district
    at(NOVEMBER)
    page, complaints = browsing.watched(opened(made.staff("coordinator")))
    page.goto(address + ADDRESS)
    page.locator("section:has(#draft-h) button").click()
    page.locator("form[action*=send_for_check] button").click()
    expect(page.locator("h1")).to_contain_text("第 1 版")
    edition = page.url
    unit, more = browsing.watched(opened(made.liaison()))
    unit.goto(edition)
    unit.fill("#remark-text", "有一件停表没扣")
    unit.locator("form[action*=remark] button").click()
    page.reload()
    page.locator("textarea").first.fill("已核对")
    page.locator("form[action*=answer_remark] button").click()
    expect(page.locator(".bh-resolve")).to_contain_text("已核对")
    at(NOVEMBER + dt.timedelta(days=7))
    leader, most = browsing.watched(opened(made.staff("leader")))
    leader.goto(edition)
    leader.select_option("#audience", "public")
    leader.locator("form[action*=publish] button").click()
    leader.locator("form[action*=freeze] button").click()
    expect(leader.locator(".sub")).to_contain_text("已定稿")
    public, all_ = browsing.watched(opened(None, width=390))
    public.goto(f"{address}/open/{DISTRICT}/scoreboard/")
    expect(public.locator("h1")).to_contain_text("2026-10 晾晒榜")
    expect(public.locator("table").first).to_contain_text("100%")
    public.screenshot(path=SHOTS / "public-390-light.png", full_page=True)
    assert complaints + more + most + all_ == []


def what_is_left_out_takes_two_and_ends_by_two(opened, address, district, at):
    made, bad = district
    at(NOVEMBER)
    asked = f"region={DISTRICT}&period=2026-10&by=department&unit=housing&index=on_time_rate"
    centre, some = browsing.watched(opened(made.staff("coordinator")))
    centre.goto(f"{address}/scoreboard/cases/?{asked}")
    centre.locator(f"tr:has-text('{bad.number}') button").click()
    dialog = centre.locator(f"#out-{bad.number}")
    dialog.locator("[name=reason]").fill("系统停机两小时")
    dialog.locator("button[type=submit]").click()
    row = "tbody tr:has-text('系统停机两小时')"
    expect(centre.locator(row)).to_contain_text("已提出")
    leader, more = browsing.watched(opened(made.staff("leader")))

    def decided(page, button, reason):
        page.goto(f"{address}/scoreboard/exclusions/")
        page.locator(row).locator("[name=reason]").fill(reason)
        page.locator(row).get_by_role("button", name=button, exact=True).click()

    decided(leader, "同意剔除", "属实")
    expect(leader.locator(row)).to_contain_text("剔除")
    decided(centre, "提出恢复计入", "停机不影响该件")
    expect(centre.locator(row)).to_contain_text("有人提出恢复计入")
    expect(centre.locator(row).locator("form")).to_have_count(0)
    decided(leader, "恢复计入", "同意恢复")
    expect(leader.locator(row)).to_contain_text("同意恢复")
    expect(leader.locator(".sub").last).to_contain_text("恢复计入 1")
    assert services.check(now=NOVEMBER).ok
    assert some + more == []


def the_pages_are_clean(opened, address, district, at):
    made, _bad = district
    at(NOVEMBER + dt.timedelta(days=8))
    places = [
        ("board", made.staff("coordinator"), ADDRESS),
        ("left-out", made.staff("leader"), "/scoreboard/exclusions/"),
        ("unit", made.liaison(), "/scoreboard/?period=2026-10"),
        ("public", None, f"/open/{DISTRICT}/scoreboard/"),
    ]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
