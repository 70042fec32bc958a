"""Views that people keep of their lists."""

import pytest
from django.test import Client

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import NOW
from bihuan.delivery.portal import kept
from bihuan.delivery.portal.tests.test_pages import browser
from bihuan.foundation.kernel import clock, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    with clock.at(NOW):
        yield factories.District()


def keep(person, name, query="state=handling", page="register"):
    return kept.keep(person_id=person, page=page, name=name, query=query, now=NOW)


def test_a_view_is_kept_opened_and_removed(district):
    client = browser(district.staff("coordinator"))
    answer = client.post(
        "/views/register/keep/", {"name": " 在办的 ", "query": "?state=handling&cursor=x"}, follow=True
    )
    assert answer.redirect_chain == [("/cases/?state=handling", 302)]
    menu = client.get("/views/register/").content.decode()
    assert 'href="/cases/?state=handling"' in menu
    assert "在办的" in menu
    assert "在办的" not in client.get("/views/queue/").content.decode()
    person = district.staff("coordinator").person_id
    (view,) = kept.of(person_id=person, page="register")
    assert client.post(f"/views/{view.id}/drop/")["Location"] == "/cases/"
    assert kept.of(person_id=person, page="register") == []


def test_a_view_of_the_same_name_is_replaced(district):
    person = district.staff("coordinator").person_id
    keep(person, "我的")
    keep(person, "我的", "state=closed")
    assert [view.url for view in kept.of(person_id=person, page="register")] == ["/cases/?state=closed"]


def test_a_view_is_its_owners_alone(district):
    row = keep(district.staff("coordinator").person_id, "我的")
    other = browser(district.staff("seat"))
    assert "我的" not in other.get("/views/register/").content.decode()
    assert other.post(f"/views/{row.id}/drop/").status_code == 404


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [("", "", "view_name"), ("长" * 21, "", "view_name"), ("好", "q=" + "x" * 1000, "view_long")],
)
def test_what_cannot_be_kept_is_said(district, name, query, code):
    with pytest.raises(errors.Invalid) as refused:
        keep(district.staff("coordinator").person_id, name, query)
    assert refused.value.code == code
    answer = browser(district.staff("coordinator")).post("/views/queue/keep/", {"name": name, "query": query})
    assert answer.status_code == 302


def test_views_have_an_end(district):
    person = district.staff("coordinator").person_id
    for number in range(kept.MOST):
        keep(person, f"第 {number} 个")
    with pytest.raises(errors.Invalid):
        keep(person, "再来一个")
    keep(person, "第 3 个", "state=closed")


def test_only_pages_with_lists_keep_views(district):
    client = browser(district.staff("coordinator"))
    assert client.get("/views/inbox/").status_code == 404
    assert client.post("/views/inbox/keep/", {"name": "好", "query": ""}).status_code == 404
    assert Client().get("/views/queue/").status_code == 302
