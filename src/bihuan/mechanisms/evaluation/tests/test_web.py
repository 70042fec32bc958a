"""Pages and API of evaluation: what each reader finds there, and that the forms go where they say."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.evaluation import services
from bihuan.mechanisms.evaluation.tests.conftest import LATER


def browser(actor=None, **headers) -> Client:
    client = Client(headers={"Accept-Language": "en", **headers})
    if actor is not None:
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def later(ear):
    with clock.at(LATER):
        yield


def test_one_tap_rates_and_a_bad_one_asks_why(ear):
    good, bad, phone = ear.closed(), ear.closed(), browser()
    path = f"/r/{ear.link(good)}/"
    page = phone.get(path)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "same-origin")
    assert phone.post(path, {"all": "5"}).status_code == 200
    rated = ear.fresh(good.number)
    assert (rated.rating_process, rated.rating_result, rated.rating_plan) == (5, 5, None)
    reused = phone.get(path)
    assert (reused.status_code, b"has been rated" in reused.content) == (409, True)
    path = f"/r/{ear.link(bad)}/"
    assert b'name="explain"' in phone.post(path, {"all": "1"}).content
    phone.post(path, {"explain": "1", "reasons": ["slow", "attitude"], "say": "没人接电话"})
    assert ear.mark(bad).reasons == ["slow", "attitude"]
    assert phone.get("/r/" + "a" * 73 + "/").status_code == 404


def test_the_parts_can_be_rated_apart_with_their_reasons(ear):
    case = ear.closed()
    path, phone = f"/r/{ear.link(case)}/", browser()
    assert phone.post(path, {"process": "2"}).status_code == 422
    sent = phone.post(path, {"process": "2", "result": "4", "reasons": ["slow"], "say": "催了三次"})
    assert b'name="explain"' not in sent.content
    mark = ear.mark(case)
    assert (mark.parts, mark.reasons, mark.words) == ({"process": 2}, ["slow"], "催了三次")


def test_staff_logged_in_on_the_raisers_device_is_noticed(ear):
    case = ear.closed()
    browser(ear.liaison()).post(f"/r/{ear.link(case)}/", {"all": "5"})
    assert services.look_for_signs(now=LATER) == 1
    office = browser(ear.staff("supervision_office"))
    page = office.get("/evaluations/questions/").content.decode()
    assert case.number in page
    assert "not a verdict" in page
    (asked,) = office.get("/api/v1/evaluations/questions").json()["items"]
    answered = office.post(f"/evaluations/questions/{asked['id']}/answer/", {"text": "窗口代客点评，已约谈"})
    assert answered.status_code == 302
    assert office.get("/api/v1/evaluations/questions").json()["items"] == []
    assert services.look_for_signs(now=LATER) == 0
    assert browser(ear.liaison()).get("/evaluations/questions/").status_code == 403


@pytest.mark.parametrize("who", ["coordinator", "liaison", "tax", "owner"])
def test_pages_and_api_show_each_reader_their_own(ear, who):
    case, mark = ear.bad()
    ear.take(mark, "verify", now=LATER)
    ear.take(mark, "contact", named="yes", now=LATER)
    actor = {"liaison": ear.liaison, "tax": lambda: ear.liaison("tax"), "owner": lambda: ear.owner}.get(
        who, lambda: ear.staff(who)
    )()
    reader = browser(actor)
    listed = reader.get("/api/v1/evaluations").json()["items"]
    if who in ("tax", "owner"):
        assert listed == []
        assert reader.get(f"/api/v1/evaluations/{mark.id}").status_code == 404
        assert reader.get(f"/evaluations/{mark.id}/").status_code == (404 if who == "tax" else 403)
        return
    (one,) = listed
    assert (one["case"], one["said"]) == (case.number, "等了一个月" if who == "coordinator" else None)
    page = reader.get(f"/evaluations/{mark.id}/").content.decode()
    assert ("等了一个月" in page) == (who == "coordinator")
    assert mark.number in reader.get("/evaluations/").content.decode()
    panel = f"/evaluations/{mark.id}/" in reader.get(f"/cases/{case.number}/").content.decode()
    assert panel == (who == "coordinator")
    action = reader.post(f"/evaluations/{mark.id}/do/correct/", {"text": "已整改"})
    assert action.status_code == (302 if who == "liaison" else 403)


def test_the_desk_shows_the_number_to_whoever_calls(ear):
    from bihuan.casework.cases.services import Contact

    services.keep_drawing(now=LATER)
    contact = Contact(name="王经理", phone="0199-5550123")
    case = ear.case(*"accept dispatch sign".split(), contact=contact)
    services.keep_drawing(now=LATER)
    ear.act(case.number, "reply", now=LATER, kind="explained")
    ear.act(case.number, "verify_close", now=LATER)
    after = LATER + dt.timedelta(days=8)
    services.keep_drawing(now=after)
    call = ear.call(case)
    with clock.at(after):
        office = browser(ear.staff("supervision_office"))
        path = f"/evaluations/callbacks/{call.id}/"
        assert case.number in office.get("/evaluations/callbacks/").content.decode()
        assert "0199-5550123" not in office.get(path).content.decode()
        assert office.post(f"{path}do/take/").status_code == 302
        assert "0199-5550123" in office.get(path).content.decode()
        assert office.post(f"{path}do/finish/", {"solved": "no", "text": "只说不能办"}).status_code == 302
    done = ear.call(case)
    assert (done.solved, done.false_closing, done.overturned) == (False, False, False)
    assert ear.fresh(case.number).word == "denied"


def test_draws_are_open_to_everybody(ear):
    ear.raised()
    services.keep_drawing(now=LATER)
    nobody = browser()
    page = nobody.get("/draws/")
    assert page.status_code == 200
    draw = browser(ear.owner).get("/api/v1/evaluations/draws").json()["items"][0]
    assert nobody.get(f"/draws/{draw['id']}/").status_code == 200
    assert nobody.get(f"/draws/{draw['id']}.json").json()["seed"] is None
    assert nobody.get("/draws/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_queues_cost_the_same_for_few_and_many(ear, django_assert_max_num_queries):
    for _one in range(3):
        ear.bad()
    office = browser(ear.staff("supervision_office"))
    for path in ("/evaluations/", "/evaluations/callbacks/", "/evaluations/questions/"):
        office.get(path)
        with django_assert_max_num_queries(25):
            office.get(path)


@pytest.mark.parametrize("role", ["coordinator", "leader"])
def test_tokens_work_as_sessions_do(ear, role):
    _case, mark = ear.bad()
    actor = ear.staff(role)
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    path = f"/api/v1/evaluations/{mark.id}/actions/verify"
    took = client.post(path, {"text": "已核对"}, content_type="application/json")
    assert took.status_code == (200 if role == "coordinator" else 403)
