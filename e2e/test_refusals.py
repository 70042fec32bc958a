"""Luqiao's article in a browser, whole: from a “no” to a plan, a date, another service, and a changed policy."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.refusals.tests.conftest import Court
from e2e import browsing

SHOTS = browsing.shots("refusals")
LATER = NOW + dt.timedelta(hours=5)
SEALED = "依据是有的，没有认真研究"

pytestmark = browsing.MARKS

NOES = {
    "should": ("厂区用地定位偏差，验收办不下来", "explained", "历史遗留问题，没有先例，无法办理，请谅解。"),
    "cannot": ("承诺的产业政策兑现", "explained", "上位政策已调整，没有政策依据，不能兑现。"),
    # Marked as solved; only its words push the matter away.
    "can": ("消防复验约不到时间", "resolved", "您好，该问题不属于我局职权范围，建议您向区水务局咨询。"),
    "early": ("电费返还一直没有到账", "explained", "没有政策依据，暂时无法办理。"),
}
"""Matter → its title, how the department marks its answer, and what the answer says."""


@pytest.fixture(scope="module")
def court(address):
    """Luqiao's rulebook, a pool of panels, and four matters in hand; nobody has said no to any of them yet."""
    with clock.at(NOW):
        made = Court()
        made.rule("luqiao")
        made.fill_pool()
        for role in ("discipline", "catch_all", "coordinator"):
            made.staff(role)
        cases = {
            name: made.case("accept", "dispatch", "sign", title=title) for name, (title, _kind, _text) in NOES.items()
        }
    with browsing.server_time(LATER) as patch:
        yield made, cases, patch


class Teller:
    """Opens windows for people and does what they do; `at` a path of the product."""

    def __init__(self, opened, address, court):
        self._opened, self._address = opened, address
        self.made, self.cases, self._patch = court
        self._pages, self.now = {}, LATER

    def later(self):
        """Let an hour pass, for the server too."""
        self.now += dt.timedelta(hours=1)
        self._patch.setenv("BIHUAN_NOW", self.now.isoformat())

    def page(self, actor, path, *, width=1440):
        """Return somebody's window, at a path."""
        if (actor.person_id, width) not in self._pages:
            self._pages[actor.person_id, width] = self._opened(actor, width=width).new_page()
        page = self._pages[actor.person_id, width]
        page.goto(self._address + path)
        return page

    def of(self, name):
        """Return the path of the review of one of the matters."""
        return f"/refusals/{self.made.of(self.cases[name]).id}/"

    def office(self, name):
        """Return the window of those who run the review, at one matter's."""
        return self.page(self.made.organiser, self.of(name))

    def on_the_case(self, name, action, actor, **fields):
        """Take one of the loop's own actions on the page of a matter."""
        page = self.page(actor, f"/cases/{self.cases[name].number}/")
        opener = page.locator(f"[data-dialog='#do-{action}']")
        if not opener.is_visible():
            page.click("article .bh-menu summary")
        opener.click()
        dialog = page.locator(f"#do-{action}")
        for field, value in fields.items():
            found = dialog.locator(f"[name={field}]")
            if found.first.get_attribute("type") == "radio":
                dialog.locator(f"[name={field}][value={value}]").check()
            else:
                found.first.fill(value)
        dialog.locator("button[type=submit]").click()
        expect(dialog).to_be_hidden()

    def researched_and_selected(self, name):
        """A deputy goes there; the office chooses by importance, soundness and typicality."""
        deputy = self.page(self.made.members[1][1], self.of(name), width=390)
        browsing.do(deputy, "research", "到企业和科室看过，邻区有先例", visit="on")
        scores = {"importance": "5", "soundness": "4", "typicality": "4"}
        browsing.do(self.office(name), "select", "企业诉求合情合理", **scores)

    def judged(self, name, outcome):
        """Panel, session with both sides, sealed votes; nobody reads one before the last is in."""
        made = self.made
        browsing.do(self.office(name), "draw")
        browsing.do(self.office(name), "convene", "周四下午三点，区人大会议室")
        owner = self.page(made.owner, self.of(name), width=390)
        browsing.do(owner, "state_enterprise", "邻区同样情况已办临时验收")
        browsing.do(self.page(made.liaison(), self.of(name)), "state_unit", "没有先例，不敢单独办")
        browsing.do(self.office(name), "open_vote", "双方面对面说明，提问四轮")
        panel = made.panel(made.of(self.cases[name]))
        assert made.owner not in panel
        for member in panel:
            expect(self.office(name).locator("#votes-h")).to_have_count(0)
            phone = self.page(member, "/refusals/mine/", width=390)
            phone.locator(f"a.btn-primary[href='{self.of(name)}']").click()
            browsing.do(phone, "vote", SEALED, outcome=outcome)
            expect(phone.locator("form[action$='/do/vote/']")).to_have_count(0)
        office = self.office(name)
        expect(office.locator("#votes-h")).to_be_visible()
        expect(office.locator("body")).to_contain_text(SEALED)
        return office


