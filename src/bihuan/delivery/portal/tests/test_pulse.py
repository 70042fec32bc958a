"""The numbers of the frame are brought by one small answer, and only when they moved."""

import pytest
from django.test import Client

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock

pytestmark = pytest.mark.django_db


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def district():
    with clock.at(NOW):
        yield factories.District()


def test_what_waits_stands_beside_the_entry_and_is_asked_for_again(district):
    number = district.case("accept", "dispatch").number
    client = browser(district.liaison())
    page = client.get("/inbox/").content.decode()
    assert 'id="n-side-cases-queue" hidden' in page  # the page itself counts nothing
    assert 'hx-trigger="load, every 60s, bh:ask"' in page
    answer = client.get("/pulse/", headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert '<span class="n" id="n-side-cases-queue" hx-swap-oob="true">1</span>' in shown
    assert 'hx-trigger="every 60s, bh:ask"' in shown
    known = {"HX-Request": "true", "If-None-Match": answer["ETag"], "X-Bihuan-Poll": "1"}
    assert client.get("/pulse/", headers=known).status_code == 304
    district.act(number, "sign", now=NOW)
    district.case("accept", "dispatch")
    again = client.get("/pulse/", headers=known)
    assert '<span class="n" id="n-side-cases-queue" hx-swap-oob="true">2</span>' in again.content.decode()


def test_the_inbox_asks_again_and_gets_only_what_is_new(district):
    client = browser(district.liaison())
    mark = client.get("/inbox/")["ETag"]
    known = {"HX-Request": "true", "If-None-Match": mark}
    assert client.get("/inbox/", headers=known).status_code == 304
    district.case("accept", "dispatch")
    moved = client.get("/inbox/", headers=known)
    assert (moved.status_code, moved["ETag"] == mark) == (200, False)


def test_strangers_have_no_pulse(district):
    assert Client().get("/pulse/", headers={"HX-Request": "true"}).status_code == 401
