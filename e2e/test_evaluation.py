"""A bad mark by link on a phone is put right; a call overturns a closing. Pictures go to e2e/artifacts/evaluation."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.services import Contact
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.notifications.models import Notice
from bihuan.mechanisms.evaluation import services
from bihuan.mechanisms.evaluation.models import Callback, Mark
from e2e import browsing

SHOTS = browsing.shots("evaluation")
BEFORE = NOW - dt.timedelta(hours=1)
STEPS = ("accept", "dispatch", "sign", "submit_plan", "reply", "verify_close")

pytestmark = browsing.MARKS


class Town(factories.District):
    """The district, with what the journeys ask of evaluation."""

    def link(self, number: str) -> str:
        """Return the link that the raiser was sent."""
        with database.writing():
            notice = Notice.objects.filter(key="evaluation.invited", subject=number).first()
        assert notice is not None
        return f"/r/{notice.data['token']}/"


@pytest.fixture(scope="module")
def town(address):
    """A Monday: a plan, a reply, a closing; and the seed of the first draw fixed before."""
    with clock.at(BEFORE):
        made = Town()
        for role in ("coordinator", "catch_all", "supervision_office", "leader"):
            made.staff(role)
        made.liaison(role="department_head")
        _owner = made.owner
        made.raised(now=BEFORE, title="道路开口审批，图纸退了两次")
        services.keep_drawing(now=BEFORE)
    return made


def look(page, name: str) -> None:
    """Check a page and take its pictures."""
    assert browsing.faults(page, SHOTS, name) == []


def act(page, action: str, text: str, **yes_or_no: str) -> None:
    """Fill in the form of an action and send it."""
    form = page.locator(f'form[action$="/do/{action}/"]')
    for name, value in yes_or_no.items():
        form.locator(f'[name={name}][value="{value}"]').check()
    form.locator("[name=text]").fill(text)
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()


def test_a_bad_mark_is_put_right_and_the_rating_changes(opened, address, town):
    at = NOW + dt.timedelta(hours=1)
    with clock.at(NOW):
        case = town.case(*STEPS)
    with browsing.server_time(at):
        page, complaints = browsing.watched(opened(None, width=390))
        page.goto(address + town.link(case.number))
        look(page, "rate")
        page.get_by_text("分开评", exact=True).click()
        for part, level in (("plan", 3), ("process", 2), ("result", 1)):
            page.locator(f'#parts [name={part}][value="{level}"]').check(force=True)
        expect(page.locator("#parts [name=reasons]").first).to_be_visible()
        look(page, "rate-parts")
        page.locator("#parts [name=reasons]").first.check(force=True)
        page.locator("#parts [name=say]").fill("等了一个月，没有人说一句")
        page.locator("#parts button[type=submit]").click()
        expect(page.get_by_text("评价已收到")).to_be_visible()
        look(page, "rated")
        page.goto(address + town.link(case.number))
        look(page, "link-used")
        assert [one for one in complaints if "409" not in one] == []

        centre = opened(town.staff("coordinator"), width=1440).new_page()
        centre.goto(address + "/evaluations/")
        look(centre, "marks")
        with database.writing():
            mark = Mark.objects.get(case_id=case.id)
        centre.get_by_role("link", name=mark.number).click()
        act(centre, "verify", "台账里 20 天没有进展")
        act(centre, "contact", "请部门每周说一次进展", named="yes")
        look(centre, "mark")

        unit = opened(town.liaison(), width=1440).new_page()
        unit.goto(address + f"/evaluations/{mark.id}/")
        assert "等了一个月" not in unit.content()
        look(unit, "mark-unit")
        act(unit, "correct", "已定每周一回话，复验改到周四")

        centre.reload()
        act(centre, "answer", "部门每周一给您回话")
        act(centre, "revisit", "现在有人回话了", content="yes")

        raiser = opened(town.owner, width=390).new_page()
        raiser.goto(address + f"/track/{case.number}/rate/")
        for part, level in (("process", 4), ("result", 4)):
            raiser.locator(f'[name={part}][value="{level}"]').check(force=True)
        raiser.locator('[name=plan][value="4"]').check(force=True)
        raiser.locator('[name=done][value="yes"]').check(force=True)
        raiser.get_by_role("button", name="提交").click()
        raiser.wait_for_url(f"**/track/{case.number}/")

        centre.reload()
        expect(centre.get_by_text("评价已改").first).to_be_visible()
        act(centre, "close", "整改到位")
        look(centre, "mark-closed")
    changed = town.fresh(case.number)
    assert (changed.rating_result, changed.rating_changes) == (4, 1)


def test_a_call_overturns_a_closing(opened, address, town):
    with clock.at(NOW):
        number = town.raised(contact=Contact(name="王经理", phone="0199-5550123")).number
        for action in ("accept", "dispatch", "sign", "reply", "verify_close"):
            town.act(number, action, now=NOW + dt.timedelta(minutes=5))
    after = NOW + dt.timedelta(days=8)
    with clock.at(after):
        services.keep_drawing(now=after)
    with database.writing():
        call = Callback.objects.select_related("case").filter(state="waiting").order_by("case__number").last()
    with browsing.server_time(after):
        page, complaints = browsing.watched(opened(town.staff("catch_all"), width=1440))
        page.goto(address + "/evaluations/callbacks/")
        look(page, "calls")
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url("**/evaluations/callbacks/*/")
        page.keyboard.press("c")
        page.wait_for_load_state()
        expect(page.get_by_text("怎么问")).to_be_visible()
        look(page, "call")
        act(page, "finish", "第二个问题根本没办", solved="no")
        expect(page.get_by_text("已推翻").first).to_be_visible()
        look(page, "call-overturned")
        assert complaints == []
        nobody = opened(None, width=390).new_page()
        nobody.goto(address + f"/draws/{call.draw_id}/")
        expect(nobody.get_by_text("刚刚重抽一遍：一致")).to_be_visible()
        look(nobody, "draw")
    with database.writing():
        done = Callback.objects.filter(overturned=True).select_related("case").get()
    assert (done.false_closing, done.case.state) == (True, "reopened")
