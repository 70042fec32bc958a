"""A report without a name in a browser: code, dialogue, two officers for an identity, and who looked."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.vault.tests.conftest import NAME, House
from e2e import browsing

SHOTS = browsing.shots("vault")
LATER = NOW + dt.timedelta(hours=5)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def house(address):
    with clock.at(NOW):
        made = House()
        made.case("accept", "dispatch")
        clue = made.clue(made.report(text="办证窗口张某让企业请客"))
        made.take(clue, "ask_identity", text="需要当面核实")
    with browsing.server_time(LATER):
        yield made, clue


def test_somebody_without_a_name_reports_and_answers_and_an_officer_asks_back(opened, address, house):
    made, _clue = house
    window = opened(width=390)
    phone = window.new_page()
    phone.goto(f"{address}/report/")
    phone.locator("[name=kind]").select_option("favours")
    phone.locator("[name=unit]").select_option("housing")
    phone.locator("[name=text]").fill("科长暗示送礼才给盖章")
    phone.locator("button[form=report]").click()
    code = phone.locator("[data-code]").inner_text()
    assert len(code) == 19
    kept = phone.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert code not in kept
    assert "送礼" not in kept
    assert code not in str(window.cookies())
    officer = opened(made.officer).new_page()
    officer.goto(f"{address}/vault/")
    officer.locator("tbody a.num").first.click()
    expect(officer.locator("body")).to_contain_text("科长暗示送礼才给盖章")
    browsing.do(officer, "answer", "请问是哪一天，有没有别人在场")
    phone.goto(f"{address}/report/dialogue/")
    phone.locator("[name=code]").fill(code.lower())
    phone.locator("button[form=code]").click()
    expect(phone.locator("body")).to_contain_text("请问是哪一天，有没有别人在场")
    phone.locator("[name=text]").fill("上周三，同事也在")
    phone.locator("button[form=word]").click()
    expect(phone.locator("body")).to_contain_text("上周三，同事也在")
    phone.screenshot(path=SHOTS / "dialogue-390.png", full_page=True)
    assert not browsing.too_wide(phone)
    assert browsing.barriers(phone) == []
    officer.reload()
    expect(officer.locator("body")).to_contain_text("上周三，同事也在")


def test_an_identity_takes_two(opened, address, house):
    made, clue = house
    where = f"{address}/vault/clues/{clue.id}/"
    first, second = opened(made.officer).new_page(), opened(made.second).new_page()
    first.goto(where)
    expect(first.locator("form[action$='/do/confirm_identity/']")).to_have_count(0)
    second.goto(where)
    second.locator("form[action$='/do/confirm_identity/'] button").click()
    second.goto(where)
    expect(second.locator("form[action$='/do/show_identity/']")).to_have_count(0)
    first.goto(where)
    expect(first.locator("body")).not_to_contain_text(NAME)
    first.locator("form[action$='/do/show_identity/'] button").click()
    expect(first.locator("body")).to_contain_text(NAME)
    first.goto(where)
    expect(first.locator("form[action$='/do/show_identity/']")).to_have_count(0)
    audit = opened(made.staff("audit_admin")).new_page()
    audit.goto(f"{address}/vault/views/")
    expect(audit.locator("tbody")).to_contain_text("officer-two")


def test_every_page_is_clean(opened, address, house):
    made, clue = house
    with clock.at(LATER):
        number = made.case("accept", "dispatch").number
    pages = {
        "report": (None, f"report/{DISTRICT}/"),
        "code": (None, "report/dialogue/"),
        "desk": (made.officer, "vault/?stage=all"),
        "clue": (made.officer, f"vault/clues/{clue.id}/"),
        "views": (made.officer, "vault/views/"),
        "transfer": (made.staff("supervision_office"), f"vault/transfer/{number}/"),
        "counts": (None, f"open/{DISTRICT}/clues/"),
    }
    places = [(name, who, f"/{path}") for name, (who, path) in pages.items()]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
