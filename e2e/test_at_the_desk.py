"""Where the reader sits: no mouse at hand, a session that ended while they typed, a clock set to another zone.

Pictures go to e2e/artifacts/desk.
"""

import re

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.factories import PASSWORD, make_holder
from bihuan.foundation.kernel import clock
from e2e import browsing

SHOTS = browsing.shots("desk")
ZONES = ("America/New_York", "Pacific/Apia", "Asia/Kathmandu")
"""Foreign clocks: behind, on another day, and off by a quarter of an hour."""
WORDS = "会议纪要第 12 号：消防、住建、资规同一天到场。"

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def district(address):
    """A department with one matter to sign and three in hand, on the morning after, and people with passwords."""
    with clock.at(NOW):
        made = factories.District()
        made.handled, made.drafted, made.paused = (
            made.case("accept", "dispatch", "sign", "submit_plan") for _one in range(3)
        )
        made.fresh_one = made.case("accept", "dispatch", title="稳岗返还到账金额比公示少 3.2 万元")
    make_holder("liaison", username="liaison1", department_id=made.department("housing").id)
    make_holder("liaison", username="liaison2", department_id=made.department("housing").id)
    with browsing.server_time(NOW, runs=True):
        yield made


@pytest.fixture
def opened(opened):
    """Windows without motion, so that what has the focus stands still."""
    return lambda actor=None, **more: opened(actor, reduced_motion="reduce", **more)


