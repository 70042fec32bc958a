"""One matter round the whole loop in a real browser, and every way in. Pictures go to e2e/artifacts/loop."""

import re
import struct
import zlib
from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts.factories import PASSWORD, make_holder
from bihuan.foundation.directory import factories as directory
from bihuan.foundation.directory import rules
from e2e import browsing

SHOTS = browsing.shots("loop")
ON_A_PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
TITLE = "丙类仓库扩建，消防验收退回三次"
WORDS = "仓库 9 月完工，验收退了三次，每次理由不一样。设备已经到场，11 月底不能投产。请一次讲清还差什么。"

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def district(address, tmp_path_factory) -> Iterator[factories.District]:
    """A district on a Monday morning, with people who can log in; the server's clock runs on from there."""
    folder = tmp_path_factory.mktemp("data")
    with browsing.server_time(NOW, runs=True), override_settings(DATA_DIR=folder):
        made = factories.District()
        directory.make_region("999901001", "石渚镇")
        for role in ("seat", "coordinator"):
            make_holder(role, username=f"{role}1")
        make_holder("liaison", username="liaison1", department_id=made.department("housing").id)
        make_holder("liaison", username="helper1", department_id=made.department("water").id)
        make_holder("enterprise", username="owner1", enterprise_id=made.firm.id)
        yield made


