"""Lucheng's article in a browser: a sign becomes an application, a finding warns, what is put right is written off."""

import datetime as dt
import uuid

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.accountability import selectors, services
from bihuan.mechanisms.accountability.tests.conftest import Bench
from e2e import browsing

SHOTS = browsing.shots("accountability")
LATER = NOW + dt.timedelta(days=8, hours=1)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def bench(address):
    """A matter that nobody speaks of for more than a week, in a district that goes by Lucheng's rulebook."""
    with clock.at(NOW):
        made = Bench()
        made.rule("lucheng")
        made.staff("observer")
        for role in ("leader", "supervision_office", "catch_all"):
            made.staff(role)
        made.liaison()
        directory.make_department("street", kind="town")
        case = made.case("accept", "dispatch", "sign", channel="observation_point", actor=made.staff("observer"))
    with clock.at(LATER):
        services.look(now=LATER)
    with browsing.server_time(LATER):
        yield made, case


def test_from_a_sign_to_the_write_off(opened, address, bench):
    made, case = bench
    unit = opened(made.liaison(), width=390).new_page()
    unit.goto(f"{address}/accountability/signs/")
    unit.locator("main details summary").first.click()
    browsing.do(unit, "explain", "等外单位回函，没有告诉企业")
    centre = opened(made.centre).new_page()
    centre.goto(f"{address}/cases/{case.number}/")
    centre.locator(f"a[href='/accountability/apply/{case.number}/']").click()
    expect(centre.locator("body")).to_contain_text("等外单位回函，没有告诉企业")
    centre.locator("#a-text").fill("八天没有一句话，企业等着开工")
    centre.locator("form:has(#a-text) button[type=submit]").click()
    expect(centre.locator("body")).to_contain_text("八天没有一句话，企业等着开工")
    where = centre.url
    office = opened(made.office).new_page()
    office.goto(where)
    browsing.do(office, "take_on", "予以受理")
    browsing.do(office, "split", "收件后没有联系企业", kind="silent", section="建管科")
    unit.goto(where)
    expect(unit.locator("body")).not_to_contain_text("八天没有一句话，企业等着开工")
    expect(unit.locator("body")).not_to_contain_text("建管科")
    browsing.do(unit, "state_side", "人手抽调，交接没有登记")
    office.goto(where)
    browsing.do(office, "find", "责任在承办科室，限期整改", outcome="warned")
    unit.goto(where)
    expect(unit.locator("body")).to_contain_text("建管科")
    with unit.expect_download() as paper:
        unit.locator("a[href$='/papers/finding/pdf/']").click()
    assert paper.value.suggested_filename == "finding.pdf"
    browsing.do(unit, "rectify", "已当面说明，建立交接登记")
    centre.goto(where)
    browsing.do(centre, "visit", "到企业看过，属实", done="on")
    office.goto(where)
    browsing.do(office, "write_off", "整改到位")
    expect(office.locator("form[action$='/do/write_off/']")).to_have_count(0)
    found = selectors.find(uuid.UUID(where.rstrip("/").rpartition("/")[2]), made.office)
    assert found.state == "written_off"


def test_an_honest_attempt_is_tolerated_and_the_name_stays_on_paper(opened, address, bench):
    made, _case = bench
    with clock.at(LATER):
        inquiry = made.until(
            "found", now=LATER, case=made.case("accept", "dispatch", "sign", title="第二件", now=LATER)
        )
    unit = opened(made.liaison()).new_page()
    unit.goto(f"{address}/accountability/{inquiry.id}/")
    browsing.do(unit, "relieve", "首次遇到，主动纠正", section="建管科")
    leader = opened(made.staff("leader")).new_page()
    leader.goto(f"{address}/accountability/reliefs/")
    leader.locator("main details summary").first.click()
    browsing.do(leader, "grant", "符合容错情形")
    with leader.expect_download() as letter:
        leader.locator("a[href$='/letter/docx/']").click()
    assert letter.value.suggested_filename == "letter.docx"


