"""The gallery in a real browser: both themes and widths, by keyboard and on paper. Pictures go to e2e/artifacts/ui."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bihuan.foundation.ui.gallery import PAGES

from . import pictures

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
SHOTS = Path(os.environ.get("BIHUAN_ARTIFACTS") or Path(__file__).resolve().parents[5] / "e2e" / "artifacts") / "ui"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here")]


class Quiet(WSGIRequestHandler):
    """Serves without a line on the screen for each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The gallery served over real HTTP without a database."""
    with override_settings(ROOT_URLCONF="bihuan.foundation.ui.tests.urls"):
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.set_app(StaticFilesHandler(get_wsgi_application()))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/gallery"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all pages."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def context(browser: Browser, *, size=WIDE, theme="light", locale="zh-CN", **options) -> BrowserContext:
    made = browser.new_context(viewport=size, color_scheme=theme, locale=locale, **options)
    made.set_default_timeout(5000)
    return made


@pytest.fixture
def page(browser, address) -> Iterator[Page]:
    """A wide, light page that fails the test when the console or the policy complains."""
    opened = context(browser)
    shown = opened.new_page()
    complaints: list[str] = []
    shown.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    yield shown
    opened.close()
    assert complaints == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_every_page_is_clean(browser, address, name, theme, size):
    opened = context(browser, size=size, theme=theme)
    page = opened.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/{name}/")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in {"serious", "critical"}] == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    shot = SHOTS / f"{name}-{size['width']}-{theme}.png"
    page.screenshot(path=shot, full_page=True)
    opened.close()
    assert complaints == []
    assert pictures.difference(shot) == ""


def test_a_page_that_lost_something_differs_from_its_picture(browser, address, tmp_path):
    opened = context(browser)
    page = opened.new_page()
    shot = tmp_path / "kit-1440-light.png"
    for script, sentence in (
        ("document.querySelector('.bh-side').style.visibility = 'hidden'", "differs"),
        ("document.querySelector('main').style.paddingTop = '400px'", "high"),
    ):
        page.goto(f"{address}/kit/")
        page.evaluate(script)
        page.screenshot(path=shot, full_page=True)
        assert sentence in pictures.difference(shot)
    opened.close()


@pytest.mark.parametrize("name", ["queue", "case", "phone", "phone-form"])
def test_large_type_and_200_percent_fit(browser, address, name):
    # 200 % zoom of a 1280 px window is a window of 640 px; elder mode on the smallest phone is the hardest case.
    for size in ({"width": 640, "height": 400}, {"width": 360, "height": 640}):
        opened = context(browser, size=size)
        opened.add_cookies([{"name": "bh-size", "value": "large", "url": address}])
        page = opened.new_page()
        page.goto(f"{address}/{name}/")
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.screenshot(path=SHOTS / f"{name}-{size['width']}-large.png", full_page=True)
        opened.close()


def test_english_pages_fit(browser, address):
    for size in (WIDE, NARROW):
        opened = context(browser, size=size, locale="en-GB")
        page = opened.new_page()
        page.goto(f"{address}/queue/")
        assert page.evaluate("document.documentElement.lang") == "en"
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.screenshot(path=SHOTS / f"queue-{size['width']}-english.png", full_page=True)
        opened.close()


def test_theme_and_size_are_remembered(page, address):
    page.goto(f"{address}/kit/")
    page.click(".bh-top [data-theme-toggle]")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.click(".bh-me")
    page.click(".bh-side [data-size-toggle]")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.evaluate("document.documentElement.dataset.bhType") == "large"


def test_selecting_rows_swaps_the_filter_for_the_batch_bar(page, address):
    page.goto(f"{address}/queue/")
    top = page.locator("#rows tr").first.bounding_box()
    rows = page.locator("input[data-row]")
    rows.nth(1).click()
    rows.nth(3).click(modifiers=["Shift"])
    expect(page.locator(".bh-batch [data-batch-n]")).to_have_text("3")
    assert page.locator("#rows tr").first.bounding_box() == top
    assert page.evaluate("document.querySelector('[data-check-all]').indeterminate")
    page.click('[data-dialog="#remind"]')
    page.screenshot(path=SHOTS / "queue-dialog.png")
    sent = page.evaluate(
        """() => { const form = document.querySelector('#remind form');
        form.addEventListener('submit', (event) => event.preventDefault());
        form.requestSubmit(); return new FormData(form).getAll('case'); }"""
    )
    assert sent == ["BH-2611-0104", "BH-2611-0087", "BH-2611-0093"]
    page.keyboard.press("Escape")
    page.click("[data-batch-clear]")
    expect(page.locator(".bh-batch")).to_be_hidden()


def test_columns_are_the_readers_choice(page, address):
    page.goto(f"{address}/queue/")
    page.click(".bh-filter .bh-menu summary[aria-label]")
    page.uncheck('[data-column="4"]')
    expect(page.locator("#rows .c-sec").first).to_be_hidden()
    page.reload()
    expect(page.locator("#rows .c-sec").first).to_be_hidden()


def test_the_queue_works_by_keyboard(page, address):
    page.goto(f"{address}/queue/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#rows tr").nth(1)).to_have_class("is-red is-cur is-sel")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "bh-q"
    page.keyboard.type("jx?")
    expect(page.locator("#bh-keys")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#bh-keys")).to_be_visible()
    page.screenshot(path=SHOTS / "queue-keys.png")
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#rows tr").nth(2)).not_to_have_class("is-cur")


def test_the_first_tab_stop_skips_to_the_content(page, address):
    page.goto(f"{address}/queue/")
    page.keyboard.press("Tab")
    expect(page.locator(".bh-skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_menus_open_and_close_by_keyboard(page, address):
    page.goto(f"{address}/case/")
    page.locator(".bh-case .bh-menu summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.pop') !== null")
    page.keyboard.press("Escape")
    expect(page.locator(".bh-case .bh-menu .pop")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_confirmation_says_what_happens_and_asks_for_the_reason(page, address):
    page.goto(f"{address}/case/")
    sent: list[str] = []

    def keep(route):
        sent.append(route.request.post_data or "")
        route.fulfill(body="ok")

    page.route("**/case/?", keep)
    page.click("button[data-confirm]")
    expect(page.locator("#bh-confirm")).to_contain_text("答复发给企业后")
    page.click("#bh-confirm .yes")
    expect(page.locator("#bh-confirm")).to_be_visible()
    assert sent == []
    page.fill("#bh-confirm-reason", "都办好了")
    page.click("#bh-confirm .yes")
    page.wait_for_load_state()
    assert len(sent) == 1
    assert "act=reply" in sent[0]
    assert "reason=%E9%83%BD" in sent[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_is_accessible_too(browser, address, theme):
    opened = context(browser, theme=theme)
    page = opened.new_page()
    page.goto(f"{address}/queue/")
    steps = {
        "menu": lambda: page.click(".bh-filter .bh-menu summary >> nth=0"),
        "me": lambda: page.click(".bh-me"),
        "batch": lambda: page.locator("input[data-row]").nth(2).click(),
        "dialog": lambda: page.click('[data-dialog="#remind"]'),
        "notice": lambda: page.evaluate(
            "document.dispatchEvent(new CustomEvent('bh:toast', {detail: {message: 'x', kind: 'bad', undo: '/u/'}}))"
        ),
        "banner": lambda: page.evaluate(
            "document.querySelector('#remind').close(); dispatchEvent(new Event('offline'))"
        ),
    }
    for name, step in steps.items():
        step()
        found = Axe().run(page).response["violations"]
        assert [
            (name, v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in {"serious", "critical"}
        ] == []
        page.screenshot(path=SHOTS / f"open-{name}-{theme}.png")
    opened.close()


def test_drafts_survive_and_are_never_kept_after_logging_out(page, address):
    page.goto(f"{address}/forms/")
    page.fill("#id_a-text", "仓库 9 月完工")
    page.check("#id_a-hide")
    page.check("input[name=a-kind][value='3']")
    expect(page.locator('[data-draft-state="gallery"]')).not_to_be_empty()
    page.reload()
    assert page.input_value("#id_a-text") == "仓库 9 月完工"
    assert page.is_checked("#id_a-hide")
    assert page.is_checked("input[name=a-kind][value='3']")
    page.evaluate(
        """() => { const mark = document.createElement('div'); mark.dataset.draftClear = '*';
        document.body.append(mark); mark.dispatchEvent(new CustomEvent('htmx:load', {bubbles: true})); }"""
    )
    page.evaluate("document.querySelector('form[data-draft]').reset()")
    page.reload()
    assert page.input_value("#id_a-text") == ""


def test_notices_come_from_the_server_and_are_read_as_plain_text(page, address):
    page.goto(f"{address}/kit/")
    page.evaluate(
        """document.dispatchEvent(new CustomEvent('bh:toast', {detail: {message: '<b>x</b>', kind: 'bad'}}));
        document.dispatchEvent(new CustomEvent('bh:toast', {detail: {message: 'done', undo: '/undo/'}}))"""
    )
    expect(page.locator("#bh-toasts [data-toast]").first).to_contain_text("<b>x</b>")
    assert page.locator("#bh-toasts form").get_attribute("action") == "/undo/"
    page.screenshot(path=SHOTS / "toasts.png")
    page.locator("[data-toast-close]").first.click()
    expect(page.locator("#bh-toasts [data-toast]")).to_have_count(1)


def test_losing_the_connection_is_said(page, address):
    page.goto(f"{address}/queue/")
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sseError'))")
    expect(page.locator("[data-banner]")).to_be_visible()
    expect(page.locator("[data-banner]")).to_contain_text("10:20")
    page.screenshot(path=SHOTS / "offline.png")
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sseOpen'))")
    expect(page.locator("[data-banner]")).to_be_hidden()


def test_pictures_get_smaller_before_they_are_sent(page, address):
    page.goto(f"{address}/phone-form/")
    made = page.evaluate(
        """async () => { const canvas = document.createElement('canvas'); canvas.width = 3200; canvas.height = 1600;
        canvas.getContext('2d').fillRect(0, 0, 3200, 1600);
        const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
        const transfer = new DataTransfer(); transfer.items.add(new File([blob], 'photo.png', {type: 'image/png'}));
        const input = document.querySelector('#ph'); input.files = transfer.files;
        input.dispatchEvent(new Event('change', {bubbles: true}));
        await new Promise((done) => setTimeout(done, 800));
        const picture = await createImageBitmap(input.files[0]);
        return [input.files[0].name, picture.width, picture.height]; }"""
    )
    assert made == ["photo.jpg", 1600, 800]
    expect(page.locator("#previews canvas")).to_have_count(1)
    page.click("#previews button")
    assert page.evaluate("document.querySelector('#ph').files.length") == 0


def test_paper_shows_the_heading_and_the_boxes_to_sign(browser, address):
    opened = context(browser, theme="dark")
    page = opened.new_page()
    page.goto(f"{address}/case/")
    page.emulate_media(media="print")
    expect(page.locator(".bh-ph")).to_be_visible()
    expect(page.locator(".bh-sign")).to_be_visible()
    expect(page.locator(".bh-side")).to_be_hidden()
    page.pdf(path=SHOTS / "case.pdf", prefer_css_page_size=True)
    page.goto(f"{address}/queue/")
    page.pdf(path=SHOTS / "queue.pdf", prefer_css_page_size=True)
    opened.close()


def test_pages_work_without_scripts(browser, address):
    opened = context(browser, java_script_enabled=False)
    page = opened.new_page()
    page.goto(f"{address}/queue/")
    expect(page.locator("#rows tr")).to_have_count(12)
    page.click(".bh-me")
    expect(page.locator(".bh-side .pop")).to_be_visible()
    expect(page.locator("[data-theme-toggle]").first).to_be_hidden()
    opened.close()
