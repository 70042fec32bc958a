"""Pages and REST of inspections: who sees what, what is wrong and how it says so."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.inspections import services
from bihuan.mechanisms.inspections.models import Check, Finding, Mark, Part, Record, Standing
from bihuan.mechanisms.inspections.tests.conftest import DAY, HOUR, SOON, TODAY

LATER = NOW + 2 * HOUR
JSON = "application/json"


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
def later(bureau):
    with clock.at(LATER):
        yield


def form(bureau, department="housing", **given):
    """What the form of a check sends."""
    values = {
        "enterprise": bureau.firm.uscc,
        "on": SOON.isoformat(),
        "kind": "planned",
        "items": [str(bureau.items[department].id)],
        "officers": [str(one.id) for one in bureau.officers[department]],
    }
    return values | given


def test_a_check_goes_through_the_pages(bureau):
    office = browser(bureau.liaison())
    assert office.get("/inspections/new/").status_code == 200
    asked = office.post("/inspections/new/", form(bureau) | {"ask": "yes"})
    assert b"It may be registered" in asked.content
    with database.writing():
        assert not Check.objects.exists()
    made = office.post("/inspections/new/", form(bureau))
    assert made.status_code == 302
    path = made["Location"]
    head = browser(bureau.liaison(role="department_head"))
    assert b"Approve our part" in head.get(path).content
    assert head.post(f"{path}do/approve/").status_code == 302
    firm = browser(bureau.owner)
    assert "housing 局" in firm.get("/inspections/mine/").content.decode()
    for form_ in ("pdf", "docx"):
        assert firm.get(f"{path}notice.{form_}").status_code == 200
    assert firm.get(f"{path}result.pdf").status_code == 404
    item = bureau.items["housing"].id
    with clock.at(NOW + 3 * DAY):
        assert office.post(f"{path}do/arrive/", {"unscanned": "门口没有码"}).status_code == 302
        found = {f"outcome-{item}": "ordered", f"severity-{item}": "minor", f"text-{item}": "缺一具", "text": "请整改"}
        assert office.post(f"{path}do/report/", found).status_code == 302
        assert "缺一具" in firm.get(path).content.decode()
        assert firm.get(f"{path}result.pdf").content[:5] == b"%PDF-"
        assert firm.post(f"{path}rate/", {}).status_code == 422
        assert firm.post(f"{path}rate/", {"level": "2", "reasons": ["again"]}).status_code == 302
        assert b"You have rated it" in firm.get("/inspections/mine/").content
        shown = office.get(path).content.decode()
        assert "rated" not in shown.lower().replace("operated", "")


def test_what_the_gate_refuses_says_why_and_what_would_be_allowed(bureau):
    office = browser(bureau.liaison())
    given = form(bureau, on="2026-11-21", officers=[str(bureau.officers["housing"][0].id)])
    made = office.post("/inspections/new/", given)
    page = office.get(made["Location"]).content.decode()
    for words in ("the law asks for 2", "行政处罚法 §42", "The next allowed day is 2026-11-23"):
        assert words in page
    api = caller(bureau.liaison()).post("/api/v1/inspections/checks", given, content_type=JSON)
    assert (api.status_code, api.json()["code"]) == (409, "gate_refused")
    assert [one["code"] for one in api.json()["reasons"]] == ["officers_few", "not_workday"]
    assert api.headers["Content-Type"] == "application/problem+json"


def test_rest_asks_books_joins_and_reports(bureau):
    api, water = caller(bureau.liaison()), caller(bureau.liaison("water"))
    asked = api.post("/api/v1/inspections/gate", form(bureau), content_type=JSON).json()
    assert asked == {"grade": "B", "passes": True, "reasons": []}
    made = api.post("/api/v1/inspections/checks", form(bureau), content_type=JSON)
    assert made.status_code == 201, made.content
    path = f"/api/v1/inspections/checks/{made.json()['id']}"
    given = form(bureau, "water")
    joined = water.post(f"{path}/actions/join", given, content_type=JSON)
    assert [one["department"] for one in joined.json()["parts"]] == ["housing", "water"]
    for department in ("housing", "water"):
        head = caller(bureau.liaison(department, role="department_head"))
        assert head.post(f"{path}/actions/approve", {}, content_type=JSON).status_code == 200
    with clock.at(NOW + 3 * DAY):
        api = caller(bureau.liaison())
        assert "arrive" in api.get(path).json()["available_actions"]
        assert api.post(f"{path}/actions/arrive", {"unscanned": "x"}, content_type=JSON).json()["state"] == "arrived"
        results = {str(bureau.items[one].id): {"outcome": "fine"} for one in ("housing", "water")}
        body = {"text": "完", "results": results}
        assert api.post(f"{path}/actions/report", body, content_type=JSON).json()["state"] == "done"
        firm = caller(bureau.owner)
        assert firm.post(f"{path}/rating", {"level": 1}, content_type=JSON).status_code == 204
        assert firm.post(f"{path}/rating", {"level": 1}, content_type=JSON).json()["code"] == "rated"
    with database.writing():
        assert Mark.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("checks", {"on": "soon"}, "on"),
        ("checks", {"items": "x"}, "items"),
        ("checks", {"items": ["x"]}, "items"),
        ("checks", {"items": ["00000000-0000-7000-8000-000000000000"]}, "items"),
        ("checks", {"officers": ["00000000-0000-7000-8000-000000000000"]}, "officers"),
        ("checks", {"kind": "urgent"}, "reason"),
        ("checks", {"enterprise": "91"}, "enterprise"),
    ],
)
def test_bad_input_is_named(bureau, path, body, field):
    answer = caller(bureau.liaison()).post(f"/api/v1/inspections/{path}", form(bureau) | body, content_type=JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_lists_and_the_public_page(bureau):
    public = browser()
    page = public.get("/inspections/items/")
    assert (page.status_code, "housing 的检查事项" in page.content.decode()) == (200, True)
    listed = public.get(f"/api/v1/inspections/items?region={DISTRICT}&category=fire").json()["items"]
    assert {one["code"] for one in listed} == {"housing-1", "water-1"}
    office = browser(bureau.liaison("tax"))
    given = {
        "department": "tax",
        "code": "T-1",
        "name": "账簿",
        "category": "tax",
        "on_site": "no",
        "basis": "税收征管法",
    }
    assert office.post("/inspections/lists/item/", given).status_code == 302
    justice = browser(bureau.justice)
    for name in ("item", "power", "officer", "sheltered"):
        assert justice.get(f"/inspections/lists/{name}/").status_code == 200
    assert justice.get("/inspections/lists/nonsense/").status_code == 404
    api = caller(bureau.justice)
    row = api.get("/api/v1/inspections/lists/item?state=drafted").json()["items"][0]
    assert row["available_actions"] == ["publish", "withdraw"]
    took = api.post(f"/api/v1/inspections/lists/item/{row['id']}/actions/publish", {}, content_type=JSON)
    assert took.json()["state"] == "published"
    officer = bureau.officers["housing"][0]
    recusal = {"enterprise": bureau.firm.uscc, "text": "亲属持股"}
    path = f"/inspections/lists/officer/{officer.id}/do/recuse/"
    assert browser(bureau.liaison()).post(path, recusal).status_code == 302
    assert bureau.ask() == ["officers_few", "officer_recused"]


def test_classes_for_enforcers_and_the_enterprise_itself(bureau):
    bureau.rule("jiaozhou")
    bureau.record()
    assert browser(bureau.justice).post("/inspections/classes/rate/", {"year": "2026"}).status_code == 302
    with database.writing():
        standing = Standing.objects.get(enterprise=bureau.firm)
    path = f"/inspections/classes/{standing.id}/"
    for actor in (bureau.owner, bureau.liaison(), bureau.liaison("water"), bureau.justice):
        page = browser(actor).get(path)
        assert (page.status_code, "灭火器过期" in page.content.decode()) == (200, True)
    for actor in (bureau.stranger, bureau.staff("system_admin")):
        assert browser(actor).get(path).status_code == 404
    owner = caller(bureau.owner)
    (row,) = owner.get("/api/v1/inspections/classes").json()["items"]
    assert (row["grade"], row["points"], row["available_actions"]) == ("B", 3, ["object_class"])
    assert browser(bureau.owner).post(f"{path}do/object_class/", {"text": "已经换了"}).status_code == 302
    assert browser(bureau.justice).post(f"{path}do/reject/", {"text": "当时没换"}).status_code == 302
    assert browser(bureau.liaison()).get("/inspections/classes/?grade=B").status_code == 200
    record = {
        "enterprise": bureau.firm.uscc,
        "on": "2026-01-05",
        "category": "tax",
        "severity": "minor",
        "text": "晚报",
    }
    assert browser(bureau.liaison()).post("/inspections/classes/records/", record).status_code == 302
    api = caller(bureau.justice).post(
        "/api/v1/inspections/classes",
        {"region": DISTRICT, "enterprise": bureau.firm.uscc, "text": "新记录"},
        content_type=JSON,
    )
    assert api.json() == {"classes": {"B": 1}}


ROLES = {
    "justice": lambda made: made.justice,
    "leader": lambda made: made.staff("leader"),
    "body": lambda made: made.liaison(),
    "head": lambda made: made.liaison(role="department_head"),
    "other body": lambda made: made.liaison("tax"),
    "owner": lambda made: made.owner,
    "stranger": lambda made: made.stranger,
    "deputy": lambda made: made.staff("deputy"),
    "observer": lambda made: made.staff("observer"),
    "admin": lambda made: made.staff("system_admin"),
}


@pytest.mark.parametrize("who", ROLES)
def test_who_sees_a_check_and_nobody_how_it_was_rated(bureau, who):
    check = bureau.made(on=TODAY)
    open_ = bureau.book(firm=bureau.other_firm)
    services.rate_check(check_id=check.id, level=1, reasons=["gifts"], actor=bureau.owner, now=LATER)
    actor = ROLES[who](bureau)
    api, page = caller(actor), browser(actor)
    sees = who in {"justice", "leader", "body", "head", "owner"}
    one = api.get(f"/api/v1/inspections/checks/{check.id}")
    assert one.status_code == (200 if sees else 404)
    listed = {row["id"] for row in api.get("/api/v1/inspections/checks").json()["items"]}
    assert (str(check.id) in listed) is sees
    # Another body of the region sees an open check, for it may go along.
    joins = who in {"other body"}
    there = sees and who != "owner"
    assert api.get(f"/api/v1/inspections/checks/{open_.id}").status_code == (200 if there or joins else 404)
    shown = one.content.decode() + page.get(f"/inspections/{check.id}/").content.decode()
    for secret in ("gifts", "Asked for or took"):
        assert secret not in shown
    if who in {"body", "head", "other body"}:
        assert "The enterprise rated it" not in shown


@pytest.mark.parametrize("who", ["justice", "body", "owner", "stranger", "other body"])
def test_the_second_wall_says_the_same(bureau, who):
    check = bureau.made(on=TODAY)
    bureau.book(firm=bureau.other_firm)
    bureau.record()
    services.rate_check(check_id=check.id, level=1, reasons=[], actor=bureau.owner, now=LATER)
    with database.reading(ROLES[who](bureau).scope()):
        counts = [model.objects.count() for model in (Check, Part, Finding, Record, Mark)]
    seen = {"justice": 2, "body": 2, "owner": 1, "stranger": 0, "other body": 0}[who]
    assert counts == [seen, 0, 0, 0, 0]


def test_the_door_lists_todays_checks_of_the_readers_body(bureau):
    bureau.approve(bureau.book(on=TODAY))
    text = browser(bureau.liaison()).get("/inspections/door/abc/").content.decode()
    assert bureau.firm.name in text
    assert bureau.firm.name not in browser(bureau.liaison("water")).get("/inspections/door/abc/").content.decode()


def test_lists_cost_the_same_for_few_and_many(bureau, firm_of, django_assert_max_num_queries):
    for serial in range(300, 312):
        firm = firm_of(serial)
        bureau.book(firm=firm)
        bureau.rate(firm)
    office = browser(bureau.justice)
    for path, most in (("/inspections/", 30), ("/inspections/classes/", 32), ("/inspections/lists/officer/", 26)):
        office.get(path)
        with django_assert_max_num_queries(most):
            office.get(path)


def test_the_gate_asks_few_questions(bureau, django_assert_max_num_queries):
    bureau.ask()
    with django_assert_max_num_queries(12):
        bureau.ask()


def test_the_page_of_the_firm_shows_class_and_checks(bureau):
    check = bureau.book()
    bureau.rate()
    page = browser(bureau.justice).get(f"/firms/{bureau.firm.uscc}/").content.decode()
    assert check.number in page
    assert check.number not in browser(bureau.owner).get(f"/firms/{bureau.firm.uscc}/").content.decode()
