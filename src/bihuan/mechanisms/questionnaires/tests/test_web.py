"""Pages and REST of questionnaires: what each role sees at each address, and what a link does without login."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.questionnaires import selectors, services
from bihuan.mechanisms.questionnaires.models import Problem, Questionnaire, Recipient, Statement
from bihuan.mechanisms.questionnaires.services import Decision
from bihuan.mechanisms.questionnaires.tests.conftest import LATER, QUESTIONS

SECRET = "窗口小李让我跑了五趟"


def browser(actor=None) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    if actor is not None:
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def caller(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


def path_of(office, found) -> str:
    to = next(one for one in office.recipients(found) if one.enterprise_id == office.firm.id)
    return f"/a/{selectors.asking.token_of(to)}/"


def test_a_link_is_answered_without_login_on_one_page(office, caplog):
    found = office.sent()
    path, phone = path_of(office, found), browser()
    with clock.at(NOW):
        page = phone.get(path)
    text = page.content.decode()
    assert (page.status_code, page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (
        200,
        "same-origin",
        "no-store",
    )
    assert 'data-reveal="happy=1,2"' in text
    stamp = page.context["stamp"]
    with clock.at(NOW):
        quick = phone.post(path, {"stamp": stamp, "happy": "5"})
    assert (quick.status_code, b"faster than anybody" in quick.content) == (422, True)
    with clock.at(LATER):
        missing = phone.post(path, {"stamp": stamp, "happy": "1", "trouble": SECRET})
        assert (missing.status_code, missing.context["stamp"]) == (422, stamp)
        assert SECRET in missing.content.decode()
        robot = phone.post(path, {"stamp": stamp, "happy": "5", "website": "http://buy"})
        assert (robot.status_code, b"Nothing was kept" in robot.content) == (422, True)
        assert office.statements(found) == []
        done = phone.post(
            path, {"stamp": stamp, "happy": "1", "why": ["slow"], "trouble": SECRET, "trouble-name": "on"}
        )
        assert (done.status_code, b"are kept" in done.content) == (200, True)
        again = phone.get(path).content.decode()
    assert SECRET in again
    assert "the last version counts" in again
    assert [(one.text, one.take_up) for one in office.statements(found)] == [(SECRET, True)]
    with clock.at(LATER):
        assert browser().get(path[:-2] + "!/").status_code == 404
        office.take(found, "close", now=LATER)
        closed = browser().get(path)
    assert (closed.status_code, b"closed" in closed.content) == (409, True)
    assert path.split("/")[2] not in caplog.text


def test_the_builder_does_what_it_says(office):
    page = browser(office.centre)
    given = {"region": DISTRICT, "title": "问卷", "purpose": "问需", "about": ["housing"]}
    assert page.get("/questionnaires/new/").status_code == 200
    made = page.post("/questionnaires/new/", given)
    where = made["Location"]
    assert b"no question yet" in page.get(where).content
    first = {"kind": "one", "text": "多大？", "options": "大\n小\n", "needed": "yes"}
    assert page.post(f"{where}question/", first).status_code == 302
    second = {"kind": "problem", "text": "有什么难处？", "when": "q1", "when-q1": ["o2"]}
    assert page.post(f"{where}question/", second).status_code == 302
    assert page.get(f"{where}question/?key=q2").status_code == 200
    page.post(f"{where}question/up/", {"key": "q2"})
    assert b"comes later" in page.get(where).content
    refused = page.post(f"{where}do/send/", {})
    assert refused.status_code == 409
    page.post(f"{where}question/down/", {"key": "q2"})
    assert page.get(f"{where}preview/").status_code == 200
    sent = page.post(f"{where}do/send/", {"until": "2026-11-30"})
    assert sent.status_code == 302
    links = page.get(f"{where}links.csv")
    assert (links.status_code, links.content.decode().count("/a/")) == (200, 2)
    assert page.post(f"{where}question/", first).status_code == 409
    firm = browser(office.owner).get("/questionnaires/mine/").content.decode()
    assert "/a/" in firm


def test_statements_become_problems_and_matters_on_pages(office):
    found = office.sent()
    to = next(one for one in office.recipients(found) if one.enterprise_id == office.firm.id)
    office.answer(to, happy="5", trouble="招不到焊工", trouble__name="on")
    (stated,) = office.statements(found)
    page, where = browser(office.centre), f"/questionnaires/{found.id}/"
    with clock.at(LATER):
        assert page.post(f"{where}do/sort/", {}).status_code == 302
        assert "招不到焊工" in page.get(f"{where}statements/").content.decode()
        body = {"statements": [str(stated.id)], "text": "招工难", "urgent": "yes"}
        assert page.post(f"{where}statements/decide/", body).status_code == 302
        listed = page.get(f"{where}problems/?urgent=1").content.decode()
        assert "招工难" in listed
        with database.writing():
            problem = Problem.objects.get()
        one = f"/questionnaires/problems/{problem.id}/"
        assert page.get(one).status_code == 200
        assert page.post(f"{one}do/hand_on/", {}).status_code == 302
        shown = page.get(one).content.decode()
        assert "/cases/BH-" in shown
        assert page.get(f"{where}results/").status_code == 200
        assert page.get(f"{where}results/happy/town/").status_code == 200
        assert page.get(f"{where}results/happy/colour/").status_code == 404
        assert browser(office.discipline).post(f"{one}do/hand_on/", {}).status_code == 403


def test_rest_does_the_whole_round(office):
    api, json = caller(office.centre), {"content_type": "application/json"}
    begun = api.post("/api/v1/questionnaires", {"region": DISTRICT, "title": "问卷", "purpose": "问需"}, **json)
    assert begun.status_code == 201
    where = f"/api/v1/questionnaires/{begun.json()['id']}"
    assert api.put(f"{where}/questions", {"questions": QUESTIONS}, **json).json()["available_actions"] == [
        "send",
        "drop",
    ]
    sent = api.post(f"{where}/actions/send", {"enterprises": [office.firm.uscc]}, **json)
    assert (sent.status_code, sent.json()["asked"]) == (200, 1)
    with database.writing():
        found = Questionnaire.objects.get()
    token = path_of(office, found).split("/")[2]
    link = f"/api/v1/questionnaires/answers/{token}"
    with clock.at(NOW):
        asked = Client().get(link).json()
    assert [one["key"] for one in asked["questions"]] == ["happy", "why", "staff", "trouble"]
    body = {"stamp": asked["stamp"], "answers": {"happy": "5", "trouble": SECRET, "trouble-name": False}}
    with clock.at(LATER):
        assert Client().post(link, body, **json).json() == {"version": 1}
        groups = api.get(f"{where}/statements").json()
        assert (groups["waiting"], groups["groups"][0][0]["firm"]) == (1, "")
        key = groups["groups"][0][0]["id"]
        made = api.post(f"{where}/problems", {"statements": [key], "title": "多头跑", "urgent": True}, **json)
        assert made.status_code == 201
        assert len(api.get(f"{where}/problems").json()["items"]) == 1
        one = f"/api/v1/questionnaires/problems/{made.json()['id']}"
        settled = api.post(f"{one}/actions/settle", {"text": "当场说清"}, **json)
        assert (settled.json()["state"], settled.json()["available_actions"]) == ("settled", [])
        figures = api.get(f"{where}/results").json()
        assert (figures["answered"], figures["problems"], figures["questions"]) == (1, 1, [])
        assert api.post(f"{where}/aside", {"statements": [key], "text": "x"}, **json).status_code == 409
        listed = api.get("/api/v1/questionnaires").json()["items"]
        assert [one["answered"] for one in listed] == [1]


ROLES = {
    "coordinator": lambda office: office.centre,
    "catch_all": lambda office: office.staff("catch_all"),
    "discipline": lambda office: office.discipline,
    "leader": lambda office: office.staff("leader"),
    "seat": lambda office: office.staff("seat"),
    "unit": lambda office: office.liaison(),
    "head": lambda office: office.liaison(role="department_head"),
    "other unit": lambda office: office.liaison("water"),
    "firm": lambda office: office.owner,
    "stranger": lambda office: office.stranger,
    "deputy": lambda office: office.staff("deputy"),
    "special": lambda office: office.staff("special_supervisor"),
    "admin": lambda office: office.staff("system_admin"),
}
ASKS = {"coordinator", "catch_all", "discipline"}
COUNTS = ASKS | {"leader", "seat"}


@pytest.mark.parametrize("who", ROLES)
def test_answers_are_for_those_who_ask_and_counts_for_staff_once_it_is_closed(office, who):
    found = office.sent()
    to = next(one for one in office.recipients(found) if one.enterprise_id == office.firm.id)
    office.answer(to, happy="1", why=["slow"], trouble=SECRET)
    actor = ROLES[who](office)
    api, page = caller(actor), browser(actor)
    where = f"/api/v1/questionnaires/{found.id}"
    pages = [f"/questionnaires/{found.id}/{part}" for part in ("", "results/", "statements/", "problems/", "links.csv")]
    with clock.at(LATER):
        assert api.get(where).status_code == (200 if who in ASKS else 404)
        assert api.get(f"{where}/statements").status_code == (200 if who in ASKS else 404)
        before = [page.get(path).status_code for path in pages]
        assert set(before) == ({200} if who in ASKS else before and set(before) - {200})
    with database.writing():
        (stated,) = Statement.objects.all()
    decision = Decision(statements=[stated.id], title="多头跑动")
    services.decide(questionnaire_id=found.id, decision=decision, actor=office.centre, now=LATER)
    office.take(found, "close", now=LATER)
    with clock.at(LATER):
        assert api.get(where).status_code == (200 if who in COUNTS else 404)
        assert api.get(f"{where}/results").status_code == (200 if who in COUNTS else 404)
        assert api.get(f"{where}/statements").status_code == (200 if who in ASKS else 403 if who in COUNTS else 404)
        answers = [page.get(path) for path in pages]
        problem = api.get(f"/api/v1/questionnaires/problems/{problem_id()}")
        assert problem.status_code == (200 if who in ASKS else 404)
    shown = "".join(one.content.decode() for one in answers if one.status_code == 200)
    assert SECRET not in shown  # decided on, so on the page of the problem alone
    assert (SECRET in problem.content.decode()) is (who in ASKS)
    with database.reading(actor.scope()):
        assert (Recipient.objects.count(), Statement.objects.count()) == (0, 0)
        assert Problem.objects.exists() is (who in COUNTS)
        assert Questionnaire.objects.exists() is (who in COUNTS)


def problem_id():
    with database.writing():
        return Problem.objects.get().pk


def test_pages_cost_the_same_for_few_and_many(office, django_assert_max_num_queries):
    firms = office.firms(20)
    found = office.sent(enterprises=[one.uscc for one in firms])
    for number, to in enumerate(office.recipients(found)):
        office.answer(to, happy="5", trouble=f"第 {number} 条难处", address=f"192.0.2.{number}")
    page = browser(office.centre)
    with clock.at(LATER):
        for path, most in (
            ("", 24),
            (f"{found.id}/", 28),
            (f"{found.id}/results/", 28),
            (f"{found.id}/statements/", 24),
        ):
            page.get(f"/questionnaires/{path}")
            with django_assert_max_num_queries(most):
                page.get(f"/questionnaires/{path}")
