"""Haibei's codes and Qingdao's visits in a browser: one tap rates a window; a report waits for a connection."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.outreach import selectors, services
from bihuan.mechanisms.outreach.models import FollowUp, Report
from bihuan.mechanisms.outreach.services import Drive, Wanted, Wish
from bihuan.mechanisms.outreach.tests.conftest import Hall
from e2e import browsing

SHOTS = browsing.shots("outreach")
LATER = NOW + dt.timedelta(hours=5)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def hall(address):
    """A window, an enterprise's door, cards; a bad rating; a team and a plan; a visit of today."""
    with clock.at(NOW):
        made = Hall()
        assert all(one.reader for one in (made.owner, made.liaison(), made.liaison("water")))
        code = made.window()
        made.issue("enterprise", Wanted(enterprise=made.firm.uscc))
        made.issue("card", Wanted(place="营商环境监督卡", cards=99))
        bad = made.bad(made.window("社保 1 号窗口"))
        given = {"region": DISTRICT, "actor": made.office, "now": NOW}
        team = services.make_team(name="包联一组", kind="team", members=["liaison-housing"], experts=[], **given)
        wish = Wish(
            name="走访月", kind="visit", purpose="问需", since=NOW.date(), until=NOW.date() + dt.timedelta(days=9),
            enterprises=[made.other_firm.uscc], teams=[team.id],
        )  # fmt: skip
        last = NOW.date() + dt.timedelta(days=99)
        goals = {"visits": 127, "findings": 74, "done": 2}
        drive = Drive(name="百日攻坚", purpose="助企解难题", since=NOW.date(), until=last, goals=goals, teams=[team.id])
        campaign = services.make_campaign(drive=drive, **given)
        for name in ("奖补资金兑现到账", "园区道路修通"):
            body = {"name": name, "department": "housing", "measure": "列清单、定期限", "due_on": "2026-12-20"}
            services.add_matter(campaign_id=campaign.id, actor=made.office, now=NOW, body=body)
        plan = services.make_plan(wish=wish, **given)
        visit = services.register_visit(
            region=DISTRICT, enterprise=made.firm.uscc, on=NOW.date(), purpose="了解用工困难", announced=True,
            actor=made.liaison(), now=NOW,
        )  # fmt: skip
    with browsing.server_time(LATER):
        yield made, code, bad, plan, visit


def test_scan_tap_and_a_letter(opened, address, hall):
    made, code, _bad, _plan, _visit = hall
    phone = opened(None, width=390).new_page()
    phone.goto(f"{address}/s/{made.token(code)}/")
    phone.locator("input[name=level][value='1']").check(force=True)
    phone.locator("input[name=reasons][value=sent_around]").check(force=True)
    phone.locator("form.m-card button[type=submit]").click()
    expect(phone.locator("[role=status]").first).to_be_visible()
    with database.writing():
        follow_up = FollowUp.objects.get(rating__code=code)
    office = opened(made.office).new_page()
    office.goto(f"{address}/outreach/followups/{follow_up.id}/")
    form = office.locator("form[action$='/do/send_letter/']")
    form.locator("[name=text]").fill("近期有群众反映多头跑动，请核实。")
    form.locator("button[type=submit]").click()
    unit = opened(made.liaison()).new_page()
    unit.goto(f"{address}/outreach/followups/{follow_up.id}/")
    expect(unit.locator("body")).not_to_contain_text("让我多跑")
    form = unit.locator("form[action$='/do/answer_letter/']")
    form.locator("[name=text]").fill("已合并窗口")
    form.locator("button[type=submit]").click()
    office.reload()
    expect(office.locator("body")).to_contain_text("已合并窗口")


