"""Figures for everybody: right, de-identified, kept by browsers."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.casework.cases import factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=10)
ANSWERED = ("accept", "dispatch", "sign", "reply", "verify_start", "verify_close")


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def district():
    """25 raised, 14 closed, 11 of them said to be done; one withdrawn, one raised only today."""
    with clock.at(NOW):
        made = factories.District()
        for place in range(14):
            made.case(*ANSWERED, *(("confirm",) if place < 11 else ()), title=f"内部标题{place}")
        for place in range(14, 25):
            made.raised(title=f"内部标题{place}")
        made.case("withdraw")
        made.raised(now=LATER)
    with clock.at(LATER):
        yield made


def figures() -> dict:
    answer = Client().get(f"/open/{DISTRICT}/figures.json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_counts_and_rates_are_what_happened_until_midnight(district):
    found = figures()
    assert (found["raised"], found["closed"], found["achieved"]) == (25, 14, 11)
    assert found["no_response"] is None
    assert found["closed_rate"] == pytest.approx(14 / 25)
    assert found["achieved_rate"] == pytest.approx(11 / 14)
    assert found["median_working_seconds"] == 180
    assert found["as_of"].startswith("2026-11-26T00:00:00")
    assert [row["raised"] for row in found["tables"]["month"]][-1] == 25 or found["tables"]["month"][-1][
        "raised"
    ] is None


def test_small_numbers_are_hidden(db):
    with clock.at(NOW):
        factories.District().case("accept")
    with clock.at(LATER):
        found = figures()
        page = Client().get(f"/open/{DISTRICT}/").content.decode()
    assert found["raised"] is found["closed"] is found["median_working_seconds"] is None
    assert all(row["raised"] is None for rows in found["tables"].values() for row in rows)
    assert "&lt;10" in page


def test_the_page_says_as_of_and_what_each_figure_means_and_names_nobody(district):
    answer = Client().get("/open/", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/open/{DISTRICT}/", 302)]
    assert "As of 2026-11-26 00:00" in page
    for ident in ("raised", "closed", "achieved", "closing-rate", "achieved-rate", "median"):
        assert f'href="#{ident}"' in page
        assert f'id="{ident}"' in page
    for secret in ("内部标题", district.firm.name, district.firm.uscc, "BH-"):
        assert secret not in page


def test_it_is_counted_once_and_kept_by_browsers(district):
    client = Client()
    path = f"/open/{DISTRICT}/"
    first = client.get(path)
    assert "max-age=600" in first["Cache-Control"]
    with CaptureQueriesContext(connection) as queries:
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not [query for query in queries.captured_queries if "cases_case" in query["sql"]]
    assert client.get(path, headers={"If-None-Match": first["ETag"], "Accept-Language": "zh-hans"}).status_code == 200


@pytest.mark.parametrize("path", ["/open/000000/", "/open/nowhere/", "/open/330113/figures.json"])
def test_other_places_publish_nothing(district, path):
    assert Client().get(path).status_code == 404


def test_each_number_opens_the_cases_behind_it_for_those_who_may_see_them(district):
    client = Client()
    person = Person.objects.get(pk=district.staff("leader").reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/open/{DISTRICT}/")
    counted = {tile.name: (tile.value, tile.url) for tile in page.context["tiles"] if tile.url.startswith("/cases/")}
    assert len(counted) == 3
    for value, url in counted.values():
        assert client.get(url).content.decode().count('<tr role="row" class="is-') == int(value)
    for table in page.context["tables"]:
        for row in table.rows:
            for value, url in row.cells:
                assert not url or client.get(url).content.decode().count('<tr role="row" class="is-') == int(value)
    assert "/cases/" not in Client().get(f"/open/{DISTRICT}/").content.decode()
