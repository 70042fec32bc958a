"""海北: codes are rated and bad ratings followed; lists of conduct are published, and a report begins with an entry."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock
from bihuan.foundation.rulebooks import services as rulebooks
from bihuan.mechanisms.conduct.tests.conftest import Scribe
from bihuan.mechanisms.outreach import exports
from bihuan.mechanisms.outreach import services as outreach
from bihuan.mechanisms.outreach.services import Said, Wanted
from e2e import browsing

SHOTS = browsing.shots("haibei")
LATER = NOW + dt.timedelta(hours=5)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def scribe(address):
    """A place with the rulebook of Haibei, codes of windows and enterprises, and ratings, three of them bad."""
    with clock.at(NOW):
        made = Scribe()
        rulebooks.apply(region=DISTRICT, name="haibei", text=None, actor_id=OPERATOR, now=NOW - dt.timedelta(hours=1))
        for role in ("discipline", "supervision_office", "leader", "coordinator"):
            made.staff(role)
        made.liaison()
        given = {"region": DISTRICT, "actor": made.staff("coordinator"), "now": NOW}
        windows = outreach.issue(
            kind="window", wanted=[Wanted(place=f"{n} 号窗口", department="housing") for n in range(1, 13)], **given
        )
        outreach.issue(kind="enterprise", wanted=[Wanted(enterprise=made.firm.uscc)], **given)
        for number, window in enumerate(windows):
            said = Said(level=1 if number < 3 else 5, words="")
            token = exports.token_of(window)
            outreach.rate(token=token, said=said, address=f"192.0.2.{number}", now=NOW + dt.timedelta(minutes=1))
    with browsing.server_time(LATER):
        yield made


def test_three_bad_ratings_are_followed(opened, address, scribe):
    office = opened(scribe.staff("discipline")).new_page()
    office.goto(f"{address}/outreach/followups/")
    expect(office.locator("tbody tr")).to_have_count(3)


def test_two_lists_are_published_and_a_report_begins_with_the_broken_entry(opened, address, scribe):
    office = opened(scribe.staff("discipline")).new_page()
    office.goto(f"{address}/conduct/new/")
    office.locator("#s-kind").select_option("contact")
    office.locator("#s-audience").fill("党政机关干部")
    office.locator("#s-title").fill("规范政商交往正面清单和负面清单")
    office.locator("#s-on").fill("2026-11-16")
    office.locator("#s-positive").fill("按规定走访企业\n公开答复诉求")
    office.locator("#s-negative").fill("收受企业礼金\n插手招投标")
    office.locator("main form button[type=submit]").click()
    where = office.url
    expect(office.locator("form[action$='/do/publish/']")).to_have_count(0)
    leader = opened(scribe.staff("leader")).new_page()
    leader.goto(where)
    browsing.do(leader, "publish", "常委会审定，印发")
    anybody = opened(None, width=390).new_page()
    anybody.goto(f"{address}/conduct/")
    expect(anybody.locator("main")).to_contain_text("收受企业礼金")
    anybody.get_by_role("link", name="反映违反情况").first.click()
    expect(anybody.locator("textarea[name=text]")).to_have_value(
        "违反：《规范政商交往正面清单和负面清单》第 1 版 N1：收受企业礼金\n"
    )


def test_every_page_of_the_lists_is_clean(opened, address, scribe):
    with clock.at(NOW):
        contact = scribe.published(audience="审批窗口", title="窗口人员政商交往清单", effective_on="2026-11-16")
        sheet = scribe.integrity()
        found = scribe.examine(sheet)
    office = scribe.staff("discipline")
    places = [
        ("lists", None, "/conduct/"),
        ("card", None, f"/conduct/{contact.id}/"),
        ("new", office, "/conduct/new/"),
        ("sheet", office, f"/conduct/{sheet.id}/"),
        ("examine", office, f"/conduct/{sheet.id}/examine/"),
        ("checks", office, "/conduct/examinations/"),
        ("check", scribe.owner, f"/conduct/examinations/{found.id}/"),
    ]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
