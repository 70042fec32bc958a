"""Qingdao's questionnaire in a browser: built, sent, answered on a telephone, sorted, urgent ones with a task force."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.questionnaires import selectors
from bihuan.mechanisms.questionnaires.models import Questionnaire, Recipient
from bihuan.mechanisms.questionnaires.tests.conftest import Office
from bihuan.mechanisms.questionnaires.tests.test_services import decide
from e2e import browsing

SHOTS = browsing.shots("questionnaires")
LATER = NOW + dt.timedelta(hours=5)
TROUBLES = ("招不到焊工，开六千也没人来", "焊工招不到，开六千没人来", "门口的路坏了没人修")

pytestmark = browsing.MARKS


@pytest.fixture(scope="module")
def asked(address):
    """Twelve more enterprises of two towns and trades; a questionnaire that is answered, and a problem of it."""
    with clock.at(NOW):
        made = Office()
        made.firms(12)
        assert all(one.reader for one in (made.owner, made.centre, made.liaison(), made.staff("leader")))
        found = made.sent()
        to = made.recipients(found)
        for number, one in enumerate(to[:9]):
            trouble = TROUBLES[number % 3]
            made.answer(one, now=LATER, address=f"192.0.3.{number}", happy="5", trouble=trouble, trouble__name="on")
        problem = decide(made, found, made.statements(found)[:2])
    with browsing.server_time(LATER):
        yield made, found, to, problem


def test_from_the_first_question_to_a_matter_of_a_task_force(opened, address, asked):
    office = asked[0]
    page = opened(office.centre).new_page()
    page.goto(f"{address}/questionnaires/new/")
    page.locator("[name=title]").fill("万家企业问题和意见建议征集")
    page.locator("[name=purpose]").fill("问题按属地和行业交给专班，一件件办。")
    page.locator("details:has([name=about]) > summary").click()
    page.locator("[name=about][value=housing]").check()
    page.locator("main form button[type=submit]").click()
    where = page.url
    _ask(page, where, text="对住建局的服务满意吗？", kind="scale", needed=True)
    _ask(page, where, text="哪里不好？", kind="many", options="办得慢\n跑得多", when=("q1", ("1", "2")))
    _ask(page, where, text="有什么急需解决的问题？", kind="problem")
    page.screenshot(path=SHOTS / "builder-1440.png", full_page=True)
    browsing.do(page, "send")
    with database.writing():
        found = Questionnaire.objects.latest("id")
        to = list(Recipient.objects.filter(questionnaire=found).select_related("enterprise").order_by("id"))
    assert found.asked == 14

    mine = next(one for one in to if one.enterprise_id == office.firm.id)
    phone = opened(None, width=390).new_page()
    phone.goto(f"{address}/a/{selectors.asking.token_of(mine)}/")
    section = phone.locator("section:has([name=q2])")
    expect(section).to_be_hidden()
    phone.locator("input[name=q1][value='1']").check(force=True)
    expect(section).to_be_visible()
    phone.locator("input[name=q2]").first.check(force=True)
    phone.locator("[name=q3]").fill(TROUBLES[0])
    phone.locator("[name=q3-name]").check()
    phone.screenshot(path=SHOTS / "answer-390.png", full_page=True)
    phone.locator("button[form=answers]").click()
    expect(phone.locator("[role=alert]")).to_be_visible()  # the clock stands still: faster than anybody reads
    others = [one for one in to if one.enterprise_id != office.firm.id]
    for number, one in enumerate([mine, *others[:11]]):
        given = {"q1": "1" if number % 2 else "5", "q3": TROUBLES[number % 3]}
        office.answer(one, now=LATER, address=f"192.0.2.{number}", **given, **{"q3__name": "on"} if number % 2 else {})

    page.goto(f"{where}statements/")
    page.locator("form[action$='/do/sort/'] button").click()
    first = page.locator("form[action$='/statements/decide/']").first
    expect(first.locator("[name=statements]")).to_have_count(8)
    first.locator("[name=text]").fill("焊工招不到")
    first.locator("[name=urgent]").check()
    page.screenshot(path=SHOTS / "statements-1440.png", full_page=True)
    first.locator("button.btn-primary").click()
    second = page.locator("form[action$='/statements/decide/']").first
    second.locator("[name=text]").fill("路坏了")
    second.locator("button.btn-primary").click()
    page.goto(f"{where}problems/?urgent=1")
    page.locator("table a").first.click()
    browsing.do(page, "hand_on")
    page.screenshot(path=SHOTS / "problem-1440.png", full_page=True)
    with database.writing():
        live = Case.objects.filter(source="questionnaires", merged_into=None)
        assert {one.channel for one in live} == {"questionnaire"}
        assert all(one.urgent for one in live)
        figures = selectors.figures(questionnaire=found, actor=office.centre)
    # 参与 → 问题 → 急难, of the same kind as 1.1 万 → 749 → 297.
    assert (
        figures.asked > figures.answered == figures.statements > figures.problems > figures.urgent == figures.raised > 0
    )


def _ask(page, where, *, text, kind, options="", needed=False, when=None):
    page.goto(f"{where}question/")
    page.locator("[name=text]").fill(text)
    page.locator("[name=kind]").select_option(kind)
    if options:
        page.locator("[name=options]").fill(options)
    if needed:
        page.locator("[name=needed]").check()
    if when:
        page.locator("[name=when]").select_option(when[0])
        for option in when[1]:
            page.locator(f"[name=when-{when[0]}][value='{option}']").check()
    page.locator("main form button[type=submit]").click()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_every_page_is_clean(opened, address, asked, width, theme):
    office, found, (to, *_others), problem = asked
    where = f"questionnaires/{found.id}/"
    pages = {
        "register": (office.centre, "questionnaires/"),
        "sheet": (office.centre, where),
        "results": (office.centre, f"{where}results/"),
        "breakdown": (office.centre, f"{where}results/happy/size/"),
        "statements": (office.centre, f"{where}statements/"),
        "problems": (office.centre, f"{where}problems/"),
        "problem": (office.centre, f"questionnaires/problems/{problem.id}/"),
        "preview": (office.centre, f"{where}preview/"),
        "answer": (None, f"a/{selectors.asking.token_of(to)}/"),
        "forged": (None, "a/none/"),
        "mine": (office.owner, "questionnaires/mine/"),
    }
    for name, (who, path) in pages.items():
        page, complaints = browsing.watched(opened(who, width=width, theme=theme))
        page.goto(f"{address}/{path}")
        page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
        assert not browsing.too_wide(page), name
        assert browsing.barriers(page) == [], name
        if name != "forged":
            assert complaints == [], name
        page.context.close()