def test_the_whole_story(opened, address, court):
    told = Teller(opened, address, court)
    made, cases, _patch = court
    unit = made.liaison()
    for name, (_title, kind, text) in NOES.items():
        told.on_the_case(name, "reply", unit, text=text, kind=kind)

    # 备选库: the product has filled it from answers, and marked in them why.
    pool = told.page(made.organiser, "/refusals/?state=pool")
    expect(pool.locator("tbody tr")).to_have_count(len(NOES))
    pushed = pool.locator("tbody tr", has_text=NOES["can"][0])
    expect(pushed.locator("mark").first).to_be_visible()
    expect(told.page(made.owner, f"/cases/{cases['can'].number}/").locator("body")).not_to_contain_text("备选")

    # 评议前解决: the department does it because the review is coming.
    told.researched_and_selected("early")
    browsing.do(told.page(unit, told.of("early")), "concede", "本周返还到账")
    told.later()
    told.on_the_case("early", "reply", unit, text="已于今日返还到账，凭证已送达。", kind="resolved")
    told.on_the_case("early", "verify_close", made.staff("coordinator"))
    expect(told.office("early").locator("h1 + p")).to_contain_text("评议前解决")

    # 确实不能办: supported, and another service instead that is followed until it is there.
    told.researched_and_selected("cannot")
    office = told.judged("cannot", "cannot")
    expect(office.locator("#panel-h + *, section:has(#panel-h)").first).to_contain_text("owner")
    browsing.do(office, "order", "统筹能耗指标向企业倾斜", service="substitute", due="2026-12-20")
    expect(told.page(made.owner, told.of("cannot"), width=390).locator("body")).to_contain_text("能耗指标")
    browsing.do(told.page(unit, told.of("cannot")), "report", "指标方案已报区里，下周下文")
    expect(told.page(unit, told.of("cannot")).locator("form[action$='/do/complete/']")).to_have_count(0)
    expect(told.page(made.owner, told.of("cannot"), width=390).locator("body")).to_contain_text("下周下文")
    browsing.do(told.office("cannot"), "complete", "指标已落实，企业书面确认")
    assert made.of(cases["cannot"]).state == "done"
    assert made.fresh(cases["cannot"].number).state == "replied"

    # 应该办: conditions within the two months of the article; the matter is open again and bound.
    told.researched_and_selected("should")
    browsing.do(told.judged("should", "should"), "order", "创造条件，为企业办理临时验收")
    assert (made.of(cases["should"]).measure_due - told.now).days in {60, 61}
    told.later()
    assert made.fresh(cases["should"].number).state == "handling"
    told.on_the_case("should", "reply", unit, text="已办理临时验收。", kind="resolved")
    told.on_the_case("should", "verify_close", made.staff("coordinator"))
    assert made.of(cases["should"]).state == "done"

    # 能办: plan and time limit at once, copied to discipline inspection; an explanation is no answer any more.
    told.on_the_case("can", "verify_close", made.staff("coordinator"))
    told.researched_and_selected("can")
    browsing.do(told.judged("can", "can"), "order", "三个工作日内拿出计划，月底前复验")
    copied = told.page(made.staff("discipline"), "/inbox/")
    expect(copied.locator("body")).to_contain_text(cases["can"].number)
    assert made.fresh(cases["can"].number).state == "reopened"
    told.later()
    with clock.at(told.now):
        for action in ("dispatch", "sign", "submit_plan"):
            made.act(cases["can"].number, action, now=told.now)
    page = told.page(unit, f"/cases/{cases['can'].number}/")
    page.locator("[data-dialog='#do-reply']").click()
    page.locator("#do-reply [name=text]").fill("还是不行")
    page.locator("#do-reply [name=kind][value=explained]").check()
    page.locator("#do-reply button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("不能再作解释答复")
    with clock.at(told.now):
        made.act(cases["can"].number, "reply", now=told.now)
        made.act(cases["can"].number, "verify_close", actor=made.staff("catch_all"), now=told.now)
    assert made.of(cases["can"]).state == "done"

    # 共性问题 → 政策建议 → 登记变更; the register of proposals follows.
    figures = told.page(made.organiser, "/refusals/figures/")
    common = figures.locator("section", has=figures.get_by_role("heading", name="共性问题"))
    common.locator("a").first.click()
    expect(figures.locator("tbody tr")).to_have_count(len(NOES))
    page = told.page(made.organiser, "/refusals/proposals/")
    page.locator("#p-title").fill("历史遗留用地临时验收办法")
    page.locator("#p-text").fill("四件都卡在没有先例，请区政府统一政策")
    page.locator("#p-refusals").select_option([str(made.of(case).id) for case in cases.values()])
    page.locator("form:has(#p-title) button[type=submit]").click()
    leader = told.page(made.staff("leader"), "/refusals/proposals/")
    for action, text in (("take_up", "列入本月常务会议题"), ("register_change", "区政府印发临时验收办法")):
        browsing.do(leader, action, text)
    expect(leader.locator("main")).to_contain_text("区政府印发临时验收办法")
    register = told.page(made.organiser, "/registers/proposals/")
    expect(register.locator("main")).to_contain_text("历史遗留用地临时验收办法")

    # 评议前解决的件数: one of three that were solved, with its matter behind it.
    figures = told.page(made.organiser, "/refusals/figures/")
    early = figures.locator("a[href$='state=solved_early']")
    expect(early).to_contain_text("1")
    expect(early).to_contain_text("3")
    early.click()
    expect(figures.locator("tbody tr")).to_have_count(1)
    expect(figures.locator("tbody")).to_contain_text(NOES["early"][0])

    pages = {
        "pool": "?state=review", "all": "", "figures": "figures/", "proposals": "proposals/",
        "panelists": "panelists/", "mine": "mine/",
        **{name: f"{made.of(case).id}/" for name, case in cases.items()},
    }  # fmt: skip
    places = [(name, made.organiser, f"/refusals/{path}") for name, path in pages.items()]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
