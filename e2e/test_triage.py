"""The triage desk in a real browser, by keyboard: take a proposal, change one, see the correction counted."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.test import override_settings
from playwright.sync_api import Browser, expect, sync_playwright

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.foundation.accounts.factories import make_holder
from bihuan.mechanisms.dispatch import services
from e2e import browsing, test_loop

pytestmark = browsing.MARKS
ROWS = (
    ("事项", "识别词", "类别", "板块", "层级", "主办", "依据"),
    ("消防验收", "消防验收、验收退回", "审批许可", "projects", "一般", "housing", "消防法 13"),
)


@pytest.fixture(scope="module")
def district(address, tmp_path_factory) -> Iterator[factories.District]:
    """A district with a catalogue of one matter, three new cases, and a coordinator."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in ROWS:
        book.active.append(row)
    book.save(file)
    file.seek(0)
    with pytest.MonkeyPatch.context() as patch, override_settings(DATA_DIR=tmp_path_factory.mktemp("data")):
        patch.setenv("BIHUAN_NOW", NOW.isoformat())
        made = factories.District()
        make_holder("coordinator", username="coordinator1")
        place = {"region": DISTRICT, "actor": THE_SYSTEM, "now": NOW}
        edition = services.read_catalogue(file=file, filename="catalogue.xlsx", **place).edition
        assert edition is not None
        services.put_in_force(number=edition.number, **place)
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as playwright:
        started = browsing.launch(playwright)
        yield started
        started.close()


def test_by_keyboard(district, browser, address):
    first, second = (district.raised().number for _ in range(2))
    desk = test_loop.Device(browser, address, phone=False)
    desk.log_in("coordinator1")
    page = desk.open("/triage/")
    expect(page.locator("tr.is-cur")).to_contain_text(first)
    desk.look("triage-desk")
    page.keyboard.press("a")
    expect(page.locator("tr.is-cur")).to_contain_text(second)
    assert district.fresh(first).state == "dispatched"
    page.keyboard.press("e")
    page.wait_for_url(f"**/triage/{second}/")
    expect(page.locator("[name=lead]")).to_have_value("housing")
    desk.look("triage-change")
    page.select_option("[name=lead]", "water")
    page.click("main form button[type=submit]")
    expect(page.locator(f"#t-{second}")).to_have_count(0)
    assert district.fresh(second).state == "dispatched"
    page = desk.open("/triage/accuracy/")
    expect(page.locator("main")).to_contain_text(second)
    desk.look("triage-accuracy")
    desk.open("/triage/model/")
    desk.look("triage-model")
    expect(desk.open("/triage/catalogue/").locator("main")).to_contain_text("消防法 13")
    desk.look("triage-catalogue")
    desk.close()
    phone = test_loop.Device(browser, address, phone=True)
    district.raised()
    phone.log_in("coordinator1")
    phone.open("/triage/")
    phone.look("triage-desk")
    phone.open("/triage/catalogue/")
    phone.look("triage-catalogue")
    phone.close()
