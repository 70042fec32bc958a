"""Pages of the register: they open for whom they are, show what they should, and take actions."""

import pytest
from django.test import Client

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    with clock.at(NOW):
        yield factories.District()


def browser(actor) -> Client:
    client = Client()
    client.force_login(
        Person.objects.get(pk=actor.reader.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def test_the_queue_shows_what_is_open(district):
    receipt = district.raised()
    page = browser(district.staff("coordinator")).get("/queue/")
    assert page.status_code == 200
    assert receipt.number in page.content.decode()


def test_the_register_finds_chinese_words(district):
    district.raised(title="污水接驳口被占")
    client = browser(district.staff("coordinator"))
    assert "污水接驳口被占" in client.get("/cases/?q=接驳").content.decode()
    assert "污水接驳口被占" not in client.get("/cases/?q=退税").content.decode()


@pytest.mark.parametrize("ending", ["xlsx", "csv", "jsonl"])
def test_the_register_is_exported(district, ending):
    district.raised()
    answer = browser(district.staff("coordinator")).get(f"/cases/export.{ending}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


def test_a_case_page_offers_the_readers_own_actions(district):
    number = district.raised().number
    page = browser(district.staff("seat")).get(f"/cases/{number}/").content.decode()
    assert 'id="do-accept"' in page
    assert 'id="do-verify_close"' not in page


def test_an_action_is_taken_from_the_page(district):
    number = district.raised().number
    client = browser(district.staff("seat"))
    answer = client.post(f"/cases/{number}/do/accept/", {"tier": "ordinary", "board": "projects"})
    assert answer.status_code == 302
    assert district.fresh(number).state == "accepted"


def test_wrong_input_comes_back_with_what_was_typed(district):
    number = district.raised().number
    answer = browser(district.staff("seat")).post(
        f"/cases/{number}/do/decline/", {"reason": "not_in_scope", "channel": "法院立案庭"}
    )
    assert answer.status_code == 422
    assert "法院立案庭" in answer.content.decode()


def test_nobody_unknown_gets_in(district):
    assert Client().get("/queue/")["Location"].startswith("/accounts/login/")


def test_another_department_does_not_find_the_case(district):
    number = district.case("accept", "dispatch").number
    assert browser(district.liaison("tax")).get(f"/cases/{number}/").status_code == 404
