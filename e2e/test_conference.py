"""A matter goes up all tiers and comes back: board, consultation, conference, decision, write-off, closing.

Pictures go to e2e/artifacts/conference.
"""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.conference import services
from e2e import browsing

SHOTS = browsing.shots("conference")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TITLE = "三个部门三种说法，仓库验收退了三次"

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def district(address):
    """A district with a leading group of three, and a matter that a department handles as an ordinary one."""
    with clock.at(NOW):
        made = factories.District()
        coordinator = made.staff("coordinator")
        for role in ("leader", "supervision_office", "discipline"):
            person = Person.objects.get(pk=made.staff(role).person_id)
            seat = "chair" if role == "leader" else "member"
            services.appoint(actor=coordinator, now=NOW, body={"person": person.username, "role": seat})
        made.liaison()
        made.liaison("water")
        yield made, made.case("accept", "dispatch", "sign", title=TITLE)


class Journey:
    """Who sits before which window, and what time it is."""

    def __init__(self, opened, address: str, time: pytest.MonkeyPatch) -> None:
        self.opened, self.address, self.time = opened, address, time
        self._pages: dict[object, tuple[Page, list[str]]] = {}

    def at(self, now: dt.datetime) -> None:
        """Let it be `now`."""
        self.time.setenv("BIHUAN_NOW", now.isoformat())

    def page(self, actor, path: str) -> Page:
        """Return a page of the actor's, opened at `path`."""
        if actor.person_id not in self._pages:
            self._pages[actor.person_id] = browsing.watched(self.opened(actor))
        page, _complaints = self._pages[actor.person_id]
        page.goto(self.address + path)
        return page

    def complaints(self) -> list[str]:
        """Return what the consoles said; that a refusal is an answer of 409 is what it is about."""
        return [line for _page, lines in self._pages.values() for line in lines if "status of 409" not in line]

    def do(self, page: Page, label: str, **words: str) -> None:
        """Fill in the form behind `label` and send it."""
        form = page.locator("details", has=page.locator("summary", has_text=label)).first
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        for name, value in words.items():
            field = form.locator(f"[name={name}]").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator("button[type=submit]").click()
        page.wait_for_load_state()

    def look(self, page: Page, name: str) -> None:
        """Check a page and take its pictures."""
        assert browsing.faults(page, SHOTS, name) == []


def consulted(go: Journey, district, number: str) -> None:
    """复杂问题协商办: the coordinator moves it up, convenes a board and a department, and records a commitment."""
    go.at(NOW + HOUR)
    district.act(number, "move_tier", now=NOW + HOUR, tier="complex", reason="板块牵头部门协调不了")
    page = go.page(district.staff("coordinator"), "/conferences/consultations/")
    go.look(page, "consultations")
    page.click(f'a[href="/conferences/consult/{number}/"]')
    page.fill("[name=reason]", "三家各有各的清单")
    page.fill("[name=starts_at]", "2026-11-17T09:00")
    page.fill("[name=place]", "企服中心 2 楼")
    page.check('[name=boards][value="projects"]')
    page.check('[name=departments][value="water"]')
    go.look(page, "consult")
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_contain_text("协商")
    go.at(NOW + DAY)
    page.reload()
    go.do(page, "开会")
    go.do(page, "记决定", what="水务局先把消防用水接上", owner="water", within="3wd")
    go.do(page, "印发纪要", text="验收口径没有谈拢，提请联席会议")
    expect(page.locator("main")).to_contain_text("水务局先把消防用水接上")
    go.look(page, "consultation")


