"""市南 in a browser: a policy reaches 217 enterprises without one application; one is unpaid and becomes a case."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.policies import services
from bihuan.mechanisms.policies.models import Clause, Grant, Share
from bihuan.mechanisms.policies.tests.conftest import FITS, Office
from e2e import browsing

SHOTS = browsing.shots("shinan")
DAY = dt.timedelta(days=1)
REVIEW, PAYING, PAID, OVER = (NOW + n * DAY for n in (8, 17, 20, 40))
CONDITIONS = """规模以上 | above_scale
服务业 | industry.startsWith('L')
首次纳统满两年 | above_scale_since <= '2024-11-16'"""

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def office(address):
    """217 service firms of which all is known, and one of which it is not."""
    with clock.at(NOW):
        made = Office()
        firms = made.firms(217)
        made.fill_all(firms, **FITS)
        made.boss = made.person("boss", "enterprise", enterprise_id=firms[0].id)
        assert all(one.reader for one in (made.owner, made.centre, made.liaison()))
        made.list = firms
    return made


def _file(firms, level: str) -> dict:
    rows = [f"{one.uscc},100000,{level}-{at},2026-12-05" for at, one in enumerate(firms)]
    text = "统一社会信用代码,金额,流水号,到账日期\n" + "\n".join(rows)
    return {"name": f"{level}.csv", "mimeType": "text/csv", "buffer": text.encode()}


def _pay(page, firms, level: str) -> None:
    page.locator("[name=level]").select_option(level)
    page.locator("[name=reference]").fill(f"2026-{level}")
    page.locator("[name=file]").set_input_files(_file(firms, level))
    page.locator("form[action$='/payments/'] button").click()


def test_a_policy_reaches_217_enterprises_without_one_application(opened, address, office):
    with browsing.server_time(NOW):
        page = opened(office.centre).new_page()
        page.goto(f"{address}/policies/new/")
        page.locator("[name=title]").fill("促进“双招双引”和高质量发展政策20条")
        page.locator("[name=code]").fill("澜政〔2026〕20号")
        page.locator("[name=valid_from]").fill("2026-01-01")
        page.locator("main form button[type=submit]").click()
        where = page.url
        page.goto(f"{where}clause/")
        page.locator("[name=code]").fill("7")
        page.locator("[name=name]").fill("首次纳统并在库两年的规上服务业企业奖励")
        page.locator("[name=conditions]").fill(CONDITIONS.replace("above_scale_since", "above_since"))
        page.locator("[name=formula]").fill("200000")
        page.locator("[name=shares]").fill("市级 50\n区级 50")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("main p[role=alert]")).to_contain_text("above_since")
        page.locator("[name=conditions]").fill(CONDITIONS)
        page.locator("[name=conditions]").blur()
        assert browsing.faults(page, SHOTS, "clause") == []
        page.locator("main form button[type=submit]").click()
        browsing.do(page, "publish")
        services.match_waiting(now=NOW)
        page.goto(where)
        expect(page.locator("main")).to_contain_text("217")
        page.locator("details:has(form[action$='/draw/']) > summary").click()
        page.locator("form[action$='/draw/'] button").click()
        delivery = page.url
        services.tell_waiting(now=NOW)
        boss = opened(office.boss, width=390).new_page()
        boss.goto(f"{address}/policies/mine/")
        expect(boss.locator("main")).to_contain_text("200,000")
        assert browsing.faults(boss, SHOTS, "offered") == []

    services.advance_due(now=REVIEW)
    with browsing.server_time(REVIEW):
        unit = opened(office.liaison()).new_page()
        unit.goto(delivery)
        browsing.do(unit, "approve")
    services.advance_due(now=PAYING)
    with browsing.server_time(PAID):
        page.goto(delivery)
        _pay(page, office.list, "county")
        _pay(page, office.list[1:], "city")
        assert browsing.faults(page, SHOTS, "delivery") == []
        other = opened(office.person("other", "enterprise", enterprise_id=office.list[1].id), width=390).new_page()
        other.goto(f"{address}/policies/mine/")
        other.locator("form[action$='/do/confirm/'] button").click()
    assert services.raise_unpaid(now=PAID) == 0
    assert services.raise_unpaid(now=OVER) == 1
    with database.writing():
        case = Case.objects.get()
        assert case.enterprise_id == office.list[0].id
        assert Share.objects.get(paid_at=None).case_id == case.id
        assert Grant.objects.filter(state="confirmed").count() == 1
        assert Clause.objects.count() == 1
    with browsing.server_time(OVER):
        boss.goto(f"{address}/policies/mine/")
        expect(boss.locator("main")).to_contain_text(case.number)
        assert browsing.faults(boss, SHOTS, "unpaid") == []
        page.goto(f"{address}/policies/gaps/")
        expect(page.locator("main")).to_contain_text("100,000")
        assert browsing.faults(page, SHOTS, "gaps") == []
        page.goto(f"{address}/cases/{case.number}/")
        expect(page.locator("main")).to_contain_text(case.number)
