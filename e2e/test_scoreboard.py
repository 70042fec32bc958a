"""晾晒 in a browser: a bad mark lowers a figure, what follows raises it, the page says why; then it is published.

Pictures go to e2e/artifacts/scoreboard.
"""

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from bihuan.analytics.scoreboard import services
from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "/usr/bin/chromium"
SHOTS = Path(os.environ.get("BIHUAN_ARTIFACTS") or Path(__file__).resolve().parent / "artifacts") / "scoreboard"
SEPTEMBER = dt.datetime(2026, 9, 14, 9, 0, tzinfo=factories.NOW.tzinfo)
OCTOBER = dt.datetime(2026, 10, 12, 9, 0, tzinfo=factories.NOW.tzinfo)
NOVEMBER = dt.datetime(2026, 11, 2, 10, 0, tzinfo=factories.NOW.tzinfo)
STEPS = ("accept", "dispatch", "sign", "report_progress", "reply", "verify_start", "verify_close", "confirm")
ADDRESS = "/scoreboard/?period=2026-10&unit=housing&index=satisfaction"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here"),
]


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


@pytest.fixture(scope="module")
def browser():
    """One Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def at(monkeypatch):
    """Set the time of the server, whose threads are told it by the environment."""

    def now(instant):
        monkeypatch.setenv("BIHUAN_NOW", instant.isoformat())
        monkeypatch.setenv("BIHUAN_NOW_FIXED", "1")

    return now


def page_of(browser, address, actor, *, width=1440, theme="light"):
    """A page of somebody logged in (None: nobody), and what its console complains about."""
    opened = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, locale="zh-CN")
    opened.set_default_timeout(8000)
    if actor is not None:
        client = Client()
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        opened.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    page, complaints = opened.new_page(), []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    return page, complaints


def test_from_a_bad_mark_to_the_published_month(browser, address, district, at):
    a_bad_mark_lowers_a_figure_and_what_follows_raises_it(browser, address, district, at)
    a_month_is_checked_published_and_frozen_and_everybody_sees_it(browser, address, district, at)
    the_pages_are_clean(browser, address, district, at)


def a_bad_mark_lowers_a_figure_and_what_follows_raises_it(browser, address, district, at):
    made, bad = district
    at(NOVEMBER)
    page, complaints = page_of(browser, address, made.staff("coordinator"))
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


def a_month_is_checked_published_and_frozen_and_everybody_sees_it(browser, address, district, at):
    made, _bad = district
    at(NOVEMBER)
    page, complaints = page_of(browser, address, made.staff("coordinator"))
    page.goto(address + ADDRESS)
    page.locator("section:has(#draft-h) button").click()
    page.locator("form[action*=send_for_check] button").click()
    expect(page.locator("h1")).to_contain_text("第 1 版")
    edition = page.url
    unit, more = page_of(browser, address, made.liaison())
    unit.goto(edition)
    unit.fill("#remark-text", "有一件停表没扣")
    unit.locator("form[action*=remark] button").click()
    page.reload()
    page.locator("textarea").first.fill("已核对")
    page.locator("form[action*=answer_remark] button").click()
    expect(page.locator(".bh-resolve")).to_contain_text("已核对")
    at(NOVEMBER + dt.timedelta(days=7))
    leader, most = page_of(browser, address, made.staff("leader"))
    leader.goto(edition)
    leader.select_option("#audience", "public")
    leader.locator("form[action*=publish] button").click()
    leader.locator("form[action*=freeze] button").click()
    expect(leader.locator(".sub")).to_contain_text("已定稿")
    public, all_ = page_of(browser, address, None, width=390)
    public.goto(f"{address}/open/{DISTRICT}/scoreboard/")
    expect(public.locator("h1")).to_contain_text("2026-10 晾晒榜")
    expect(public.locator("table").first).to_contain_text("100%")
    SHOTS.mkdir(parents=True, exist_ok=True)
    public.screenshot(path=SHOTS / "public-390-light.png", full_page=True)
    assert complaints + more + most + all_ == []


def the_pages_are_clean(browser, address, district, at):
    made, _bad = district
    at(NOVEMBER + dt.timedelta(days=8))
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, actor, path in (
        ("board", made.staff("coordinator"), ADDRESS),
        ("unit", made.liaison(), "/scoreboard/?period=2026-10"),
        ("public", None, f"/open/{DISTRICT}/scoreboard/"),
    ):
        for width, theme in ((1440, "light"), (1440, "dark"), (390, "light")):
            page, complaints = page_of(browser, address, actor, width=width, theme=theme)
            page.goto(address + path)
            page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (name, width)
            found = Axe().run(page).response["violations"]
            wrong = [
                (one["id"], one["nodes"][0]["html"][:160]) for one in found if one["impact"] in {"serious", "critical"}
            ]
            assert wrong == [], (name, width, theme)
            assert complaints == [], (name, width, theme)
            page.context.close()
