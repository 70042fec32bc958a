"""Matters taken over from a foreign register are matters like any other: they can be looked at and worked on."""

import datetime as dt

import pytest
from django.test import Client

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.rules import facts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import verification

from .test_importing import GOOD, history, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db):
    with database.writing():
        yield factories.District()


PAST = [
    GOOD,
    GOOD | {"source_id": "2", "reply_text": "已答", "replied_at": "2026-03-05 10:00"},
    GOOD | {"source_id": "3", "closed_at": "2026-11-10 11:00", "target_at": "2059-12-31 19:00:00-05:00"},
    GOOD | {"source_id": "4", "target_at": "2026-03-01 09:00"},
]


def test_it_can_be_looked_at(tmp_path, district):
    assert taken(tmp_path, *PAST).imported == 4
    numbers = [case.number for case in Case.objects.order_by("source_id").only("number")]
    with clock.at(NOW):
        client = Client()
        client.force_login(
            Person.objects.get(pk=district.staff("coordinator").person_id),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        pages = [client.get(f"/cases/{number}/") for number in numbers]
        documents = [client.get(f"/api/v1/cases/{number}") for number in numbers]
        traces = [client.get(f"/api/v1/cases/{number}/events") for number in numbers]
    assert {answer.status_code for answer in (*pages, *documents, *traces)} == {200}
    assert all(GOOD["title"] in page.content.decode() for page in pages)
    assert [document.json()["state"] for document in documents] == ["submitted", "replied", "closed", "submitted"]


def test_it_can_be_worked_on(tmp_path, district):
    assert taken(tmp_path, *PAST).imported == 4
    submitted, replied, closed, late = (case.number for case in Case.objects.order_by("source_id").only("number"))
    for number in (submitted, late):
        for minute, action in enumerate(["accept", "dispatch", "sign", "reply", "verify_close"], start=1):
            case = district.act(number, action, now=NOW + dt.timedelta(minutes=minute))
        assert case.state == "closed"
    assert district.act(replied, "verify_return", now=NOW).state == "handling"
    assert district.act(closed, "reopen", now=NOW, actor=district.staff("coordinator")).state == "reopened"
    for case in Case.objects.defer("search"):
        assert facts.replay(history(case)) == facts.to_plain(facts.snapshot(case))
    assert verification.verify().ok
