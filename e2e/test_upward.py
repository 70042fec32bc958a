"""A matter of the county goes up to the city, is answered there, comes down, and is closed; then the figures show it.

The worker's part (words between the levels) is taken by the test. Pictures go to e2e/artifacts/upward.
"""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.escalation import services
from bihuan.mechanisms.escalation.models import Arrival, Peer
from bihuan.mechanisms.escalation.tests.conftest import Levels
from e2e import browsing

SHOTS = browsing.shots("upward")
THEN = NOW + dt.timedelta(hours=2)
TITLE = "水上加油点营业执照经营范围变更"
ANSWER = "市里已明确：凭经营许可证换发执照，区里按此办理。"

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def levels(address):
    """A county and the city above it, and a matter that the county cannot settle."""
    with clock.at(NOW):
        made = Levels()
        case = made.case("accept", "dispatch", "sign", title=TITLE)
        made.case("accept", "dispatch", "sign", "reply", "verify_close")
        for role in ("coordinator", "leader"):
            made.staff(role)
    with browsing.server_time(THEN, runs=True):
        yield made, case


def act(page: Page, address: str, number: str, action: str, **words: str) -> None:
    """Take an action in its dialog on the page of a case."""
    page.goto(f"{address}/cases/{number}/")
    opener = page.locator(f'[data-dialog="#do-{action}"]')
    if not opener.is_visible():
        page.click("article .bh-menu summary")
    opener.click()
    dialog = page.locator(f"#do-{action}")
    expect(dialog).to_be_visible()
    for name, value in words.items():
        field = dialog.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            dialog.locator(f'[name={name}][value="{value}"]').check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_hidden()


def look(page: Page, name: str) -> None:
    """Check the page and take its pictures."""
    assert browsing.faults(page, SHOTS, name) == []


def carried() -> None:
    """Do what the worker does: let the words between the levels arrive."""
    services.deliver_due(now=clock.now())


def test_up_to_the_city_and_back(opened, address, levels):
    made, case = levels
    county, complaints = browsing.watched(opened(made.staff("coordinator")))
    city, more = browsing.watched(opened(made.city("coordinator")))
    bureau, most = browsing.watched(opened(made.city("liaison")))

    county.goto(f"{address}/cases/{case.number}/")
    county.click("#escalation-h >> xpath=ancestor::section >> css=summary")
    county.fill("#up-reason", "营业范围变更两级规定不一致，区里定不了")
    county.click("details[open] form button[type=submit]")
    county.wait_for_url("**/escalations/**")
    link = county.url
    carried()

    city.goto(f"{address}/escalations/below/")
    expect(city.locator("tbody")).to_contain_text(TITLE)
    look(city, "from-below")
    with database.writing():
        number = Arrival.objects.select_related("case").get().case.number
    act(city, address, number, "accept", tier="complex", board="general")
    act(city, address, number, "dispatch", lead="works")
    act(bureau, address, number, "sign")
    act(bureau, address, number, "report_progress", text="已与省厅沟通口径")
    carried()
    county.goto(link)
    expect(county.locator("main")).to_contain_text(number)
    expect(county.locator("main")).to_contain_text("已与省厅沟通口径")
    look(county, "with-the-city")
    act(bureau, address, number, "reply", kind="resolved", text=ANSWER)
    act(city, address, number, "verify_close", call="missed")
    carried()

    county.goto(f"{address}/cases/{case.number}/")
    expect(county.locator("main")).to_contain_text(ANSWER)
    look(county, "came-down")
    liaison, last = browsing.watched(opened(made.liaison()))
    act(liaison, address, case.number, "reply", kind="resolved", text="按市里意见，执照今天换发。")
    act(county, address, case.number, "verify_close", call="missed")
    assert made.fresh(case.number).closed_kind == "resolved"
    for said in (complaints, more, most, last):
        assert [line for line in said if not re.search(r"status of 4\d\d", line)] == []


def test_a_figure_opens_its_cases(opened, address, levels):
    made, _case = levels
    page, complaints = browsing.watched(opened(made.staff("leader")))
    page.goto(f"{address}/figures/")
    look(page, "figures")
    tile = page.locator(".bh-kpi a[href*='figure=collected']")
    expect(tile.locator(".v")).to_have_text("2")
    tile.click()
    page.wait_for_url("**/cases/?**")
    expect(page.locator("tbody tr")).to_have_count(2)
    look(page, "opened")
    page.go_back()
    closed = page.locator("#by-board >> xpath=ancestor::section >> css=a[href*='figure=closed']").first
    value = int(closed.inner_text())
    closed.click()
    page.wait_for_url("**figure=closed**")
    expect(page.locator("tbody tr")).to_have_count(value)
    assert complaints == []


def test_an_administrator_enters_another_key_of_an_installation(opened, address, levels):
    made, _case = levels
    admin = made.staff("system_admin")
    old, new = (f"ed25519:{letter * 64}" for letter in "ab")
    form = {"name": "市平台", "url": "https://example.gov.cn", "region": "990000"}
    services.register_peer(**form, public_key=old, actor=admin, now=NOW)
    page, complaints = browsing.watched(opened(admin))
    page.goto(f"{address}/escalations/peers/")
    look(page, "installations")
    page.locator("tbody a", has_text="换公钥").click()
    page.wait_for_url("**/key/")
    look(page, "another-key")
    page.fill("[name=public_key]", "ed25519:nonsense")
    page.fill("[name=until]", "2026-12-31")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main form")).to_contain_text("ed25519:")
    look(page, "another-key-refused")
    page.fill("[name=public_key]", new)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/escalations/peers/")
    expect(page.locator("tbody")).to_contain_text("旧公钥用到")
    with database.writing():
        assert Peer.objects.get(region="990000").public_key == new
    assert [line for line in complaints if not re.search(r"status of 4\d\d", line)] == []
