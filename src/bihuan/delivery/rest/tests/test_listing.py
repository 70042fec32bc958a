"""Lists: filters, order, pages, and what they refuse."""

import datetime as dt

import pytest

from bihuan.casework.cases.factories import NOW
from bihuan.delivery.rest.tests.test_problems import problem

pytestmark = pytest.mark.django_db


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["number"] for item in answer.json()["items"]]


@pytest.fixture
def some(district):
    """Three cases: new, accepted and urgent, dispatched with a co-department."""
    new = district.raised(title="新的")
    accepted = district.raised(title="受理了")
    district.act(accepted.number, "accept", now=NOW)
    dispatched = district.raised(title="派出去了", now=NOW - dt.timedelta(days=3)).number
    district.act(dispatched, "accept", now=NOW, category="finance", tier="complex")
    district.act(dispatched, "dispatch", now=NOW, co=["water"])
    return new.number, accepted.number, dispatched


def test_one_line(api, some, district):
    line = next(item for item in api("seat").get("/cases").json()["items"] if item["number"] == some[2])
    assert line["enterprise"] == {"uscc": district.firm.uscc, "name": district.firm.name}
    assert line["lead_department"] == "housing"
    assert line["co_departments"] == ["water"]
    assert line["tier"] == "complex"
    assert line["category"] == "finance"
    assert line["closed_kind"] is None
    assert line["raised_at"] == (NOW - dt.timedelta(days=3)).isoformat()
    assert line["light"] == "green"
    assert line["overdue"] is False


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {0, 1, 2}),
        ({"state": "submitted"}, {0}),
        ({"state": "submitted,accepted"}, {0, 1}),
        ({"state": " submitted , accepted "}, {0, 1}),
        ({"tier": "complex"}, {2}),
        ({"category": "finance"}, {2}),
        ({"board": "projects"}, {1, 2}),
        ({"department": "housing"}, {2}),
        ({"department": "water"}, set()),
        ({"region": "999901"}, {0, 1, 2}),
        ({"channel": "web"}, {0, 1, 2}),
        ({"channel": "hotline"}, set()),
        ({"overdue": "true"}, set()),
        ({"overdue": "false"}, {0, 1, 2}),
        ({"light": "green"}, {0, 1, 2}),
        ({"light": "red,orange"}, set()),
        ({"since": "2026-11-16"}, {0, 1}),
        ({"until": "2026-11-16"}, {2}),
        ({"since": "2026-11-13T09:00:00+08:00", "until": "2026-11-13T09:00:01+08:00"}, {2}),
        ({"q": "受理"}, {1}),
        ({"q": "派出"}, {2}),
        ({"closed_kind": "resolved"}, set()),
        ({"sort": "due"}, {0, 1, 2}),
    ],
)
def test_filters(api, some, query, expected):
    assert set(numbers(api("seat").get("/cases", query))) == {some[index] for index in expected}


def test_by_enterprise_and_by_number(api, some, district):
    assert len(numbers(api("seat").get("/cases", {"enterprise": district.firm.uscc}))) == 3
    assert numbers(api("seat").get("/cases", {"enterprise": district.other_firm.uscc})) == []
    assert numbers(api("seat").get("/cases", {"q": some[1].lower()})) == [some[1]]


def test_a_parameter_given_twice_is_a_list(api, some):
    assert set(numbers(api("seat").get("/cases?state=submitted&state=accepted"))) == set(some[:2])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"state": "gone"}, "state"),
        ({"state": "submitted,gone"}, "state"),
        ({"tier": "soft"}, "tier"),
        ({"light": "purple"}, "light"),
        ({"channel": "telepathy"}, "channel"),
        ({"category": "nothing"}, "category"),
        ({"board": "nowhere"}, "board"),
        ({"department": "nobody"}, "department"),
        ({"region": "110000"}, "region"),
        ({"region": "xx"}, "region"),
        ({"enterprise": "123"}, "enterprise"),
        ({"closed_kind": "forgotten"}, "closed_kind"),
        ({"overdue": "perhaps"}, "overdue"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-11-16T09:00:00"}, "since"),
        ({"since": "99999"}, "since"),
        ({"until": "2026-13-01"}, "until"),
        ({"sort": "title"}, "sort"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "9" * 40}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "broken"}, "cursor"),
        ({"cursor": "bnVsbA"}, "cursor"),
        ({"q": "x" * 201}, "q"),
        ({"q": "\x00"}, "q"),
    ],
)
@pytest.mark.parametrize("who", ["seat", "owner"])
def test_an_unknown_filter_or_value_is_named(api, who, query, field):
    answer = api(who).get("/cases", query)
    assert answer.status_code == 422, answer.content
    assert answer.json()["field"] == field


def test_what_looks_like_sql_is_text(api, some):
    assert numbers(api("seat").get("/cases", {"q": "'; drop table cases_case; --"})) == []
    assert numbers(api("seat").get("/cases", {"q": "& | ! ( ) <-> :*"})) == []
    assert len(numbers(api("seat").get("/cases"))) == 3


@pytest.mark.parametrize("sort", ["due", "-raised_at"])
def test_pages_join_without_gap_or_repetition(api, district, sort):
    for hour in range(5):
        district.raised(now=NOW - dt.timedelta(hours=hour % 3))
    whole = numbers(api("seat").get("/cases", {"sort": sort}))
    found, cursor = [], None
    while True:
        page = api("seat").get("/cases", {"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        found += [item["number"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == whole
    assert len(found) == 5


def test_alerts_hold_what_is_no_longer_green(api, district, some):
    assert api("seat").get("/alerts").json()["items"] == []
    late = district.raised(now=NOW - dt.timedelta(days=10)).number
    answer = api("seat").get("/alerts").json()
    assert [item["number"] for item in answer["items"]] == [late]
    assert answer["items"][0]["light"] == "red"
    assert answer["counts"]["total"] == 4
    assert answer["counts"]["overdue"] == 1
    assert numbers(api("seat").get("/alerts", {"light": "yellow"})) == []
    problem(api("seat").get("/alerts", {"light": "purple"}), 422, "unknown_value", "light")


def test_the_trace_is_worded_in_the_callers_language(api, some):
    events = api("seat").get(f"/cases/{some[2]}/events").json()["items"]
    assert [event["kind"] for event in events] == ["case.raised", "case.accepted", "case.dispatched"]
    assert events[1]["actor"] == "seat"
    assert events[1]["text"] == "seat accepted the matter"
    assert [event["seq"] for event in events] == [1, 2, 3]


def test_the_receipt_is_the_hash_of_the_first_fact(api, matter):
    raised = api("owner").post("/cases", matter).json()
    event = api("owner").get(f"/cases/{raised['number']}/events").json()["items"][0]
    assert raised["receipt"]["hash"] == event["hash"]
    assert raised["receipt"]["algorithm"] in ("sm3", "sha256")
