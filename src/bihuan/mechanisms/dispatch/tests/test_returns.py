"""Objections are counted as they happen; pages and API show each reader those of the matters they may see."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.dispatch import selectors
from bihuan.mechanisms.dispatch.models import Return

from .conftest import WORDS


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def stored() -> list[tuple]:
    with database.writing():
        rows = Return.objects.order_by("id").select_related("came_from", "went_to")
        return [(row.number, row.came_from.code, row.went_to.code if row.went_to else None, row.upheld) for row in rows]


def test_every_objection_and_ruling_is_noted(district):
    district.returned("housing", "water", "tax")
    district.returned("housing", "water", upheld=False)
    waiting = district.returned("water", minute=1)
    district.object(waiting, "water")
    assert stored() == [
        (1, "housing", "water", True),
        (2, "water", "tax", True),
        (1, "housing", None, False),
        (1, "water", None, None),
    ]


def test_a_refused_action_leaves_no_return(district):
    number = district.returned("housing", "water", upheld=False)
    with pytest.raises(errors.Conflict):
        district.object(number, "housing")
    assert len(stored()) == 1


def test_pairs_and_returners(district):
    district.returned("housing", "water")
    district.returned("housing", "water", minute=5)
    district.returned("water", "housing", minute=10)
    found = selectors.counts(actor=district.staff("coordinator"))
    assert [(pair.first.code, pair.second.code, pair.there, pair.back) for pair in found.pairs] == [
        ("housing", "water", 2, 1)
    ]
    assert [(one.department.code, one.objections) for one in found.returners] == [("housing", 2), ("water", 1)]
    recent = selectors.counts(actor=district.staff("coordinator"), since=NOW + dt.timedelta(minutes=10))
    assert (recent.objections, len(recent.pairs)) == (1, 1)


def test_a_department_sees_the_returns_of_its_own_matters_only(district):
    district.returned("housing", "water")
    seen = {name: selectors.counts(actor=district.liaison(name)).objections for name in ("water", "tax")}
    assert seen == {"water": 1, "tax": 0}


def test_waiting_ones_come_oldest_first_and_leave_when_the_matter_ends(district):
    numbers = [district.returned("water", minute=minute) for minute in (0, 5, 10)]
    for number in numbers:
        district.object(number, "water")
    centre = district.staff("coordinator")
    district.act(numbers[1], "withdraw", now=NOW + dt.timedelta(hours=2))
    rows, following = selectors.page(actor=centre, waiting=True, limit=1)
    assert ([row.case.number for row in rows], following) == ([numbers[0]], rows[0].id)
    rows, following = selectors.page(actor=centre, waiting=True, before=following)
    assert ([row.case.number for row in rows], following) == ([numbers[2]], None)
    assert selectors.waiting_count(actor=centre) == 2


@pytest.mark.parametrize("path", ["", "?show=all", "?between=housing,water", "?department=housing", "returns/"])
def test_pages_cost_the_same_for_more_rows(district, path):
    district.returned("housing", "water")
    waiting = district.returned("water", minute=1)
    district.object(waiting, "water")
    client = browser(district.staff("coordinator"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/objections/{path}").status_code == 200
        return len(caught)

    queries()
    before = queries()
    for minute in (5, 10):
        district.returned("housing", "water", minute=minute)
        district.object(district.returned("water", minute=minute + 1), "water")
    assert queries() == before


def test_pages_say_who_returned_what_and_why(district):
    number = district.returned("housing", "water")
    waiting = district.returned("water", minute=1)
    district.object(waiting, "water")
    client = browser(district.staff("coordinator"))
    page = client.get("/objections/").content.decode()
    assert (waiting in page, number in page, WORDS["reason"] in page) == (True, False, True)
    everything = client.get("/objections/?show=all&before=nonsense").content.decode()
    assert number in everything
    counts = client.get("/objections/returns/").content.decode()
    assert "?between=housing,water" in counts
    between = client.get("/objections/?between=water,housing").content.decode()
    assert (number in between, waiting in between) == (True, False)


@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("seat", 403), ("system_admin", 403)])
def test_who_opens_the_pages(district, role, status):
    client = browser(district.staff(role))
    assert {client.get(path).status_code for path in ("/objections/", "/objections/returns/")} == {status}


def test_api_lists_and_counts(district):
    number = district.returned("housing", "water")
    client = browser(district.staff("coordinator"))
    with clock.at(NOW), translation.override("en"):
        listed = client.get("/api/v1/dispatch/objections?department=housing&limit=1").json()
        counted = client.get("/api/v1/dispatch/returns").json()
        wrong = client.get("/api/v1/dispatch/objections?limit=0")
    (item,) = listed["items"]
    assert (item["case"], item["department"], item["went_to"], item["upheld"]) == (number, "housing", "water", True)
    assert listed["next"] is None
    assert counted["pairs"] == [{"first": "housing", "second": "water", "there": 1, "back": 0, "together": 1}]
    assert counted["departments"][0]["objections"] == 1
    assert wrong.status_code == 422


def test_the_database_refuses_a_half_ruling(district):
    district.returned("housing", "water")
    with pytest.raises(IntegrityError), database.writing(), transaction.atomic():
        Return.objects.update(upheld=None)
