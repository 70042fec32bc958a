"""Pages of the register: they open for whom they are, show what they should, and take actions."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases import factories, selectors, wording
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    with clock.at(NOW):
        yield factories.District()


def browser(actor) -> Client:
    client = Client()
    client.force_login(
        Person.objects.get(pk=actor.reader.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_the_queue_shows_what_is_open(district):
    receipt = district.raised()
    page = browser(district.staff("coordinator")).get("/queue/")
    assert page.status_code == 200
    assert receipt.number in page.content.decode()


@pytest.mark.parametrize(
    ("steps", "who", "offered"),
    [
        (("accept", "dispatch", "object"), "coordinator", "rule_objection"),
        (("accept", "dispatch", "sign", "suspend", "decide_suspension"), "coordinator", "resume"),
        (("accept", "dispatch", "sign", "reply"), "coordinator", "verify_start"),
    ],
)
def test_each_row_offers_its_next_step_in_queue_and_register(district, steps, who, offered):
    case = district.case(*steps)
    for address in ("/queue/?view=all", "/cases/"):
        page = browser(district.staff(who)).get(address)
        assert page.status_code == 200
        assert f"/cases/{case.number}/" in str(page.context["rows"])
        assert str(wording.ACTIONS[offered]) in str(page.context["rows"])


def test_the_register_finds_chinese_words(district):
    district.raised(title="污水接驳口被占")
    client = browser(district.staff("coordinator"))
    assert "污水接驳口被占" in client.get("/cases/?q=接驳").content.decode()
    assert "污水接驳口被占" not in client.get("/cases/?q=退税").content.decode()


@pytest.mark.parametrize("ending", ["xlsx", "csv", "jsonl"])
def test_the_register_is_exported(district, ending):
    district.raised()
    answer = browser(district.staff("coordinator")).get(f"/cases/export.{ending}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


def test_a_case_page_offers_the_readers_own_actions(district):
    number = district.raised().number
    page = browser(district.staff("seat")).get(f"/cases/{number}/").content.decode()
    assert 'id="do-accept"' in page
    assert 'id="do-verify_close"' not in page


def test_an_action_is_taken_from_the_page(district):
    number = district.raised().number
    client = browser(district.staff("seat"))
    answer = client.post(f"/cases/{number}/do/accept/", {"tier": "ordinary", "board": "projects"})
    assert answer.status_code == 302
    assert district.fresh(number).state == "accepted"


def test_wrong_input_comes_back_with_what_was_typed(district):
    number = district.raised().number
    answer = browser(district.staff("seat")).post(
        f"/cases/{number}/do/decline/", {"reason": "not_in_scope", "channel": "法院立案庭"}
    )
    assert answer.status_code == 422
    assert "法院立案庭" in answer.content.decode()


def test_nobody_unknown_gets_in(district):
    assert Client().get("/queue/")["Location"].startswith("/accounts/login/")


def test_another_department_does_not_find_the_case(district):
    number = district.case("accept", "dispatch").number
    assert browser(district.liaison("tax")).get(f"/cases/{number}/").status_code == 404


def queries(client, path):
    """How many queries a page asks, but for what every process remembers for seconds."""
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    aside = ("SAVEPOINT", "set_config", "workcalendar_", "rulebooks_", "directory_", "accounts_appointment")
    return len([one for one in found.captured_queries if not any(word in str(one["sql"]) for word in aside)])


@pytest.mark.parametrize("path", ["/queue/?view=all", "/cases/"])
def test_a_list_asks_no_more_for_more_rows(district, path):
    client = browser(district.staff("coordinator"))
    district.case("accept", "dispatch", "sign")
    few = queries(client, path)
    for place in range(6):
        district.case("accept", "dispatch", "sign", "report_progress", title=f"另一件 {place}")
    assert queries(client, path) == few <= 22


def test_a_case_asks_no_more_for_more_facts(district):
    number = district.case("accept", "dispatch", "sign").number
    client = browser(district.liaison())
    few = queries(client, f"/cases/{number}/")
    for minute in range(5):
        district.act(number, "report_progress", now=NOW + dt.timedelta(hours=1, minutes=minute))
    assert queries(client, f"/cases/{number}/") == few <= 32


def test_polling_gets_304_until_something_moves(district):
    number = district.case("accept", "dispatch", "sign").number
    client = browser(district.staff("coordinator"))
    mark = client.get("/queue/?view=all")["ETag"]
    headers = {"If-None-Match": mark, "HX-Request": "true"}
    assert client.get("/queue/?view=all", headers=headers).status_code == 304
    district.act(number, "remind", now=NOW + dt.timedelta(hours=1))
    answer = client.get("/queue/?view=all", headers=headers)
    assert answer.status_code == 200
    assert answer["ETag"] != mark


FIRST = {
    "coordinator": "centre",
    "catch_all": "hot",
    "leader": "decision",
    "supervision_office": "hot",
    "discipline": "overdue",
    "justice_supervisor": "all",
    "deputy": "refused",
    "observer": "mine",
    "special_supervisor": "mine",
    "seat": "incoming",
}


@pytest.mark.parametrize(("role", "view"), FIRST.items())
def test_each_office_opens_its_own_view(district, role, view):
    district.raised()
    page = browser(district.staff(role)).get("/queue/")
    assert page.status_code == 200
    assert page.context["view"] == view


def test_the_head_of_a_board_sees_who_carries_what(district):
    district.case("accept", "dispatch")
    page = browser(district.person("head", "board_head", board="projects")).get("/queue/")
    assert [(load.total, load.unsigned) for _name, load in page.context["loads"]] == [(1, 1)]


def test_a_leader_sees_what_waits_for_a_decision(district):
    waiting = district.case("accept", "dispatch", "sign", "request_extension", title="等着批延期")
    district.case("accept", "dispatch", "sign", title="照常在办")
    page = browser(district.staff("leader")).get("/queue/").content.decode()
    assert waiting.title in page
    assert "照常在办" not in page


def test_a_liaison_signs_with_one_press_and_stays_on_the_list(district):
    case = district.case("accept", "dispatch")
    client = browser(district.liaison())
    assert f'action="/cases/{case.number}/do/sign/"' in client.get("/queue/").content.decode()
    answer = client.post(f"/cases/{case.number}/do/sign/", {"next": "/queue/"})
    assert answer["Location"] == "/queue/"
    assert district.fresh(case.number).state == "signed"
    away = client.post(
        f"/cases/{case.number}/do/report_progress/", {"text": "已约", "next": "https://elsewhere.example/"}
    )
    assert away["Location"] == f"/cases/{case.number}/"


def test_what_stands_still_comes_after_what_can_be_done(district):
    paused = district.case("accept", "dispatch", "sign", "ask_enterprise", title="等企业回话").number
    running = [district.case("accept", "dispatch", title=f"在办 {place}").number for place in range(3)]
    actor = district.staff("coordinator")
    filters = selectors.Filters(sort="due", paused_last=True)
    for limit in (1, 2, 3, 4, 5):
        found, cursor = [], None
        while True:
            rows, cursor = selectors.page(actor=actor, filters=filters, now=NOW, cursor=cursor, limit=limit)
            assert rows
            found += [row.number for row in rows]
            if cursor is None:
                break
        assert found == [*running, paused], limit
    page = browser(actor).get("/queue/?view=all").content.decode()
    assert page.index(running[-1]) < page.index(paused)


def test_a_list_offers_the_ruling_on_an_objection(district):
    number = district.case("accept", "dispatch", "object").number
    page = browser(district.staff("coordinator")).get("/queue/?view=all").content.decode()
    assert f"/cases/{number}/?do=rule_objection" in page


def test_what_somebody_typed_stays_text_in_a_list(district):
    district.raised(title="<script>alert(1)</script> & “引号”")
    page = browser(district.staff("coordinator")).get("/queue/?view=all").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “引号”" in page
    assert "<script>alert" not in page


def test_one_refusal_stops_no_other_in_a_batch(district):
    good, bad = district.case("accept", "dispatch").number, district.raised(title="还没受理").number
    client = browser(district.staff("coordinator"))
    page = client.post("/queue/batch/remind/", {"case": [good, bad], "text": "请抓紧"}).content.decode()
    assert good in page
    assert bad in page
    assert district.fresh(good).last_seq == 4
    assert district.fresh(bad).last_seq == 1
    assert client.post("/queue/batch/remind/", {"case": [good]}).status_code == 302
    assert client.post("/queue/batch/archive/", {"case": [good]}).status_code == 404


def test_the_rated_side_never_sees_a_rating(district):
    number = district.case("accept", "dispatch", "sign", "submit_plan", "rate_plan").number
    for path in (f"/cases/{number}/", "/queue/?view=all"):
        page = browser(district.liaison()).get(path)
        assert "case.plan_rated" not in str(page.context.get("entries", ""))
        assert "rated the plan" not in page.content.decode()
        assert "评价了方案" not in page.content.decode()
    assert "bh-rates" in browser(district.staff("coordinator")).get(f"/cases/{number}/").content.decode()
    assert "bh-rates" not in browser(district.liaison()).get(f"/cases/{number}/").content.decode()


def test_reassigning_many_dispatches_or_upholds_as_each_case_asks_for(district):
    waiting = district.case("accept").number
    objected = district.case("accept", "dispatch", "object").number
    signed = district.case("accept", "dispatch", "sign").number
    client = browser(district.staff("coordinator"))
    answer = client.post("/queue/batch/dispatch/", {"case": [waiting, objected, signed], "lead": "water"})
    assert [result.ok for result in answer.context["results"]] == [True, True, False]
    water = district.department("water").id
    assert {district.fresh(number).lead_department_id for number in (waiting, objected)} == {water}
    assert district.fresh(signed).lead_department_id != water


def test_the_day_counts_what_falls_due_for_the_reader(district):
    case = district.case("accept", "dispatch", "sign")
    span = {"now": case.due_at - dt.timedelta(hours=2), "until": case.due_at + dt.timedelta(hours=1)}
    for actor, number in ((district.staff("coordinator"), 1), (district.liaison(), 1), (district.liaison("tax"), 0)):
        assert selectors.due_until(actor=actor, **span) == number


def test_lights_say_from_when_they_are_lit(district):
    district.raised()
    page = browser(district.staff("coordinator")).get("/queue/", headers={"Accept-Language": "en"})
    assert [str(option.note) for option in page.context["strip"]][1:4] == ["", "over 80% used", "over 60% used"]
