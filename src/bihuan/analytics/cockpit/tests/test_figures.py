"""Every number is the length of the list it opens, on the page and by REST, for every figure and dimension."""

import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from django.test import Client

from bihuan.analytics.cockpit import rules, selectors
from bihuan.casework.cases import factories
from bihuan.casework.cases import selectors as cases
from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.forms import FilterForm
from bihuan.casework.cases.models import Case
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.kernel import clock, database

WEEKS = dt.timedelta(days=7)
AT = NOW + 2 * WEEKS
DONE = ("accept", "dispatch", "sign", "reply", "verify_start", "verify_close")


@pytest.fixture(scope="module")
def told(shared):
    """A district with matters in every state that a figure tells apart."""
    with clock.at(NOW):
        made = factories.District()
        made.raised()
        made.case("accept", now=NOW - 5 * WEEKS)
        made.case("accept", "dispatch", "sign")
        made.case("decline")
        made.case("withdraw", channel="mobile")
        made.case(*DONE, "confirm", now=NOW - 5 * WEEKS)
        made.case(*DONE, "deny")
        made.case(*DONE, channel="mobile")
        late = made.case("accept", "dispatch", "sign", now=NOW - 4 * WEEKS)
        for action in ("reply", "verify_close"):
            made.act(late.number, action, now=NOW)
        yield made


@pytest.fixture
def place(db, told):
    """The district; a test adds people of its own."""
    return told.twin()


def browser(actor) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(
        Person.objects.get(pk=actor.reader.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def figures(place, role="leader", **period):
    chosen = rules.chosen(since=period.get("since"), until=period.get("until"), today=AT.date())
    return selectors.figures(actor=place.staff(role), period=chosen, region="", now=AT)


def test_the_figures_are_those_of_the_story(place):
    assert figures(place).total == {
        "collected": 7,
        "closed": 4,
        "achieved": 1,
        "no_response": 0,
        "closed_late": 1,
        "open": 3,
        "open_overdue": 3,
        "left_out": 2,
    }


def test_each_number_opens_exactly_its_cases(place):
    found = figures(place)
    actor = place.staff("leader")
    lines = [(found.total, found.opens)]
    lines += [(line.figures, line.opens) for table in found.tables.values() for line in table]
    assert len(lines) > 15
    for counted, opens in lines:
        for name, value in counted.items():
            form = FilterForm({**opens, "figure": name}, region=factories.DISTRICT, language="en", now=AT)
            listed = cases.every(actor=actor, filters=form.filters(sort="-raised_at"), now=AT)
            assert len(list(listed)) == value, (name, opens)


def test_the_parts_of_each_dimension_are_together_the_whole(place):
    found = figures(place)
    for name, table in found.tables.items():
        for figure, whole in found.total.items():
            assert sum(line.figures[figure] for line in table) == whole, (name, figure)


def test_a_period_leaves_out_what_was_raised_before_or_after(place):
    found = figures(place, since=NOW.date(), until=NOW.date())
    assert (found.total["collected"], found.total["left_out"]) == (4, 2)
    assert figures(place, since=dt.date(2027, 1, 1), until=dt.date(2027, 1, 2)).total["collected"] == 0


def test_everybody_counts_what_they_may_see(place):
    with database.writing():
        led = Case.objects.filter(lead_department=place.department("housing")).count()
    chosen = rules.chosen(since=None, until=None, today=AT.date())
    found = selectors.figures(actor=place.liaison(), period=chosen, region="", now=AT)
    assert found.total["collected"] == led == 5
    assert selectors.figures(actor=place.stranger, period=chosen, region="", now=AT).total["collected"] == 0


def test_the_page_its_links_and_who_may_open_it(place, django_assert_max_num_queries):
    leader = browser(place.staff("leader"))
    with clock.at(AT):
        page = leader.get("/figures/").content.decode()
        links = re.findall(r'href="(/register/\?[^"]+)"', page) or re.findall(r'href="([^"]*figure=[^"]+)"', page)
        assert len(links) > 20
        opened = leader.get(links[0].replace("&amp;", "&")).content.decode()
        assert opened.count("BH-999901-") >= 7
        for path in ("?since=x", "?since=2026-11-01&until=2026-10-01", "?region=999901", "?region=nowhere"):
            assert leader.get(f"/figures/{path}").status_code == 200
        with django_assert_max_num_queries(30):
            leader.get("/figures/")
        for role, status in (("discipline", 200), ("supervision_office", 200), ("seat", 403)):
            assert browser(place.staff(role)).get("/figures/").status_code == status
        assert browser(place.owner).get("/figures/").status_code == 403


def test_the_files_hold_the_same_numbers(place):
    leader = browser(place.staff("leader"))
    with clock.at(AT):
        text = leader.get("/figures/export/csv/").content.decode("utf-8-sig")
        book = openpyxl.load_workbook(io.BytesIO(leader.get("/figures/export/xlsx/").content))
        assert leader.get("/figures/export/pdf/").status_code == 404
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][2:10] == ["7", "4", "1", "0", "1", "3", "3", "2"]
    assert [cell.value for cell in book.worksheets[0][2]][2:10] == [7, 4, 1, 0, 1, 3, 3, 2]
    assert book.worksheets[1]["B1"].value == "2026-11-30 09:00"


def test_by_rest_each_figure_says_what_it_counts_and_opens_its_cases(place):
    leader = browser(place.staff("leader"))
    with clock.at(AT):
        said = leader.get("/api/v1/figures").json()
        for figure in said["figures"]:
            assert figure["definition"]
            assert len(leader.get(figure["cases"]).json()["items"]) == figure["value"], figure["id"]
        assert {one["id"]: one["value"] for one in said["rates"]}["closed_rate"] == pytest.approx(4 / 7)
        assert set(said["by"]) == {"month", "channel", "board", "tier", "region"}
        assert leader.get("/api/v1/figures?region=330114").status_code == 422
        assert browser(place.staff("seat")).get("/api/v1/figures").status_code == 403
