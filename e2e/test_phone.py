"""The pages of raisers and of the public in a real browser: bad connections, photos, voice, larger type, figures.

Pictures go to e2e/artifacts/phone, for people to look at.
"""

import datetime as dt
import os
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Attachment, Case
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
).split()
SHOTS = Path(os.environ.get("BIHUAN_ARTIFACTS") or Path(__file__).resolve().parent / "artifacts") / "phone"
SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
THEN = NOW + dt.timedelta(days=2, hours=2)
HANDLED = ("accept", "dispatch", "sign", "submit_plan")
ANSWERED = (*HANDLED, "reply", "verify_start", "verify_close")
MOVED = """new Promise(done => { let sum = 0; new PerformanceObserver(list => list.getEntries().forEach(
  one => sum += one.hadRecentInput ? 0 : one.value)).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300); })"""

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here"),
]


@pytest.fixture(scope="module")
def district(address):
    """A firm with a matter in hand and one that was answered, on the third day."""
    with clock.at(NOW):
        made = factories.District()
        made.answered = made.case(*ANSWERED, title="厂区西门路面塌陷，叉车过不去")
        made.handled = made.case(*HANDLED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIHUAN_NOW", THEN.isoformat())
        patch.setenv("BIHUAN_NOW_FIXED", "1")
        yield made


@pytest.fixture(scope="module")
def browser():
    """One Chromium whose microphone hums."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def opened(browser, address):
    """Open browser contexts, logged in as an actor (None: nobody); closed afterwards."""
    contexts = []

    def make(actor=None, *, width=390, theme="light", **more):
        made = browser.new_context(viewport=SIZES[width], color_scheme=theme, locale="zh-CN", **more)
        made.set_default_timeout(15_000)
        if actor is not None:
            client = Client()
            person = Person.objects.get(pk=actor.reader.person_id)
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
            name = settings.SESSION_COOKIE_NAME
            made.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
        contexts.append(made)
        return made

    yield make
    for one in contexts:
        one.close()


def test_every_page_is_clean_light_and_still(opened, address, district):
    pages = {
        "home": (None, "/my/"),
        "mine": (district.owner, "/my/"),
        "raise": (district.owner, "/raise/"),
        "track": (None, "/track/"),
        "follow": (district.owner, f"/track/{district.handled.number}/"),
        "judge": (district.owner, f"/track/{district.answered.number}/rate/"),
        "open": (None, f"/open/{DISTRICT}/"),
    }
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, (actor, path) in pages.items():
        for width in SIZES:
            for theme in ("light", "dark"):
                place = (name, width, theme)
                page, complaints = opened(actor, width=width, theme=theme).new_page(), []
                page.on("console", lambda line, into=complaints: into.append(line.text) if line.type == "error" else 0)
                page.goto(address + path)
                assert page.evaluate(MOVED) < 0.02, place
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
                page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
                found = Axe().run(page).response["violations"]
                wrong = [
                    (one["id"], one["nodes"][0]["html"][:160])
                    for one in found
                    if one["impact"] in {"serious", "critical"}
                ]
                assert wrong == [], place
                assert complaints == [], place


def write(page, address, title):
    """Fill the form as somebody without a name."""
    page.goto(f"{address}/raise/")
    page.fill("[name=title]", title)
    page.fill("[name=description]", "仓库 9 月完工，验收退了三次。")
    page.locator("label", has_text="不留名").click()


def count(title):
    with database.writing():
        return Case.objects.filter(title=title).count()


def test_without_a_connection_it_waits_and_goes_once(opened, address, district):
    phone = opened()
    page = phone.new_page()
    write(page, address, "断网时写的")
    phone.set_offline(True)
    page.click(".m-sticky [type=submit]")
    expect(page.locator(".m-sending [role=status]")).to_contain_text("没有网络")
    expect(page.locator(".m-sending [role=status]")).to_be_in_viewport()
    page.screenshot(path=SHOTS / "offline-390-light.png")
    assert count("断网时写的") == 0
    phone.set_offline(False)
    page.wait_for_url("**/raise/receipt/")
    assert count("断网时写的") == 1
    page.screenshot(path=SHOTS / "receipt-390-light.png", full_page=True)
    page.goto(f"{address}/raise/")
    assert page.input_value("[name=title]") == ""


def test_a_draft_survives_a_reload(opened, address, district):
    phone = opened()
    page = phone.new_page()
    write(page, address, "提交前断了网")
    page.wait_for_timeout(600)
    page.reload()
    assert page.input_value("[name=title]") == "提交前断了网"
    page.click(".m-sticky [type=submit]")
    page.wait_for_url("**/raise/receipt/")
    assert count("提交前断了网") == 1


def test_a_token_that_grew_old_is_renewed_and_nothing_is_lost(opened, address, district):
    phone = opened()
    page = phone.new_page()
    write(page, address, "登录过期了")
    phone.clear_cookies()
    page.click(".m-sticky [type=submit]")
    page.wait_for_url("**/raise/receipt/")
    assert count("登录过期了") == 1


def photo(side: int) -> bytes:
    """A PNG of one colour whose text chunk says where it was taken."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + os.urandom(3 * side) for _ in range(side))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    place = chunk(b"tEXt", b"GPS\x0030.25,120.17")
    return b"\x89PNG\r\n\x1a\n" + head + place + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def test_photos_become_small_a_voice_is_recorded_and_both_stay_when_something_is_wrong(opened, address, district):
    phone = opened(permissions=["microphone"])
    page = phone.new_page()
    write(page, address, "带照片和语音的")
    taken = photo(1900)
    page.set_input_files("[name=uploads]", {"name": "gate.png", "mimeType": "image/png", "buffer": taken})
    expect(page.locator("[data-preview]")).to_have_count(1)
    page.click("[data-record]")
    expect(page.locator("[data-record]")).to_have_attribute("data-recording", "")
    page.wait_for_timeout(1500)
    page.click("[data-record]")
    expect(page.locator("[data-preview]")).to_have_count(2)
    page.fill("[name=title]", "")
    page.click(".m-sticky [type=submit]")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[data-preview]")).to_have_count(2)
    page.screenshot(path=SHOTS / "mend-390-light.png", full_page=True)
    page.fill("[name=title]", "带照片和语音的")
    page.click(".m-sticky [type=submit]")
    page.wait_for_url("**/raise/receipt/")
    with database.writing():
        kept = {one.media_type: one for one in Attachment.objects.filter(case__title="带照片和语音的")}
    assert set(kept) == {"image/jpeg", "audio/webm"}
    assert kept["image/jpeg"].size < len(taken) / 2
    assert kept["audio/webm"].size > 1000


def test_larger_and_simpler_is_remembered_with_and_without_scripts(opened, address, district):
    for scripts in (True, False):
        phone = opened(java_script_enabled=scripts)
        page = phone.new_page()
        page.goto(f"{address}/my/")
        page.click("summary")
        page.click("[data-size-toggle]")
        page.goto(f"{address}/raise/")
        assert page.locator("html").get_attribute("data-bh-type") == "large"
        expect(page.locator("[name=place]")).to_be_hidden()
        page.screenshot(path=SHOTS / f"larger-{'with' if scripts else 'without'}-390-light.png", full_page=True)


def test_one_press_urges(opened, address, district):
    page = opened(district.owner).new_page()
    page.goto(f"{address}/track/{district.handled.number}/")
    page.click(".m-sticky [type=submit]")
    expect(page.locator("[data-toast]")).to_contain_text("已经催了")
    expect(page.locator(".m-tl")).to_contain_text("催了一下")
    page.screenshot(path=SHOTS / "urged-390-light.png", full_page=True)


def test_the_first_page_is_light(opened, address, district):
    page, sizes = opened().new_page(), []

    def weigh(answer):
        body = answer.body() if answer.ok else b""
        sizes.append(len(zlib.compress(body, 6)) if not answer.url.endswith((".png", ".woff2")) else len(body))

    page.on("requestfinished", lambda request: weigh(request.response()))
    page.goto(f"{address}/my/", wait_until="networkidle")
    assert 10_000 < sum(sizes) <= 200_000