def tab_to(page, wanted, *, key="Tab", most=120):
    """Press Tab until what has the focus is `wanted`; each stop on the way has to be seen."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("wanted => Boolean(document.activeElement?.matches(wanted))", wanted):
            assert seen(page), wanted
            return
    raise AssertionError(f"{wanted} is not reached by {key}")


def seen(page):
    """Tell whether what has the focus is within the window and is drawn differently from before."""
    return page.evaluate(
        """() => {
          const one = document.activeElement, box = one.getBoundingClientRect();
          const style = getComputedStyle(one);
          const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
          const drawn = outlined || style.boxShadow !== "none";
          return drawn && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
        }"""
    )


def focused(page):
    """Return the id of what has the focus."""
    return page.evaluate("document.activeElement.id")


def log_in_by_keyboard(page, name):
    """Log in on the page that is open."""
    if page.evaluate("document.activeElement.name") != "login":
        tab_to(page, "[name=login]")
    page.keyboard.type(name)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def test_a_day_at_the_desk_without_a_mouse(opened, address, district):
    page, complaints = browsing.watched(opened())
    page.goto(f"{address}/accounts/login/")
    log_in_by_keyboard(page, "liaison1")
    expect(page).to_have_url(re.compile("/queue/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "bh-skip"
    page.keyboard.press("Enter")
    assert focused(page) == "main"

    # To the matter: by its row, as a link like any other.
    tab_to(page, f"#r-{district.handled.number}")
    page.screenshot(path=SHOTS / "keyboard-queue-1440-light.png")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{district.handled.number}/")

    # A dialog: the focus goes in, stays in, and comes back where it was with Escape.
    tab_to(page, "#case-head .bh-menu > summary")
    page.keyboard.press("Enter")
    tab_to(page, "[data-dialog='#do-suspend']")
    page.keyboard.press("Enter")
    expect(page.locator("#do-suspend")).to_be_visible()
    for _ in range(25):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || document.activeElement.closest('#do-suspend') !== null"
        assert page.evaluate(inside), "the focus left an open dialog"
    page.screenshot(path=SHOTS / "keyboard-dialog-1440-light.png")
    page.keyboard.press("Escape")
    expect(page.locator("#do-suspend")).to_be_hidden()
    expect(page.locator("#case-head .bh-menu > summary")).to_be_focused()
    assert seen(page)

    # The same with words, sent by Enter on its button.
    tab_to(page, "#b-reply", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#do-reply")).to_be_visible()
    page.keyboard.press("Escape")
    assert focused(page) == "b-reply"
    tab_to(page, "#b-ask_enterprise, #case-head .bh-menu > summary")
    if focused(page) != "b-ask_enterprise":
        page.keyboard.press("Enter")
        tab_to(page, "[data-dialog='#do-ask_enterprise']")
    page.keyboard.press("Enter")
    tab_to(page, "#do-ask_enterprise textarea")
    page.keyboard.type("请再发一次验收意见书。")
    tab_to(page, "#do-ask_enterprise [type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#case-trace")).to_contain_text("请再发一次验收意见书。")
    page.screenshot(path=SHOTS / "keyboard-sent-1440-light.png")

    # And back to the queue.
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue/")
    assert complaints == []


def test_folded_entries_of_the_navigation_open_by_keyboard(opened, address, district):
    page = opened(district.staff("supervision_office")).new_page()
    page.goto(f"{address}/queue/")
    nav = page.locator(".bh-side nav")
    assert nav.evaluate("one => one.scrollHeight <= one.clientHeight"), "the navigation has to be scrolled"
    shut = nav.locator("details:not([open])")
    count = shut.count()
    assert count
    tab_to(page, ".bh-side details:not([open]) > summary")
    page.keyboard.press("Enter")
    expect(shut).to_have_count(count - 1)
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.bh-side details[open] li'))")
    page.screenshot(path=SHOTS / "navigation-1440-light.png")


def test_what_is_sent_after_the_session_ended_is_there_after_the_next_login(opened, address, district):
    window = opened()
    page = window.new_page()
    page.goto(f"{address}/accounts/login/?next=/cases/{district.drafted.number}/")
    log_in_by_keyboard(page, "liaison1")
    page.goto(f"{address}/cases/{district.drafted.number}/?do=suspend")
    page.fill("#do-suspend [name=evidence]", WORDS)
    expect(page.locator("[data-draft-state^=suspend]").first).not_to_be_empty()
    window.clear_cookies(name="sessionid")
    page.keyboard.press("Escape")
    page.goto(f"{address}/cases/{district.drafted.number}/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    log_in_by_keyboard(page, "liaison1")
    expect(page).to_have_url(re.compile(f"/cases/{district.drafted.number}/"))
    page.goto(f"{address}/cases/{district.drafted.number}/?do=suspend")
    assert page.input_value("#do-suspend [name=evidence]") == WORDS
    page.screenshot(path=SHOTS / "draft-1440-light.png")


def test_somebody_else_at_the_same_desk_sees_no_draft_and_logging_out_forgets_it(opened, address, district):
    window = opened()
    page = window.new_page()
    where = f"{address}/cases/{district.drafted.number}/?do=suspend"
    field = "#do-suspend [name=evidence]"

    def as_(name):
        page.goto(f"{address}/accounts/login/?next=/queue/")
        log_in_by_keyboard(page, name)
        page.goto(where)

    as_("liaison1")
    page.fill(field, WORDS)
    expect(page.locator("[data-draft-state^=suspend]").first).not_to_be_empty()
    window.clear_cookies(name="sessionid")
    as_("liaison2")
    assert page.input_value(field) == ""
    window.clear_cookies(name="sessionid")
    as_("liaison1")
    assert page.input_value(field) == WORDS
    page.keyboard.press("Escape")
    page.click(".bh-side .bh-menu summary")
    page.click(".bh-side [data-draft-forget] button")
    page.wait_for_url(lambda url: "/queue/" not in url and "/cases/" not in url)
    as_("liaison1")
    assert page.input_value(field) == ""


def times_on(page):
    """Return what the page says of times, without what moves on while it is open."""
    return page.evaluate(
        "[...document.querySelectorAll('main time, main .left, main td, main dd')].map(one => one.textContent.trim())"
    )


@pytest.mark.parametrize("zone", ZONES)
def test_times_stay_those_of_the_region_wherever_the_reader_sits(opened, address, district, zone):
    """Dates, limits and countdowns are the same under a foreign clock; so is a day that somebody picks in a form."""
    with browsing.server_time(NOW):
        home, abroad = (opened(district.liaison(), timezone_id=where).new_page() for where in ("Asia/Shanghai", zone))
        for path in (
            "/queue/",
            "/cases/",
            f"/cases/{district.handled.number}/",
            f"/cases/{district.fresh_one.number}/",
        ):
            for page in (home, abroad):
                page.goto(address + path)
                page.wait_for_timeout(300)
            assert times_on(home) == times_on(abroad), path


def test_a_day_picked_in_a_foreign_zone_is_that_day_in_the_region(opened, address, district):
    """Late in the evening of New York the region has the next day; what the form says is the region's day."""
    page = opened(district.liaison(), timezone_id="America/New_York").new_page()
    page.goto(f"{address}/cases/{district.paused.number}/?do=suspend")
    page.select_option("#do-suspend [name=reason]", index=1)
    page.fill("#do-suspend [name=evidence]", WORDS)
    page.fill("#do-suspend [name=until]", "2026-11-25")
    page.click("#do-suspend [type=submit]")
    expect(page.locator("#do-suspend")).to_be_hidden()
    page.screenshot(path=SHOTS / "zone-form-1440-light.png", full_page=True)
    assert str(district.fresh(district.paused.number).suspension["until"])[:10] == "2026-11-25"
