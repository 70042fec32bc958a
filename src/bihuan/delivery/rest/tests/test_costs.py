"""What the hot operations may cost the database. A number that grows here grows everywhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases.factories import NOW

pytestmark = pytest.mark.django_db


def statements(call) -> list[str]:
    """Return the statements of a call, after one call that filled the memories of this process."""
    call()
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code < 300, answer.content
    return [query["sql"] for query in captured]


REMEMBERED = (
    "SAVEPOINT",
    "workcalendar_calendarversion",
    "notifications_webhooksubscription",
    "rulebooks_rulebookversion",
)
"""A transaction is a savepoint in a test, and what a process remembers for seconds is asked again in tests."""


def telling(sql: list[str]) -> list[str]:
    """Return the statements that production would send too."""
    return [one for one in sql if not any(word in one for word in REMEMBERED)]


def test_a_list_is_one_query_whatever_it_holds(api, district):
    seat = api("seat")
    for _ in range(3):
        district.raised()
    few = telling(statements(lambda: seat.get("/cases")))
    for _ in range(6):
        district.act(district.raised().number, "accept", now=NOW)
    assert len(few) <= 3, few
    assert len(telling(statements(lambda: seat.get("/cases", {"sort": "due"})))) == len(few)


def test_one_case(api, district):
    number = district.raised().number
    for action, body in (("accept", {}), ("dispatch", {"co": ["water"]}), ("sign", {}), ("submit_plan", {})):
        district.act(number, action, now=NOW, **body)
    found = telling(statements(lambda: api("coordinator").get(f"/cases/{number}")))
    assert len(found) <= 12, found


def test_raising(api, matter):
    owner = api("owner")
    found = telling(statements(lambda: owner.post("/cases", matter)))
    assert len(found) <= 7, found


def test_an_idempotency_key_costs_one_statement(api, matter):
    owner, keys = api("owner"), iter(range(9))
    plain = telling(statements(lambda: owner.post("/cases", matter)))
    keyed = telling(statements(lambda: owner.post("/cases", matter, Idempotency_Key=f"key-{next(keys)}")))
    assert len(keyed) == len(plain) + 1


def test_an_action(api, district):
    numbers = iter([district.raised().number for _ in range(2)])
    seat = api("seat")
    body = {"tier": "ordinary", "board": "projects"}
    found = telling(statements(lambda: seat.post(f"/cases/{next(numbers)}/actions/accept", body)))
    assert len(found) <= 26, found
