"""Pages and REST of codes: nothing personal leaks to any role at any address."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.accounts import selectors as account_selectors
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.directory import rules as directory
from bihuan.foundation.directory.permissions import OPERATOR
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.outreach.models import FollowUp, Rating
from bihuan.mechanisms.outreach.tests.conftest import LATER

SECRET = "办证那位说话很冲"


def browser(actor=None) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    if actor is not None:
        person = Person.objects.get(pk=actor.reader.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def caller(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


@pytest.fixture(autouse=True)
def later(hall):
    with clock.at(LATER):
        yield


def test_whoever_scans_rates_or_raises_without_login(hall):
    code = hall.window()
    path, phone = f"/s/{hall.token(code)}/", browser()
    for _again in range(2):
        page = phone.get(path)
        assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "same-origin")
        assert f"/report/{DISTRICT}/" in page.content.decode()
    assert hall.scans() == 1
    browser().get(path)
    assert hall.scans() == 2
    assert phone.post(path, {}).status_code == 422
    assert b"is kept" in phone.post(path, {"level": "1", "reasons": ["slow"], "words": SECRET}).content
    raising = phone.get(path + "raise/")
    assert raising.status_code == 302
    told = {"title": "跑了三趟", "description": "每次材料不一样", "who": "named"}
    told["enterprise"] = directory.compose_uscc(region=DISTRICT, serial=1)
    assert phone.post(raising["Location"], told).status_code == 302
    with database.writing():
        case = Case.objects.get()
    assert (case.channel, case.region, case.place) == ("window_code", DISTRICT, code.place)


def test_a_code_that_does_not_work_says_why_on_a_plain_page(hall):
    code = hall.window()
    token = hall.token(code)
    assert browser().get(f"/s/{token[:-1]}!/").status_code == 404
    assert browser().get(f"/s/{token[:-1]}!/raise/").status_code == 404
    hall.take(code, "revoke")
    for path in (f"/s/{token}/", f"/s/{token}/raise/"):
        page = browser().get(path)
        assert (page.status_code, b"withdrawn" in page.content) == (409, True)
    answer = browser().post("/api/v1/outreach/ratings", {"token": token, "level": 3}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "code_revoked")
    assert hall.scans() == 0


def test_codes_are_put_up_listed_and_printed(hall):
    office = browser(hall.centre)
    given = {"kind": "window", "region": DISTRICT, "lines": "housing\t1 号窗口\nwater，2 号窗口\n"}
    assert office.post("/outreach/codes/new/", given).status_code == 302
    page = office.get("/outreach/codes/?kind=window").content.decode()
    assert "1 号窗口" in page
    assert "2 号窗口" in page
    assert office.get("/outreach/codes/new/").status_code == 200
    sheet = office.get("/outreach/codes/sheets.pdf?q=2&a_page=8")
    assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")
    assert office.post("/outreach/codes/new/", given | {"lines": "none,3 号"}).status_code == 422
    assert browser(hall.liaison()).get("/outreach/codes/sheets.pdf").status_code == 403


ROLES = {
    "discipline": lambda hall: hall.office,
    "supervision": lambda hall: hall.staff("supervision_office"),
    "coordinator": lambda hall: hall.centre,
    "leader": lambda hall: hall.staff("leader"),
    "seat": lambda hall: hall.staff("seat"),
    "unit": lambda hall: hall.liaison(),
    "head": lambda hall: hall.liaison(role="department_head"),
    "other unit": lambda hall: hall.liaison("water"),
    "rater": lambda hall: hall.owner,
    "stranger": lambda hall: hall.stranger,
    "deputy": lambda hall: hall.staff("deputy"),
    "observer": lambda hall: hall.staff("observer"),
    "admin": lambda hall: hall.staff("system_admin"),
    "two hats": lambda hall: two_hats(hall),
}
READS = {"discipline", "supervision"}
SEES_CODE = READS | {"coordinator", "leader", "seat", "unit", "head", "two hats"}
SEES_LETTER = READS | {"unit", "head", "two hats"}


def two_hats(hall):
    """Somebody of the rated unit who is also appointed to supervise."""
    hall.person("two-hats", "liaison", department_id=hall.department("housing").id)
    person = Person.objects.get(username="two-hats")
    accounts.appoint(person_id=person.id, role="discipline", region=DISTRICT, actor_id=OPERATOR, now=NOW, since=NOW)
    account_selectors.forget()
    return Actor(reader=account_selectors.reader_of(person.id))


@pytest.mark.parametrize("who", ROLES)
def test_nothing_personal_leaks_to_any_role_at_any_address(hall, who):
    code = hall.window()
    silent, letter = hall.bad(code, words=SECRET, asked=True), hall.bad(code, words=SECRET)
    hall.take(letter, "send_letter", text="请核实窗口服务")
    actor = ROLES[who](hall)
    api, page = caller(actor), browser(actor)
    listed = {one["id"] for one in api.get("/api/v1/outreach/codes").json()["items"]}
    assert (str(code.id) in listed) is (who in SEES_CODE)
    one = api.get(f"/api/v1/outreach/codes/{code.id}")
    assert one.status_code == (200 if who in SEES_CODE else 404)
    if who in SEES_CODE:
        told = one.json()
        assert (told["ratings"], told["mean"]) == ((2, None) if who in READS else (0, None))
        assert (told["token"] is None) is (who not in READS | {"coordinator", "two hats"})
    follow = {one["id"] for one in api.get("/api/v1/outreach/followups").json()["items"]}
    assert (str(letter.id) in follow) is (who in SEES_LETTER)
    assert (str(silent.id) in follow) is (who in READS)
    assert api.get(f"/api/v1/outreach/followups/{silent.id}").status_code == (200 if who in READS else 404)
    answers = [
        page.get(path)
        for path in (
            "/outreach/codes/",
            f"/outreach/codes/{code.id}/",
            "/outreach/followups/",
            f"/outreach/followups/{letter.id}/",
            f"/outreach/followups/{silent.id}/",
            f"/outreach/followups/{letter.id}/letter.pdf",
        )
    ]
    assert {one.status_code for one in answers} <= {200, 403, 404}
    shown = "".join(one.content.decode(errors="replace") for one in answers if one.status_code == 200)
    assert (SECRET in shown) is (who in READS)
    asked_by = READS | {"coordinator", "seat", "unit", "head", "two hats"}
    assert (hall.firm.name in shown) is (who in asked_by)
    for thing, action in ((code, "codes"), (letter, "followups")):
        done = "revoke" if action == "codes" else "write_off"
        took = api.post(
            f"/api/v1/outreach/{action}/{thing.id}/actions/{done}", {"text": "x"}, content_type="application/json"
        )
        allowed = READS | ({"coordinator", "two hats"} if action == "codes" else set())
        seen = SEES_CODE if action == "codes" else SEES_LETTER
        expected = 404 if who not in seen else 403
        assert took.status_code == ((200 if action == "codes" else 409) if who in allowed else expected)


@pytest.mark.parametrize("who", ["discipline", "supervision", "coordinator", "leader", "unit", "rater", "two hats"])
def test_the_second_wall_says_the_same(hall, who):
    code = hall.window()
    hall.bad(code, words=SECRET)
    with database.reading(ROLES[who](hall).scope()):
        ratings, follow_ups = Rating.objects.count(), FollowUp.objects.count()
    region_wide = who not in {"unit", "rater", "two hats"}
    assert (ratings, follow_ups) == ((1, 1) if region_wide else (0, 0))


def test_a_unit_learns_the_mean_of_settled_months_only(hall):
    code = hall.window()
    for level in (5, 4, 3, 5, 3):
        hall.rate(hall.token(code), level)
    unit = caller(hall.liaison())
    assert unit.get(f"/api/v1/outreach/codes/{code.id}").json()["mean"] is None
    with clock.at(NOW + dt.timedelta(days=20)):
        told = caller(hall.liaison()).get(f"/api/v1/outreach/codes/{code.id}").json()
    assert (told["ratings"], told["mean"]) == (5, 4.0)


def test_the_register_costs_the_same_for_few_and_many(hall, django_assert_max_num_queries):
    for number in range(12):
        hall.rate(hall.token(hall.window(f"{number} 号")), 4)
    office = browser(hall.office)
    office.get("/outreach/codes/")
    with django_assert_max_num_queries(36):
        office.get("/outreach/codes/")
