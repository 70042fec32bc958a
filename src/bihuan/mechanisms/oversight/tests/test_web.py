"""Pages and API of oversight: what each reader finds there, and that the forms go where they say."""

import re

import pytest
from django.test import Client

from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.oversight.tests.conftest import LATE


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_registers_and_one_order_are_there(watch):
    case, order = watch.overdue()
    office = browser(watch.staff("supervision_office"))
    with clock.at(LATE):
        for path in ("orders/", "orders/?state=closed", "orders/?before=x", "lists/warning/"):
            assert office.get(f"/oversight/{path}").status_code == 200
        page = office.get(f"/oversight/orders/{order.id}/")
        assert order.number in page.content.decode()
        assert order.number in office.get(f"/cases/{case.number}/").content.decode()
        assert office.get("/oversight/lists/nonsense/").status_code == 404
        assert browser(watch.owner).get("/oversight/orders/").status_code == 403


@pytest.mark.parametrize(("language", "words"), [("en", ("Overdue", "At risk")), ("zh-hans", ("超期", "预警"))])
def test_lights_are_named_in_the_language_of_the_reader(watch, language, words):
    _case, order = watch.overdue()
    office = browser(watch.staff("supervision_office"))
    with clock.at(LATE):
        for path in ("orders/", f"orders/{order.id}/", "lists/warning/"):
            shown = office.get(f"/oversight/{path}", headers={"Accept-Language": language}).content.decode()
            marks = re.findall(r'<span class="bh-light[^"]*">.*?</span>', shown, re.DOTALL)
            assert marks
            assert any(word in one for word in words for one in marks), (path, marks)
            assert all(ord(letter) < 0x3000 for one in marks for letter in one) == (language == "en"), (path, marks)


def test_forms_do_what_they_say(watch):
    _case, order = watch.overdue()
    with clock.at(LATE):
        office = browser(watch.staff("supervision_office"))
        approved = office.post(f"/oversight/orders/{order.id}/do/approve/", {"text": "三日内办结"})
        assert (approved.status_code, approved.headers["Location"]) == (302, f"/oversight/orders/{order.id}/")
        assert office.post(f"/oversight/orders/{order.id}/do/approve/", {"text": "再次"}).status_code == 409
        assert office.post(f"/oversight/orders/{order.id}/do/nonsense/", {"text": "x"}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("supervision_office", 200), ("coordinator", 403), ("stranger", 404)])
def test_the_api_does_what_the_pages_do(watch, who, status):
    case, order = watch.overdue()
    actor = watch.stranger if who == "stranger" else watch.staff(who)
    with clock.at(LATE):
        token = accounts.issue_token(person_id=actor.person_id, name="t", now=LATE)
        client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})
        path = f"/api/v1/oversight/orders/{order.id}"
        took = client.post(f"{path}/actions/approve", {"text": "三日内办结"}, content_type="application/json")
        assert took.status_code == status
        assert client.get(path).status_code == (404 if who == "stranger" else 200)
        listed = client.get("/api/v1/oversight/orders?state=open").json()["items"]
        assert [one["case"] for one in listed] == ([] if who == "stranger" else [case.number])
        warned = client.get("/api/v1/oversight/lists/warning").json()["items"]
        assert len(warned) == (0 if who == "stranger" else 1)


def test_lists_cost_the_same_for_few_and_many(watch, django_assert_max_num_queries):
    for _one in range(4):
        watch.overdue()
    office = browser(watch.staff("supervision_office"))
    with clock.at(LATE):
        office.get("/oversight/orders/")
        with django_assert_max_num_queries(25):
            office.get("/oversight/orders/")


def test_the_letter_of_an_order_is_a_file_on_the_page_and_in_the_api(watch):
    _case, order = watch.overdue()
    who = watch.staff("supervision_office")
    office, pages = browser(who), f"/oversight/orders/{order.id}/"
    with clock.at(LATE):
        assert "/letter/" not in office.get(pages).content.decode()
        assert office.get(f"{pages}letter/pdf/").status_code == 404
        for action in ("approve", "issue"):
            watch.take(order, action, actor=who, now=LATE)
        assert f"{pages}letter/pdf/" in office.get(pages).content.decode()
        pdf, word = (office.get(f"{pages}letter/{form}/") for form in ("pdf", "docx"))
        assert (pdf.content[:5], word.content[:2]) == (b"%PDF-", b"PK")
        assert office.get(f"{pages}letter/ofd/").status_code == 404
        token = accounts.issue_token(person_id=who.person_id, name="t", now=LATE)
        client = Client(headers={"Authorization": f"Bearer {token}"})
        assert client.get(f"/api/v1/oversight/orders/{order.id}/letter/pdf").content == pdf.content
        assert browser(watch.owner).get(f"{pages}letter/pdf/").status_code == 403
