"""重点项目: signed, started, paid; a milestone is reached, and what blocks one becomes a matter."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.projects.tests.conftest import Site
from e2e import browsing

SHOTS = browsing.shots("projects")
LATER = NOW + dt.timedelta(hours=3)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def site(address):
    """A district with a project that has begun."""
    with clock.at(NOW):
        made = Site()
        for role in ("coordinator", "leader", "supervision_office", "seat"):
            made.staff(role)
        made.liaison()
        other = made.sign("青盐湖储能")
        made.take(other, "start")
    with browsing.server_time(LATER):
        yield made


def _sign(page, address, **fields):
    page.goto(f"{address}/projects/new/")
    given = {"name": "零碳产业园", "investor": "某公司", "planned": "31800", "signed_on": "2026-10-01"} | fields
    for name, value in given.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=department]").select_option("housing")
    page.locator("main form button[type=submit]").click()


def test_a_project_is_signed_started_blocked_and_unblocked(opened, address, site):
    centre = opened(site.staff("coordinator")).new_page()
    # An amount in words is none, and the page says so.
    _sign(centre, address, planned="三个亿")
    expect(centre.locator("main")).to_contain_text("请填金额（万元）")
    _sign(centre, address)
    where = centre.url
    browsing.do(centre, "add_milestone", name="取得施工许可", day="2026-11-20")
    browsing.do(centre, "add_milestone", name="取得施工许可", day="2026-12-20")
    expect(centre.locator("main")).to_contain_text("已有同名节点")
    unit = opened(site.liaison(), width=390).new_page()
    unit.goto(where)
    browsing.do(unit, "start", "桩基进场", started_on="2026-11-01")
    browsing.do(unit, "pay", "首期到位", paid="8000")
    browsing.do(unit, "reach", "许可证照片已存")
    browsing.do(unit, "block", "临时用电没有着落")
    expect(unit.locator("main")).to_contain_text("有堵点")
    link = unit.locator("section:has(#blocks-h) a[href^='/cases/']").first
    number = link.get_attribute("href").strip("/").split("/")[-1]
    assert browsing.faults(unit, SHOTS, "blocked") == []
    centre.goto(f"{address}/projects/")
    for name, value in {"开工率": "100%", "有堵点": "1", "到位资金": "8,000"}.items():
        expect(centre.locator(".bh-kpis > *").filter(has_text=name).first).to_contain_text(value)
    at = LATER
    with clock.at(LATER):
        for step in ("accept", "dispatch", "sign", "submit_plan", "reply", "verify_start", "verify_close"):
            at += dt.timedelta(minutes=5)
            site.act(number, step, now=at)
    centre.goto(where)
    expect(centre.locator("section:has(#blocks-h)")).not_to_contain_text("未解决")
    browsing.do(centre, "finish", "一期建成投产")
    assert browsing.faults(centre, SHOTS, "finished") == []


def test_every_page_of_projects_is_clean(opened, address, site):
    office = site.staff("coordinator")
    places = [("register", office, "/projects/"), ("new", office, "/projects/new/")]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