def test_a_report_waits_for_a_connection_and_arrives_once(opened, address, hall):
    made, _code, _bad, _plan, visit = hall
    context = opened(made.liaison(), width=390)
    page = context.new_page()
    where = f"{address}/outreach/visits/{visit.id}/report/"
    page.goto(where)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.locator("[name=text]").fill("企业反映用工难")
    page.locator("[name=stated]").fill("开出六千也招不到焊工")
    page.locator("button[form=visit]").click()
    expect(page.locator("[data-held]")).to_be_visible()
    with database.writing():
        assert Report.objects.filter(visit=visit).count() == 0
    page.close()  # what waits survives the closed page
    context.set_offline(False)
    page = context.new_page()
    page.goto(where)
    expect(page.locator("[data-held]")).to_be_hidden()
    page.reload()
    page.wait_for_load_state("networkidle")
    with database.writing():
        (report,) = Report.objects.filter(visit=visit).select_related("case")
    assert (report.text, report.case.description) == ("企业反映用工难", "开出六千也招不到焊工")
    owner = opened(made.owner, width=390).new_page()
    owner.goto(f"{address}/outreach/mine/")
    owner.locator("a.btn-primary").first.click()
    owner.locator("input[name=level][value='4']").check(force=True)
    owner.locator("form.m-card button[type=submit]").click()
    expect(owner.locator("a.btn-primary")).to_have_count(0)


def test_a_refused_report_is_listed_with_what_to_do(opened, address, hall):
    made = hall[0]
    # A visit of its own, to another firm: another journey counts what the shared one leaves.
    visit = services.register_visit(
        region=DISTRICT, enterprise=made.other_firm.uscc, on=NOW.date(), purpose="复访", announced=True,
        actor=made.liaison(), now=NOW,
    )  # fmt: skip
    page = opened(made.liaison(), width=390).new_page()
    where = f"{address}/outreach/visits/{visit.id}/report/"

    def refuse(route):
        if route.request.method == "POST":
            route.fulfill(status=422, content_type="text/html", body="<main><h1>照片坏了</h1></main>")
        else:
            route.continue_()

    page.route(where, refuse)
    page.goto(where)
    page.locator("[name=text]").fill("带坏照片的记录")
    page.locator("button[form=visit]").click()
    refused = page.locator("[data-refused]")
    expect(refused).to_contain_text("照片坏了")
    expect(refused).to_contain_text("带坏照片的记录")
    page.screenshot(path=SHOTS / "refused-390.png", full_page=True)
    page.unroute(where)
    refused.locator("[data-again]").click()
    expect(page.locator("[data-refused-list] li")).to_have_count(0)
    expect(page.locator("[data-held]")).to_be_hidden()
    page.wait_for_function("document.querySelector('[data-held]').hidden")
    with database.writing():
        assert Report.objects.filter(visit=visit, text="带坏照片的记录").count() == 1


def test_every_page_is_clean(opened, address, hall):
    made, code, bad, plan, visit = hall
    pages = {
        "codes": "outreach/codes/",
        "code": f"outreach/codes/{code.id}/",
        "issue": "outreach/codes/new/",
        "followups": "outreach/followups/",
        "followup": f"outreach/followups/{bad.id}/",
        "scan": f"s/{made.token(code)}/",
        "forged": "s/none/",
        "visits": "outreach/visits/",
        "register": "outreach/visits/new/",
        "visit": f"outreach/visits/{visit.id}/",
        "report": f"outreach/visits/{visit.id}/report/",
        "firm": f"outreach/firms/?uscc={made.firm.uscc}",
        "plans": "outreach/plans/",
        "plan": f"outreach/plans/{plan.id}/",
        "teams": "outreach/teams/",
        "campaigns": "outreach/campaigns/",
        "campaign": f"outreach/campaigns/{selectors.campaigns_page(actor=made.office)[0].id}/",
        "firm-page": f"firms/{made.firm.uscc}/",
    }
    firms = {"mine": "outreach/mine/", "rate": f"outreach/visits/{visit.id}/rate/"}
    places = [(name, made.office, f"/{path}") for name, path in pages.items()]
    places += [(name, made.owner, f"/{path}") for name, path in firms.items()]
    wrong = browsing.faults_of(opened, address, places, folder=SHOTS)
    # The console says that a forged code is nowhere.
    assert [one for one in wrong if one[:2] != ("forged", "complains")] == []
