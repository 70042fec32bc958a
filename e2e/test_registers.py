"""Qingyuan and Lucheng in a browser: a case becomes a measured rule, a model case, a warning and a lesson."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases import services as cases
from bihuan.casework.cases.factories import NOW
from bihuan.casework.registers.tests.conftest import House
from bihuan.foundation.kernel import clock
from e2e import browsing

SHOTS = browsing.shots("registers")
DAY = dt.timedelta(days=1)
BEGAN = NOW - 100 * DAY
LATER = NOW + DAY

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def house(address):
    """A closed case, its kind before and after a day a hundred days ago, a competition in its vote, and a warning."""
    with clock.at(NOW):
        made = House()
        for role in ("supervision_office", "leader", "coordinator"):
            made.staff(role)
        unit = made.liaison("water")
        made.history(30, since=BEGAN - 90 * DAY, every=3 * DAY, answered_after=14 * DAY)
        made.history(9, since=BEGAN + DAY, every=10 * DAY, answered_after=3 * DAY)
        closed = made.over(title="丙类仓库扩建，消防验收退回三次")
        kept = made.kept(closed, on=BEGAN.date().isoformat())
        contest = made.called()
        made.nominated("一张清单到底", actor=unit)
        made.nominated("预审一次讲清", department="tax")
        made.take(contest, "open_vote")
        warning = made.warned(closed)
    with browsing.server_time(LATER):
        yield made, closed, contest, warning, kept


def act(page, action: str, **fields: str) -> None:
    """Open, fill in and send the form of one action."""
    form = page.locator(f"form[action$='/do/{action}/']")
    if not form.is_visible():
        form.locator("xpath=ancestor::details/summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()


def test_a_case_becomes_a_rule_and_its_effect_is_seen(opened, address, house):
    made, closed, *_rest = house
    office = opened(made.keeper).new_page()
    office.goto(f"{address}/registers/institutions/")
    office.locator("main details summary").first.click()
    form = office.locator("main form[method=post]").first
    form.locator("[name=title]").fill("容缺受理办法")
    form.locator("[name=text]").fill("三部门共用一张清单")
    form.locator("[name=cases]").fill(closed.number)
    form.locator("button[type=submit]").click()
    fields = {"kind": "improved", "owner": "housing", "on": BEGAN.date().isoformat(), "category": "approval"}
    act(office, "put_in_force", text="区政府办印发", **fields)
    effect = office.locator("section[aria-labelledby=effect-h]")
    expect(effect).to_contain_text("95%")
    expect(effect.locator("a").first).to_have_text("30")
    effect.locator("a").first.click()
    expect(office.locator("main")).to_contain_text("第29件")
    raiser = opened(made.owner, width=390).new_page()
    raiser.goto(f"{address}/registers/institutions/")
    expect(raiser.locator("body")).to_contain_text("容缺受理办法")


def test_a_vote_is_secret_and_counted_when_its_time_is_over(opened, address, house):
    made, _closed, contest, *_rest = house
    phone = opened(made.staff("leader"), width=390).new_page()
    phone.goto(f"{address}/registers/competitions/{contest.id}/")
    form = phone.locator("form[action$='/do/vote/']")
    form.locator("select").select_option(label="一张清单到底")
    form.locator("button[type=submit]").click()
    expect(phone.locator("form[action$='/do/vote/']")).to_have_count(0)
    with clock.at(NOW + 20 * DAY):
        cases.sweep(now=NOW + 20 * DAY)
    unit = opened(made.liaison("water", "department_head")).new_page()
    unit.goto(f"{address}/registers/exemplars/")
    expect(unit.locator("main")).to_contain_text("一张清单到底")
    expect(unit.locator("main")).not_to_contain_text("预审一次讲清")
    act(unit, "adopt", text="下月起照办")
    expect(unit.locator("main")).to_contain_text("下月起照办")


def test_a_lesson_names_nobody_and_stands_beside_the_next_case(opened, address, house):
    made, closed, _contest, warning, _kept = house
    office = opened(made.staff("coordinator")).new_page()
    office.goto(f"{address}/cases/{closed.number}/")
    office.locator("a[href*='/registers/library/?case=']").click()
    form = office.locator("main form[method=post]")
    form.locator("[name=title]").fill("验收多次退件，怎样一次通过")
    form.locator("[name=worked]").fill("请打１３８ ００１３ ８０００")
    form.locator("button[type=submit]").click()
    expect(office.locator("body")).to_contain_text("电话号码")
    office.goto(f"{address}/registers/library/?case={closed.number}")
    form = office.locator("main form[method=post]")
    form.locator("[name=title]").fill("验收多次退件，怎样一次通过")
    form.locator("[name=worked]").fill("三家同一天到场，当场列清单")
    form.locator("button[type=submit]").click()
    expect(office.locator("h1")).to_have_text("验收多次退件，怎样一次通过")
    with clock.at(LATER):
        fresh = made.case("accept", "dispatch", now=LATER)
    office.goto(f"{address}/cases/{fresh.number}/")
    expect(office.locator("body")).to_contain_text("验收多次退件，怎样一次通过")
    unit = opened(made.liaison("water")).new_page()
    unit.goto(f"{address}/registers/warnings/{warning.id}/")
    expect(unit.locator("section[aria-labelledby=who-h]")).to_contain_text("water")


def test_every_page_is_clean(opened, address, house):
    made, closed, contest, warning, kept = house
    pages = {
        "institutions": "institutions/",
        "institution": f"institutions/{kept.id}/",
        "proposals": "proposals/",
        "competitions": "competitions/",
        "competition": f"competitions/{contest.id}/",
        "exemplars": "exemplars/",
        "warnings": "warnings/",
        "warning": f"warnings/{warning.id}/",
        "library": f"library/?q=验收&case={closed.number}",
    }
    places = [(name, made.keeper, f"/registers/{path}") for name, path in pages.items()]
    assert browsing.faults_of(opened, address, places, folder=SHOTS) == []