def test_the_network_and_the_self_checks(opened, address, bench):
    made, case = bench
    centre = opened(made.centre).new_page()
    centre.goto(f"{address}/accountability/network/")
    centre.locator("#n-name").fill("电气行业协会")
    centre.locator("form:has(#n-name) button[type=submit]").click()
    point = centre.locator("section[aria-labelledby^=p-]", has_text="电气行业协会")
    point.locator("details summary").first.click()
    point.locator("[name=username]").fill("observer")
    point.locator("form[action$='/do/appoint/'] button").click()
    expect(centre.locator("section[aria-labelledby^=p-]", has_text="电气行业协会")).to_contain_text("observer")
    observer = opened(made.staff("observer"), width=390).new_page()
    observer.goto(f"{address}/accountability/hints/")
    expect(observer.locator("body")).to_contain_text(case.number)
    centre.goto(f"{address}/accountability/checks/")
    centre.locator("#c-title").fill("三季度自查")
    centre.locator("form:has(#c-title) button[type=submit]").click()
    street = opened(made.liaison("street"), width=390).new_page()
    street.goto(f"{address}/accountability/checks/")
    street.locator("main details summary").first.click()
    street.locator("textarea[name=text]").first.fill("逐项对照，没有发现")
    street.locator("form[action$='/do/check_self/'] button[type=submit]").first.click()
    expect(street.locator("body")).to_contain_text("逐项对照，没有发现")


def test_what_is_not_carried_out_is_referred(opened, address, bench):
    made, _case = bench
    with clock.at(LATER):
        case = made.case("accept", "dispatch", "sign", title="限期整改没有落实的一件", now=LATER)
        inquiry = made.until("rectified", now=LATER, case=case)
    office = opened(made.office).new_page()
    office.goto(f"{address}/accountability/{inquiry.id}/")
    expect(office.locator("form[action$='/do/refer/']")).to_have_count(0)
    browsing.do(office, "return_report", "只写了打算，没有写做了什么")
    browsing.do(office, "refer", "限期整改没有落实，移交追责")
    expect(office.locator("form[action$='/do/refer/']")).to_have_count(0)
    assert made.again(inquiry).state == "referred"


def furnish(made) -> None:
    """Something of every kind, so that no page is looked at empty."""
    with clock.at(LATER):
        case = made.case("accept", "dispatch", "sign", title="看页面", now=LATER)
        inquiry = made.until("rectified", now=LATER, case=case)
        made.take(
            inquiry, "relieve", actor=made.liaison(), now=LATER, kind="tolerance", section="建管科", post="handler"
        )
        body = {"name": "商会", "kind": "association", "advice": "on"}
        point = services.open_point(region=DISTRICT, actor=made.centre, now=LATER, body=body)
        act = {"point_id": point.id, "actor": made.centre, "now": LATER}
        services.take_point(action="appoint", body={"username": "observer"}, **act)
        check = services.open_round(region=DISTRICT, title="自查", actor=made.centre, now=LATER)
        entry = next(one for one in selectors.checks(actor=made.liaison())[0][1])
        found = [{"kind": "slow", "text": "两件超期", "fix": "已补办"}]
        body = {"entry": str(entry.id), "found": found}
        services.take_check(check_id=check.id, action="check_self", actor=made.liaison(), now=LATER, body=body)


def test_every_page_is_clean(opened, address, bench):
    made, case = bench
    furnish(made)
    rows, _more = selectors.page(actor=made.office, now=LATER)
    pages = {
        "register": "", "signs": "signs/", "reliefs": "reliefs/", "checks": "checks/", "network": "network/",
        "problems": "problems/", "figures": "figures/", "apply": f"apply/{case.number}/",
        **{f"inquiry-{row.inquiry.state}": f"{row.inquiry.id}/" for row in rows},
    }  # fmt: skip
    places = [
        (f"{reader.reader.display_name}-{name}", reader, f"/accountability/{path}")
        for reader in (made.centre, made.office)
        for name, path in pages.items()
    ]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
