"""The three administrators at work in a real browser: structure, people, offices, a rulebook, and who saw it all.

Pictures go to e2e/artifacts/administration.
"""

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.accounts.models import SecurityEvent
from bihuan.foundation.kernel import clock
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks import services as rulebook_services
from e2e import browsing

SHOTS = browsing.shots("administration")

expect.set_options(timeout=20_000)

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def district(address):
    """A district with a rulebook of its own, at a time that stands still."""
    with clock.at(NOW):
        made = factories.District()
        rulebook_services.apply(region=DISTRICT, name="qiantang", actor_id=None, now=NOW, note="试行")
    with browsing.server_time(NOW):
        yield made


@pytest.fixture
def desk(opened, district):
    """Opens the page of a role's own browser; complaints of the console fail the test."""
    heard = []

    def sit(role, **options):
        made = opened(district.staff(role) if role else None, **options)
        # The first page of a fresh process fills all its memories.
        made.set_default_timeout(30_000)
        page, complaints = browsing.watched(made)
        heard.append(complaints)
        return page

    yield sit
    # The browser itself notes every answer that asks for a correction, and the one to somebody who lost the office.
    assert [text for some in heard for text in some if "422" not in text and "403" not in text] == []


def shot(page, name):
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def audited(page, address, *words):
    """See as the audit administrator that the record tells all of it."""
    page.goto(f"{address}/administration/record/")
    said = page.inner_text("table")
    assert [word for word in words if word not in said] == []


def test_a_department_a_person_an_office_and_a_login(desk, address, district):
    system = desk("system_admin")
    system.goto(f"{address}/administration/departments/new/")
    system.fill("#id_name", "澜川区数据局")
    system.fill("#id_code", "数据")
    system.click("main form button[type=submit]")
    expect(system.locator("#id_code_error")).to_be_visible()
    assert system.input_value("#id_name") == "澜川区数据局"
    shot(system, "department-wrong-1440-light")
    system.fill("#id_code", "data")
    system.select_option("#id_parent", "housing")
    system.click("main form button[type=submit]")
    expect(system.locator("table")).to_contain_text("澜川区数据局")

    system.goto(f"{address}/administration/people/new/")
    system.fill("#id_username", "wangxin")
    system.fill("#id_display_name", "王昕")
    system.fill("#id_phone", "13600000917")
    system.click("main form button[type=submit]")
    password = system.inner_text("#once")
    shot(system, "password-1440-light")
    person = accounts.person_named("wangxin")

    security = desk("security_admin")
    security.goto(f"{address}/administration/people/?q=wangxin")
    security.click("text=王昕")
    security.click("a:has-text('任命')")
    expect(security.locator("#id_department")).to_be_hidden()
    security.select_option("#id_role", "liaison")
    expect(security.locator("#id_department")).to_be_visible()
    security.select_option("#id_department", label="澜川区数据局")
    security.fill("#id_reason", "澜数发〔2026〕3 号")
    shot(security, "appoint-1440-light")
    security.click("main form button[type=submit]")
    expect(security.locator("table")).to_contain_text("澜川区数据局")

    fresh = desk(None)
    fresh.goto(f"{address}/accounts/login/")
    fresh.fill("input[name=login]", "wangxin")
    fresh.fill("input[name=password]", password)
    fresh.click("main button[type=submit]")
    fresh.wait_for_url("**/accounts/password/**")
    fresh.fill("input[name=oldpassword]", password)
    for name in ("password1", "password2"):
        fresh.fill(f"input[name={name}]", "Harbour-lamp-27")
    fresh.click("main button[type=submit]")
    fresh.goto(f"{address}/")
    fresh.wait_for_url("**/queue/**")

    security.reload()
    security.click("form[action*='/end/'] button")
    security.fill("#bh-confirm-reason", "调离")
    security.click("#bh-confirm .yes")
    expect(security.locator("main")).to_contain_text("已失效")
    fresh.goto(f"{address}/queue/")
    assert accounts.reader_of(person.pk).grants == ()
    expect(fresh.locator("h1")).to_be_visible()
    audit = desk("audit_admin")
    audited(audit, address, "设部门", "建账号", "王昕", "任命", "澜数发〔2026〕3 号", "终止任职", "调离")
    audit.select_option("#id_kind", "appointed")
    audit.click("main form button[type=submit]")
    assert "调离" not in audit.inner_text("table")
    assert SecurityEvent.objects.filter(kind="appointment_ended", person_id=person.pk).count() == 1


def test_a_rulebook_is_checked_compared_and_applied(desk, address):
    page = desk("system_admin")
    page.goto(f"{address}/administration/rulebooks/{DISTRICT}/edit/")
    page.fill("#rb-yaml", page.input_value("#rb-yaml") + "tiers:\n  ordinary: {due: 五天}\n")
    flaw = page.locator(".ad-flaws li")
    expect(flaw).to_contain_text("tiers.ordinary.due")
    expect(page.locator("[data-numbers] b")).to_have_count(1)
    expect(page.locator("[data-field='tiers.ordinary.due']")).to_have_class("form-control is-invalid")
    shot(page, "rulebook-wrong-1440-light")
    flaw.locator("button").click()
    assert page.evaluate("document.activeElement.id") == "rb-yaml"
    page.locator("[data-field='tiers.ordinary.due']").fill("7wd")
    page.locator("[data-field='tiers.ordinary.due']").blur()
    expect(page.locator(".ad-new").first).to_contain_text("7wd")
    assert "ordinary: {due: 7wd}" in page.input_value("#rb-yaml")
    page.select_option("#against", "weidong")
    expect(page.locator("#rb-checked table tbody tr").nth(3)).to_be_visible()
    page.select_option("#against", "")
    page.fill("#id_effective_from", "2026-12-01T00:00")
    page.click("button[value=rehearse]")
    expect(page.locator("#id_note_error")).to_be_visible()
    assert "7wd" in page.input_value("#rb-yaml")
    page.fill("#id_note", "一般问题放宽到 7 个工作日")
    page.click("button[value=rehearse]")
    expect(page.locator("[data-effect]")).to_be_visible()
    shot(page, "rulebook-edit-1440-light")
    page.click("button[value=apply]")
    page.click("#bh-confirm .yes")
    page.wait_for_url(f"**/rulebooks/{DISTRICT}/")
    expect(page.locator("table tbody tr").first).to_contain_text("未生效")
    newest = rulebooks.history(DISTRICT).first()
    assert (newest.number, newest.note) == (2, "一般问题放宽到 7 个工作日")
    page.click("table tbody a >> nth=0")
    expect(page.locator(".ad-new").first).to_contain_text("7wd")
    audited(desk("audit_admin"), address, "发布规则簿", "一般问题放宽到 7 个工作日")