class Device:
    """A phone or a desk computer: one page, whose console must stay silent."""

    def __init__(self, browser: Browser, address: str, *, phone: bool, locale: str = "zh-CN") -> None:
        size, options = (390, {"user_agent": ON_A_PHONE, "has_touch": True}) if phone else (1440, {})
        self.context: BrowserContext = browser.new_context(
            viewport=browsing.SIZES[size], color_scheme="light", locale=locale, **options
        )
        self.context.set_default_timeout(8000)
        self.address, self.phone = address, phone
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, line: object) -> None:
        text, kind = str(getattr(line, "text", "")), getattr(line, "type", "")
        # An answer of 404 or 422 is what some pages are about; everything else on the console is a fault.
        if kind in {"error", "warning"} and not re.search(r"status of 4\d\d", text):
            self.complaints.append(f"{self.page.url} {getattr(line, 'location', '')} {text}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def log_in(self, name: str) -> Page:
        self.open("/accounts/login/")
        self.page.fill("[name=login]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self.page

    def look(self, name: str, *, full: bool = True) -> None:
        """Check the page in both themes for width and access, and take its pictures."""
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme)
            # Colours change slowly; a picture in between shows neither theme.
            self.page.wait_for_timeout(250)
            width = "390" if self.phone else "1440"
            # Hiding the caret would leave style attributes behind, which htmx copies and the policy then blocks.
            picture = SHOTS / f"{name}-{width}-{theme}.png"
            self.page.screenshot(path=picture, full_page=full, caret="initial")
            assert not browsing.too_wide(self.page), (name, theme)
            # Only colours differ in the dark.
            only = "color-contrast" if theme == "dark" else None
            assert browsing.barriers(self.page, only=only) == [], (name, theme)
        self.page.emulate_media(color_scheme="light")

    def act(self, number: str, action: str, **words: str) -> None:
        """Take an action in its dialog on the page of the case."""
        self.open(f"/cases/{number}/")
        opener = self.page.locator(f'[data-dialog="#do-{action}"]')
        if not opener.is_visible():
            self.page.click("article .bh-menu summary")
        opener.click()
        dialog = self.page.locator(f"#do-{action}")
        expect(dialog).to_be_visible()
        for name, value in words.items():
            field = dialog.locator(f"[name={name}]").first
            if field.get_attribute("type") in {"radio", "checkbox"}:
                dialog.locator(f'[name={name}][value="{value}"]').check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        dialog.locator("button[type=submit]").click()
        expect(dialog).to_be_hidden()

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []


def photo() -> dict[str, object]:
    """A small picture that is a real one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 40, 40, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x9a\xb0\xc4" * 40) * 40)
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return {"name": "退件通知.png", "mimeType": "image/png", "buffer": picture}


def raised_on_the_phone(phone: Device) -> tuple[str, str]:
    """Raise the matter as a visitor, with a slip on the way, and return number and code."""
    page = phone.open("/my/")
    phone.look("home-visitor")
    page.click('a[href="/raise/"]')
    phone.look("raise")
    page.fill("[name=description]", WORDS)
    page.locator("[name=category]").first.check()
    page.select_option("[name=region]", "999901001")
    page.fill("[name=place]", "石渚工业园 3 号路")
    page.set_input_files("[name=uploads]", photo())
    expect(page.locator("[data-preview]")).to_have_count(1)
    code = rules.compose_uscc(region=DISTRICT, serial=1)
    page.locator("[name=enterprise]").press_sequentially(code[:-1] + ("0" if code[-1] != "0" else "1"), delay=5)
    expect(page.locator("#firm p.is-red")).to_be_visible()
    page.fill("[name=enterprise]", code)
    expect(page.locator("#firm p")).to_contain_text("澜川第1有限公司")
    page.fill("[name=contact_name]", "企业办事员")
    page.fill("[name=contact_phone]", "13600000917")
    page.click(".m-sticky button")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.input_value("[name=description]") == WORDS
    phone.look("raise-wrong")
    page.fill("[name=title]", TITLE)
    page.set_input_files("[name=uploads]", photo())
    page.click(".m-sticky button")
    page.wait_for_url("**/raise/receipt/")
    phone.look("receipt")
    number, secret = page.locator("dd").nth(0).inner_text(), page.locator("[data-code]").inner_text()
    assert secret not in page.url
    page.click(".m-sticky a")
    expect(page.locator("#case-h")).to_have_text(TITLE)
    phone.look("follow-received")
    return number, secret


def handled_at_the_desks(browser: Browser, address: str, number: str, phone: Device) -> None:
    """Desk, centre and department bring it to an answer that the centre has checked."""
    desks = {name: Device(browser, address, phone=False) for name in ("seat1", "coordinator1", "liaison1", "helper1")}
    for name, desk in desks.items():
        desk.log_in(name)
    seat, centre, liaison, helper = desks.values()
    seat.act(number, "accept", tier="ordinary", board="projects", category="approval")
    centre.act(number, "dispatch", lead="housing", co="water")
    liaison.act(number, "sign")
    liaison.act(
        number, "submit_plan", measures="三部门一次到场 | 区住建局 | 2026-11-20\n出问题清单 | 区住建局 | 2026-11-18"
    )
    liaison.act(number, "ask_enterprise", question="周四上午方便现场复验吗？请传整改后的照片。")
    page = phone.open(f"/track/{number}/")
    phone.look("follow-question")
    page.fill("[name=answer-text]", "方便，周四 9 点，找王厂长。")
    page.set_input_files("[name=answer-uploads]", photo())
    page.click("#answer button[type=submit]")
    expect(page.locator("#answer")).to_have_count(0)
    page.click("[data-toast-close]")
    page.locator("[name=rate_plan-level][value='4']").check()
    page.click("#rate_plan button[type=submit]")
    expect(page.locator("[name=rate_plan-level]")).to_have_count(0)
    liaison.act(number, "report_progress", text="消防大队到现场复验")
    helper.act(number, "co_reply", text="消防用水接口已开")
    liaison.act(number, "reply", kind="resolved", text="复验通过，意见书已发。三处整改都已签字。")
    phone.open(f"/track/{number}/")
    phone.look("follow-answered")
    centre.act(number, "verify_start")
    centre.act(number, "verify_close", call="missed")
    centre.look("case-closed")
    for desk in desks.values():
        desk.close()


def test_a_matter_goes_round_the_loop(browser, address, district):
    phone = Device(browser, address, phone=True)
    number, secret = raised_on_the_phone(phone)
    handled_at_the_desks(browser, address, number, phone)
    phone.close()

    other = Device(browser, address, phone=True)
    page = other.open(f"/track/{number}/")
    assert TITLE not in page.content()
    other.look("track")
    page.fill("[name=code]", "2222-2222-2222")
    page.click(".m-sticky button")
    expect(page.locator("[role=alert]")).to_be_visible()
    other.look("track-wrong")
    page.fill("[name=code]", secret.lower())
    page.click(".m-sticky button")
    expect(page.locator("#case-h")).to_have_text(TITLE)
    other.look("follow-closed")
    page.click(f'a[href="/track/{number}/rate/"]')
    other.look("judge")
    page.locator("[name=done][value=yes]").check()
    page.locator("[name=plan][value='5']").check()
    page.locator("[name=process][value='2']").check()
    expect(page.locator("[name=reasons]").first).to_be_visible()
    page.locator("[name=reasons][value=slow]").check()
    page.locator("[name=result][value='4']").check()
    other.look("judge-filled")
    page.click(".m-sticky button")
    page.wait_for_url(f"**/track/{number}/")
    other.look("follow-judged")
    other.close()

    case = district.fresh(number)
    assert (case.channel, case.state, case.closed_kind) == ("mobile", "closed", "resolved")
    assert (case.word, case.achieved, case.achieved_by) == ("confirmed", True, "enterprise")
    assert (case.rating_plan, case.rating_process, case.rating_result) == (5, 2, 4)


def test_a_seat_writes_it_down_by_keyboard_alone(browser, address, district):
    district.raised(title="厂区西门路面塌陷，叉车过不去")
    desk = Device(browser, address, phone=False)
    page = desk.log_in("seat1")
    desk.open("/desk/")
    desk.look("desk")
    keys = page.keyboard
    expect(page.locator("[name=enterprise]")).to_be_focused()
    keys.type("澜川第1")
    expect(page.locator("#firms [role=option]")).to_have_count(1)
    keys.press("ArrowDown")
    desk.look("desk-choosing")
    keys.press("Enter")
    assert page.input_value("[name=enterprise]") == district.firm.uscc
    expect(page.locator("#beside")).to_contain_text("厂区西门路面塌陷")
    for pressed in ("Tab", "Tab", "Tab", "王女士", "Tab", "13600000917", "Tab", "厂区西门路面塌陷，叉车过不去"):
        keys.press(pressed) if pressed == "Tab" else keys.type(pressed)
    expect(page.locator("#beside .alert")).to_be_visible()
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("今天又塌了一块，叉车绕行。")
    desk.look("desk-filled")
    keys.press("Control+Enter")
    expect(page.locator("[data-code]")).to_be_visible()
    expect(page.locator("[name=enterprise]")).to_be_focused()
    assert page.input_value("[name=title]") == ""
    desk.look("desk-saved")
    keys.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    desk.look("desk-wrong")
    desk.close()


def test_a_printed_code_leads_to_the_form_of_its_place(browser, address, district):
    desk = Device(browser, address, phone=False)
    page = desk.log_in("coordinator1")
    desk.open("/qr/")
    desk.look("codes")
    page.fill("[name=place]", "政务服务中心 12 号窗口")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/qr/**")
    desk.look("sheet")
    (SHOTS / "sheet.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
    link = page.locator("a[href*='/q/']").get_attribute("href").removeprefix(address)
    desk.close()
    phone = Device(browser, address, phone=True)
    page = phone.open(link)
    expect(page.locator(".alert")).to_contain_text("12 号窗口")
    assert page.locator("[name=region]").count() == 0
    phone.look("raise-by-code")
    phone.open(link[:-2] + "/")
    expect(page.locator("main")).to_contain_text("link_wrong")
    phone.look("code-wrong")
    phone.close()


def test_an_enterprise_logged_in_sees_what_waits_for_it(browser, address, district):
    handled = ("accept", "dispatch", "sign")
    district.case(*handled, "ask_enterprise", title="污水接驳口被占，雨天倒灌车间")
    district.case(*handled, "reply", "verify_start", "verify_close", title="厂区西门路面塌陷，叉车过不去")
    district.case("request_supplement", title="稳岗返还到账金额比公示少 3.2 万元")
    district.case("decline", title="要求法院改判")
    closed = district.case(*handled, "reply", "verify_start", "verify_close", "confirm", "rate", title="门前路灯不亮")
    phone = Device(browser, address, phone=True)
    page = phone.log_in("owner1")
    assert page.url.endswith("/my/")
    phone.look("home-enterprise")
    page.click("[data-size-toggle] >> visible=true") if page.locator(
        "[data-size-toggle] >> visible=true"
    ).count() else None
    page.evaluate("document.documentElement.setAttribute('data-bh-type', 'large')")
    phone.look("home-large-type")
    page.evaluate("document.documentElement.removeAttribute('data-bh-type')")
    phone.open(f"/track/{closed.number}/")
    phone.look("follow-done")
    phone.open("/raise/")
    phone.look("raise-enterprise")
    phone.close()
    wide = Device(browser, address, phone=False, locale="en")
    wide.log_in("owner1")
    wide.look("home-english")
    wide.open(f"/track/{closed.number}/")
    wide.look("follow-english")
    (SHOTS / "follow.pdf").write_bytes(wide.page.pdf(prefer_css_page_size=True))
    wide.close()


def test_a_draft_outlives_the_page(browser, address, district):
    phone = Device(browser, address, phone=True)
    page = phone.open("/raise/")
    page.fill("[name=title]", TITLE)
    page.locator("[name=who][value=anonymous]").check()
    expect(page.locator("[name=enterprise]")).to_be_hidden()
    expect(page.locator("[data-draft-state=raise]")).not_to_be_empty()
    page.reload()
    assert page.input_value("[name=title]") == TITLE
    assert page.is_checked("[name=who][value=anonymous]")
    expect(page.locator("[name=enterprise]")).to_be_hidden()
    phone.look("raise-draft")
    phone.close()
