"""Home by role, the inbox, and pages that say whose they are."""

from unittest import mock

import pytest
import structlog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, errors

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


HOMES = {
    "coordinator": "/queue/",
    "leader": "/queue/",
    "deputy": "/queue/",
    "seat": "/desk/",
    "audit_admin": "/administration/",
}


@pytest.mark.parametrize(("role", "place"), HOMES.items())
def test_everybody_comes_home_to_their_first_screen(district, role, place):
    answer = browser(district.staff(role)).get("/", follow=True)
    assert answer.redirect_chain[0][0] == place
    assert answer.status_code == 200


def test_strangers_come_to_the_page_on_which_anybody_raises_a_matter(district):
    answer = Client().get("/", follow=True)
    assert answer.redirect_chain == [("/my/", 302)]
    page = answer.content.decode()
    assert 'href="/raise/"' in page
    assert 'href="/accounts/login/"' in page


@pytest.mark.parametrize("address", ["/cases/BH-999901-2611-99999/", "/queue/", "/administration/", "/nowhere/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_outsiders_hear_nothing_of_the_house(district, address, language):
    for client in (browser(district.owner), Client()):
        answer = client.get(address, headers={"Accept-Language": language})
        page = answer.content.decode()
        assert answer.status_code in (302, 403, 404)
        assert "administrator" not in page
        assert "管理员" not in page


def test_outsiders_are_told_how_to_follow_a_matter(district):
    page = browser(district.owner).get("/queue/")
    assert page.status_code == 403
    assert 'href="/track/"' in page.content.decode()


def test_messages_are_read_one_by_one_and_all(district):
    client = browser(district.liaison())
    for place in range(3):
        district.case("accept", "dispatch", title=f"第 {place} 件")
    page = client.get("/inbox/")
    entries = page.context["page"].entries
    assert len(entries) == 3
    assert b"bh-notes" in page.content
    assert client.post(f"/inbox/{entries[0].id}/read/").status_code == 302
    assert len(client.get("/inbox/?unread=1").context["page"].entries) == 2
    client.post("/inbox/read/")
    assert client.get("/inbox/?unread=1").context["page"].entries == ()
    assert browser(district.staff("seat")).post(f"/inbox/{entries[0].id}/read/").status_code == 404


def test_the_inbox_asks_no_more_for_more_messages(district):
    client = browser(district.liaison())
    district.case("accept", "dispatch")
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as few:
        client.get("/inbox/")
    for place in range(4):
        district.case("accept", "dispatch", title=f"第 {place} 件")
    # What a process remembers for seconds may have been forgotten meanwhile.
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as many:
        client.get("/inbox/")
    assert len(many) == len(few) <= 20


def test_a_closed_page_says_whose_it_is(district):
    page = browser(district.staff("audit_admin")).get("/queue/")
    assert page.status_code == 403
    assert page.context["whose"]
    assert page.context["office"]


def test_a_case_of_others_is_not_there(district):
    number = district.case("accept", "dispatch").number
    assert browser(district.liaison("tax")).get(f"/cases/{number}/").status_code == 404


def test_a_broken_cursor_is_no_page(district):
    assert browser(district.liaison()).get("/inbox/?cursor=x").status_code == 404


def test_whatever_a_page_logs_carries_request_and_case(district):
    number = district.case("accept", "dispatch").number
    client = browser(district.staff("coordinator"))
    seen = []

    def note(*_given, **_named):
        seen.append(structlog.contextvars.get_contextvars())
        raise errors.NotFound

    with mock.patch("bihuan.casework.cases.views.pages.case", note):
        answer = client.get(f"/cases/{number}/", headers={"X-Request-ID": "trace-7"})
    assert answer["X-Request-ID"] == "trace-7"
    assert seen == [{"request_id": "trace-7", "number": number}]
    assert structlog.contextvars.get_contextvars() == {}
    assert len(client.get("/inbox/")["X-Request-ID"]) == 32


def test_larger_type_needs_no_script(district):
    client = Client()
    page = client.get("/my/").content.decode()
    assert 'action="/display/"' in page
    assert "data-bh-type" not in page
    answer = client.post("/display/", {"size": "large", "next": "/my/"})
    assert answer["Location"] == "/my/"
    assert 'data-bh-type="large"' in client.get("/my/").content.decode()
    client.post("/display/", {"size": "normal", "next": "/my/"})
    assert "data-bh-type" not in client.get("/my/").content.decode()
    assert client.post("/display/", {"size": "large", "next": "https://elsewhere.example/"})["Location"] == "/"
