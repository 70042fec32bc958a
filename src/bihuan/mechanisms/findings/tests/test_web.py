"""Pages and API of findings: who finds what there, and that forms go where they say."""

import pytest
from django.test import Client

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.mechanisms.findings.models import Finding
from bihuan.mechanisms.findings.tests.conftest import HOUR

LATER = NOW + 2 * HOUR
SECRET = "只有督查的人知道的一句话"
INSIDE = {"supervision_office", "discipline", "leader"}
EVERYBODY = (
    *sorted(INSIDE), "department", "other_department", "coordinator", "catch_all", "seat", "deputy", "observer",
    "special_supervisor", "justice_supervisor", "board_head", "owner", "system_admin", "audit_admin",
)  # fmt: skip


def actor_of(patrol, who):
    if who in ("department", "other_department"):
        return patrol.liaison("housing" if who == "department" else "tax")
    if who == "board_head":
        return patrol.person("board", "board_head", board="projects")
    return patrol.owner if who == "owner" else patrol.staff(who)


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def api(actor) -> Client:
    token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATER)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "zh-hans"})


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("who", EVERYBODY)
def test_role_by_role_only_readers_learn_of_it(patrol, who, asked):
    item = patrol.enter(title=SECRET, text=SECRET)
    item = patrol.take(item, "ask", text=SECRET) if asked else item
    may = who in INSIDE or (asked and who == "department")
    actor = actor_of(patrol, who)
    with clock.at(LATER):
        pages, client = browser(actor), api(actor)
        assert (pages.get(f"/findings/{item.id}/").status_code == 200) == may
        assert client.get(f"/api/v1/findings/{item.id}").status_code == (200 if may else 404)
        for path in ("/findings/", "/findings/?on_list=found_problems", "/findings/figures/", "/api/v1/findings"):
            content = (client if path.startswith("/api") else pages).get(path).content.decode()
            assert may or SECRET not in content, path
            assert may or str(item.id) not in content, path
        listed = client.get("/api/v1/findings").json()["items"]
        assert [row["id"] for row in listed] == ([str(item.id)] if may else [])
        with database.reading(actor.scope()):
            assert Finding.objects.count() == int(may), "second wall"
        if not may:
            took = client.post(
                f"/api/v1/findings/{item.id}/actions/ask", {"text": "x"}, content_type="application/json"
            )
            assert took.status_code == 404


def test_pages_do_what_they_say(patrol):
    office, liaison = browser(patrol.office), browser(patrol.liaison())
    with clock.at(LATER):
        form = {"what": "plan", "title": "看窗口", "on": "2026-11-20", "department": "", "text": ""}
        path = office.post("/findings/new/", form).headers["Location"]
        assert "看窗口" in office.get("/findings/?on_list=supervision_items").content.decode()
        office.post(f"{path}do/find/", {"text": "中午没人", "department": "housing"})
        assert "看窗口" in office.get("/findings/?on_list=found_problems").content.decode()
        page = office.get(path).content.decode()
        assert all(f"{path}do/{name}/" in page for name in ("ask", "suggest", "coordinate", "hand_over", "dismiss"))
        assert office.post(f"{path}do/ask/", {"text": "请整改"}).status_code == 302
        assert liaison.post(f"{path}do/answer/", {"text": "已排班"}).status_code == 302
        assert "要查" not in liaison.get(path).content.decode()
        assert liaison.post(f"{path}do/write_off/", {"text": "x"}).status_code == 403
        assert office.post(f"{path}do/write_off/", {"text": "现场看过"}).status_code == 302
        assert "看窗口" in office.get("/findings/?only=look").content.decode()
        for query in ("", "?on_list=x", "?only=x", "?nature=single", "?before=x"):
            assert office.get(f"/findings/{query}").status_code == 200
        assert liaison.get("/findings/new/").status_code == 403
        assert browser(patrol.owner).get("/findings/").status_code == 403


def test_a_clue_is_handed_over_by_page_and_receipt_is_shown_once(patrol):
    office = browser(patrol.office)
    item = patrol.enter(title=SECRET)
    with clock.at(LATER):
        answer = office.post(f"/findings/{item.id}/do/hand_over/", {"text": "可查", "person": "张某"})
        assert answer.status_code == 200
        assert patrol.stored(item).receipt[1] in answer.content.decode()
        assert SECRET not in answer.content.decode()
        assert office.get(f"/findings/{item.id}/").status_code == 404


def test_the_api_does_what_the_pages_do(patrol):
    office, liaison = api(patrol.office), api(patrol.liaison())
    json = {"content_type": "application/json"}
    with clock.at(LATER):
        item = {"region": DISTRICT, "title": "看台账", "on": "2026-11-20"}
        made = office.post("/api/v1/findings", item, **json)
        assert (made.status_code, made.json()["on_list"]) == (201, "supervision_items")
        body = {"region": DISTRICT, "title": "重复要材料", "text": "三次", "department": "housing"}
        refused = liaison.post("/api/v1/findings", body, **json)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        door = f"/api/v1/findings/{office.post('/api/v1/findings', body, **json).json()['id']}"
        asked = office.post(f"{door}/actions/ask", {"text": "请整改"}, **json).json()
        assert (asked["state"], asked["nature"]) == ("asked", "single")
        assert liaison.get(door).json()["available_actions"] == ["answer"]
        assert office.get("/api/v1/findings/figures").json()["counts"] == {
            "planned": 1,
            "found": 1,
            "single": 1,
            "clue": 0,
        }
        again = office.post("/api/v1/findings", body, **json).json()["id"]
        receipt = office.post(f"/api/v1/findings/{again}/actions/hand_over", {"text": "可查"}, **json)
        assert (receipt.status_code, set(receipt.json())) == (201, {"number", "seal", "received_at"})
        assert office.get(f"/api/v1/findings/{again}").status_code == 404


def test_the_case_page_shows_findings_to_supervision_alone(patrol):
    case = patrol.case("accept", "dispatch", "sign")
    item = patrol.enter(title=SECRET, case=case.number)
    with clock.at(LATER):
        assert str(item.id) in browser(patrol.office).get(f"/cases/{case.number}/").content.decode()
        for actor in (patrol.owner, patrol.staff("coordinator"), patrol.liaison()):
            assert SECRET not in browser(actor).get(f"/cases/{case.number}/").content.decode()


def test_lists_cost_the_same_for_few_and_many(patrol, django_assert_max_num_queries):
    for number in range(6):
        patrol.until(patrol.enter(title=f"问题{number}"), "ask")
    office = browser(patrol.office)
    with clock.at(LATER):
        office.get("/findings/")
        with django_assert_max_num_queries(25):
            office.get("/findings/")
        with django_assert_max_num_queries(25):
            office.get("/findings/figures/")
