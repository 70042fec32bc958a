"""Open311 GeoReport v2: services, definitions, entering and reading requests, in both formats."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger

pytestmark = pytest.mark.django_db
ROOT = "/open311/v2"


@pytest.fixture
def key(api) -> str:
    return api("seat").headers["Authorization"].removeprefix("Bearer ")


def get(path: str, **query: str):
    return Client().get(f"{ROOT}/{path}", query, headers={"Accept-Language": "en"})


def post(**said: str):
    return Client().post(f"{ROOT}/requests.json", said, headers={"Accept-Language": "en"})


def test_services_in_both_formats(district):
    services = get("services.json", jurisdiction_id="999901").json()
    assert {one["service_code"] for one in services} >= {"finance", "approval"}
    assert next(one for one in services if one["service_code"] == "finance")["service_name"] == "Finance"
    root = ElementTree.fromstring(get("services.xml", jurisdiction_id="999901").content)
    assert root.tag == "services"
    assert [one.findtext("service_code") for one in root] == [one["service_code"] for one in services]


def test_the_only_jurisdiction_need_not_be_named(district):
    assert get("services.json").status_code == 200


def test_a_definition(district):
    found = get("services/finance.json").json()
    assert [one["code"] for one in found["attributes"]] == ["enterprise", "title", "place"]
    root = ElementTree.fromstring(get("services/finance.xml").content)
    assert root.findtext("attributes/attribute/code") == "enterprise"


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("services.json", {"jurisdiction_id": "110000"}, 404),
        ("services.json", {"jurisdiction_id": "sf"}, 404),
        ("services/nothing.json", {}, 404),
        ("requests.json", {}, 403),
        ("requests.json", {"api_key": "forged"}, 403),
        ("requests/BH-999901-2611-00001.json", {}, 403),
    ],
)
def test_errors_are_told_in_the_standards_way(district, path, query, status):
    answer = get(path, **query)
    assert answer.status_code == status
    assert answer.json() == [{"code": status, "description": answer.json()[0]["description"]}]
    assert answer.json()[0]["description"]
    root = ElementTree.fromstring(get(path.replace(".json", ".xml"), **query).content)
    assert root.findtext("error/code") == str(status)


def test_a_request_from_entering_to_closing(district, at_work, key):
    said = {
        "service_code": "finance",
        "jurisdiction_id": "999901",
        "description": "贷款审批三个月没有结果。银行不答复。",
        "address_string": "环城北路 8 号",
        "email": "someone@example.org",
        "attribute[enterprise]": district.firm.uscc,
    }
    entered = post(**said)
    assert entered.status_code == 200, entered.content
    number = entered.json()[0]["service_request_id"]
    assert "follow-up code" in entered.json()[0]["service_notice"]
    case = district.fresh(number)
    assert (case.title, case.channel, case.category) == ("贷款审批三个月没有结果", "open311", "finance")
    assert case.enterprise_id == district.firm.id
    (shown,) = get(f"requests/{number}.json", api_key=key).json()
    assert shown["status"] == "open"
    assert shown["address"] == "环城北路 8 号"
    assert dt.datetime.fromisoformat(shown["requested_datetime"]) == NOW
    for action in "accept dispatch sign reply verify_close".split():
        district.act(number, action, now=NOW)
    (shown,) = get(f"requests/{number}.json", api_key=key).json()
    assert shown["status"] == "closed"
    assert shown["status_notes"] == "复验通过"
    assert shown["agency_responsible"]
    root = ElementTree.fromstring(get(f"request/{number}.xml", api_key=key).content)
    assert root.findtext("request/service_request_id") == number


def test_without_an_enterprise_it_is_anonymous(district, at_work):
    number = post(service_code="other", description="x", lat="30.1", long="120.2").json()[0]["service_request_id"]
    assert district.fresh(number).anonymous
    assert district.fresh(number).place == "30.1, 120.2"


@pytest.mark.parametrize("who", ["owner", "observer", "seat"])
def test_without_an_enterprise_nobody_is_written_down_whosever_key_it_is(api, district, at_work, who):
    key = api(who).headers["Authorization"].removeprefix("Bearer ")
    number = post(service_code="other", description="x", api_key=key).json()[0]["service_request_id"]
    case = district.fresh(number)
    with database.writing():
        facts = ledger.history(case.id)
    assert (case.anonymous, case.raised_by) == (True, None)
    assert [fact.actor_id for fact in facts] == [None]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"service_code": "nothing", "description": "x"}, 404),
        ({"service_code": "other"}, 422),
        ({"service_code": "other", "description": "x", "attribute[enterprise]": "123"}, 422),
        ({"service_code": "other", "description": "x", "api_key": "forged"}, 403),
        ({"service_code": "other", "description": "x", "jurisdiction_id": "1"}, 404),
    ],
)
def test_a_wrong_request_is_refused(district, at_work, said, status):
    answer = post(**said)
    assert answer.status_code == status
    assert answer.json()[0]["code"] == status


def test_a_list_is_narrowed(district, at_work, key):
    new = district.raised().number
    closed = district.raised().number
    for action in "accept dispatch sign reply verify_close".split():
        district.act(closed, action, now=NOW)
    old = district.raised(now=NOW - dt.timedelta(days=100)).number

    def listed(**query: str) -> set[str]:
        answer = get("requests.json", api_key=key, **query)
        assert answer.status_code == 200, answer.content
        return {one["service_request_id"] for one in answer.json()}

    assert listed() == {new, closed}
    assert listed(status="open") == {new}
    assert listed(status="closed") == {closed}
    assert listed(service_request_id=f"{old},{new},nothing") == {old, new}
    assert listed(service_code="approval") == {closed}
    assert listed(start_date="2026-08-01T00:00:00Z") == {new, closed, old}
    assert get("requests.json", api_key=key, status="lost").status_code == 400
    assert get("requests.json", api_key=key, start_date="lost").status_code == 400


def test_a_key_sees_what_its_holder_sees(district, at_work, api):
    district.raised(actor=district.stranger, enterprise=district.other_firm.uscc)
    own = api("owner").headers["Authorization"].removeprefix("Bearer ")
    assert get("requests.json", api_key=own).json() == []


def test_a_session_alone_enters_nothing(district, at_work):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"{ROOT}/requests.json", {"service_code": "other", "description": "x"})
    assert answer.status_code == 200
    assert client.put(f"{ROOT}/requests.json").status_code == 405
