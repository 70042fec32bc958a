"""双交办双督促: a matter goes to the department and its supervisor at once, and both answer for themselves."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.handovers.tests.conftest import Twin
from e2e import browsing

SHOTS = browsing.shots("handovers")
LATER = NOW + dt.timedelta(hours=3)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def twin(address):
    """A district with a matter that a department handles, and people of both sides."""
    with clock.at(NOW):
        made = Twin()
        for role in ("coordinator", "supervision_office", "leader", "discipline", "seat"):
            made.staff(role)
        for name in ("housing", "tax"):
            made.liaison(name)
        made.number = made.case("accept", "dispatch", "sign").number
    with browsing.server_time(LATER):
        yield made


def _of(page, side, action, text=""):
    """Take the action of one side: both have forms of the same name."""
    box = page.locator(f"section:has(#{side})")
    form = box.locator(f"form[action$='/do/{action}/']")
    if not form.is_visible():
        box.locator(f"details:has(form[action$='/do/{action}/']) > summary").click()
    if text:
        form.locator("[name=text]").fill(text)
    form.locator("button[type=submit]").click()


def test_both_sides_answer_for_themselves_and_hear_of_the_end(opened, address, twin):
    centre = opened(twin.staff("coordinator")).new_page()
    centre.goto(f"{address}/cases/{twin.number}/")
    centre.locator(f"a[href='/handovers/give/{twin.number}/']").first.click()
    # Whoever leads the matter is not offered as its own supervisor; a demand of blanks is none.
    expect(centre.locator("#g-supervisor option[value=housing]")).to_have_count(0)
    form = centre.url
    centre.locator("#g-text").fill("   ")
    centre.locator("main form button[type=submit]").click()
    expect(centre.locator("h1")).to_have_text("填写有误")
    centre.goto(form)
    centre.locator("#g-supervisor").select_option("tax")
    centre.locator("#g-text").fill("一周内办结")
    centre.locator("main form button[type=submit]").click()
    centre.wait_for_url("**/handovers/*-*/")
    where = centre.url
    unit, watcher = opened(twin.liaison("housing"), width=390).new_page(), opened(twin.liaison("tax")).new_page()
    for page, side, words in ((unit, "department", "消防已到场复验"), (watcher, "supervisor", "督促了两次，已复验")):
        page.goto(where)
        _of(page, side, "sign")
        _of(page, side, "report", words)
        expect(page.locator(f"section:has(#{side})")).to_contain_text(words)
    # What the other side reported is not shown before its account is settled.
    expect(watcher.locator("body")).not_to_contain_text("消防已到场复验")
    assert browsing.faults(watcher, SHOTS, "reported") == []
    centre.goto(where)
    _of(centre, "department", "send_back", "请附复验单")
    unit.goto(where)
    _of(unit, "department", "report", "复验单已上传")
    for side in ("department", "supervisor"):
        centre.goto(where)
        _of(centre, side, "settle", "属实，了结")
    watcher.goto(where)
    expect(watcher.locator("body")).to_contain_text("复验单已上传")
    assert browsing.faults(centre, SHOTS, "settled") == []
    # The end is told to both.
    assert (twin.told(twin.liaison("housing"), "ended"), twin.told(twin.liaison("tax"), "ended")) == (1, 1)


def test_every_page_of_hand_overs_is_clean(opened, address, twin):
    places = [
        ("register", twin.staff("coordinator"), "/handovers/"),
        ("give", twin.staff("leader"), f"/handovers/give/{twin.number}/"),
    ]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