def decided(go: Journey, district, number: str) -> str:
    """疑难问题会议办: taken up, screened, put on the agenda, decided with a quorum. Returns the decision's address."""
    centre = district.staff("coordinator")
    go.at(NOW + DAY + 2 * HOUR)
    district.act(number, "move_tier", now=NOW + DAY + HOUR, tier="hard", reason="协商未果")
    district.act(number, "escalate", now=NOW + DAY + 2 * HOUR, to="conference", reason="口径要区领导定")
    page = go.page(centre, "/conferences/meetings/")
    page.fill("[name=starts_at]", "2026-11-19T09:00")
    page.fill("[name=place]", "区政府 302")
    page.click("main form button[type=submit]")
    meeting = page.url.removeprefix(go.address)
    page = go.page(centre, "/conferences/")
    go.look(page, "board")
    page.click(f'a:has-text("{TITLE}")')
    go.do(page, "审定上会", text="跨三个部门，上会")
    go.do(
        page,
        "准备一题一页",
        brief="半年 6 件，平均退 2.7 次。三家各看各的标准。",
        options="联合到场，一次告知\n委托第三方",
    )
    choice = page.locator("[name=meeting] option").nth(1).get_attribute("value")
    go.do(page, "列入议程", meeting=choice, minutes="20")
    go.look(page, "item")
    page = go.page(centre, meeting)
    go.look(page, "agenda")
    with page.expect_download() as loading:
        page.click('a:has-text("PDF")')
    assert loading.value.path().read_bytes().startswith(b"%PDF-")
    go.at(NOW + 3 * DAY)
    page.reload()
    go.do(page, "开会")
    expect(page.locator("main")).to_contain_text("no_quorum")
    page = go.page(centre, meeting)
    opening = page.locator("details", has=page.locator("summary", has_text="开会")).first
    for box in opening.locator("[name=present]").all()[:2]:
        box.check()
    opening.locator("button[type=submit]").click()
    expect(page.locator("h1 + p")).to_contain_text("正在开")
    go.do(page, "记决定", what="三部门联合到场，一次告知", owner="housing", within="5wd", measures="出清单\n先试一个镇")
    go.do(page, "提出长效机制", title="联合验收一次告知办法", text="三部门共用一张清单")
    go.look(page, "session")
    go.do(page, "印发纪要", text="督查室跟进")
    expect(page.locator("#minutes-h")).to_be_visible()
    go.look(page, "minutes")
    page = go.page(centre, "/conferences/decisions/")
    go.look(page, "wall")
    return str(page.locator('td a:has-text("三部门联合到场")').get_attribute("href"))


def test_a_matter_goes_up_all_tiers_and_comes_back(opened, address, district):
    made, case = district
    with browsing.server_time(NOW) as time:
        go = Journey(opened, address, time)
        consulted(go, made, case.number)
        decision = decided(go, made, case.number)
        assert made.fresh(case.number).escalated_to == "conference"

        go.at(NOW + 4 * DAY)
        page = go.page(made.liaison(), decision)
        go.do(page, "报告", text="清单已出，石渚镇试过，企业认可")
        assert page.locator("summary", has_text="核实销号").count() == 0
        page = go.page(made.staff("supervision_office"), decision)
        go.look(page, "decision")
        go.do(page, "核实销号", text="现场看过")
        expect(page.locator("h1 + p")).to_contain_text("已销号")

        # The commitment of the consultation still runs: the matter stays above until that is written off too.
        assert made.fresh(case.number).escalated_to == "conference"
        page = go.page(made.staff("coordinator"), "/conferences/decisions/")
        other = str(page.locator('td a:has-text("消防用水")').get_attribute("href"))
        go.do(go.page(made.liaison("water"), other), "报告", text="已通水")
        go.do(go.page(made.staff("supervision_office"), other), "核实销号", text="看过水表")
        assert made.fresh(case.number).escalated_to == ""

        later = NOW + 4 * DAY + HOUR
        for step, action in enumerate(("reply", "verify_close", "confirm")):
            made.act(case.number, action, now=later + step * HOUR / 6)
        go.at(later + HOUR)
        page = go.page(made.staff("coordinator"), f"/cases/{case.number}/")
        expect(page.locator("#conference-h")).to_be_visible()
        go.look(page, "case")
        closed = made.fresh(case.number)
        assert (closed.state, closed.closed_kind, closed.achieved, closed.tier) == ("closed", "resolved", True, "hard")
        assert go.complaints() == []
