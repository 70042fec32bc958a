"""The pages of raisers and of the public in a real browser: bad connections, photos, voice, larger type, figures.

Pictures go to e2e/artifacts/phone, for people to look at.
"""

import datetime as dt
import functools
import os
import struct
import zlib

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Attachment, Case
from bihuan.foundation.kernel import clock, database
from e2e import browsing

SHOTS = browsing.shots("phone")
THEN = NOW + dt.timedelta(days=2, hours=2)
HANDLED = ("accept", "dispatch", "sign", "submit_plan")
ANSWERED = (*HANDLED, "reply", "verify_start", "verify_close")

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def district(address):
    """A firm with a matter in hand and one that was answered, on the third day."""
    with clock.at(NOW):
        made = factories.District()
        made.answered = made.case(*ANSWERED, title="厂区西门路面塌陷，叉车过不去")
        made.handled = made.case(*HANDLED)
    with browsing.server_time(THEN):
        yield made


@pytest.fixture
def opened(opened):
    """Phones, unless another width is asked for."""
    return functools.partial(opened, width=390)


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


def test_a_form_whose_answer_was_lost_raises_one_matter(opened, address, district):
    """What was sent on a dead line, kept over a closed page and sent again, is one matter."""
    phone = opened()
    page = phone.new_page()
    write(page, address, "答复在路上丢了")
    phone.set_offline(True)
    page.click(".m-sticky [type=submit]")
    expect(page.locator(".m-sending [role=status]")).to_contain_text("没有网络")
    page.close()
    assert count("答复在路上丢了") == 0
    phone.set_offline(False)

    page = phone.new_page()
    page.goto(f"{address}/raise/")
    assert page.input_value("[name=title]") == "答复在路上丢了"

    def lose(route):
        route.fetch(max_redirects=0)  # it arrives there, but nothing comes back
        route.abort()

    page.route("**/raise/", lambda route: lose(route) if route.request.method == "POST" else route.continue_())
    page.click(".m-sticky [type=submit]")
    expect(page.locator(".m-sending [role=status]")).to_contain_text("没有网络")
    page.close()
    assert count("答复在路上丢了") == 1

    page = phone.new_page()
    page.goto(f"{address}/raise/")
    page.click(".m-sticky [type=submit]")
    page.wait_for_url("**/raise/receipt/")
    assert count("答复在路上丢了") == 1


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


def test_words_of_somebody_who_must_show_the_code_again_wait_for_it(opened, address, district):
    phone = opened(district.owner)
    page = phone.new_page()
    page.goto(f"{address}/track/{district.answered.number}/rate/")
    page.locator("[name=done][value=no]").check()
    page.fill("[name=say]", "路面又塌了一次")
    shown = phone.cookies()
    phone.clear_cookies()
    page.click(".m-sticky [type=submit]")
    expect(page.locator("#track [name=code]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("还在这台设备上")
    page.click(".m-sticky [type=submit]")
    expect(page.locator("[data-error-summary], .is-invalid, [aria-invalid=true]").first).to_be_visible()
    phone.add_cookies(shown)
    page.goto(f"{address}/track/{district.answered.number}/rate/")
    assert page.input_value("[name=say]") == "路面又塌了一次"
    assert page.is_checked("[name=done][value=no]")


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
