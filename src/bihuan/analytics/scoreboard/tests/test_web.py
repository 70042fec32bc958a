"""Doors of the scoreboard: what each reader finds there, in the API, on pages, and in files."""

import csv
import io

import jsonschema_rs
import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from bihuan.analytics.scoreboard import exports, services, wording
from bihuan.analytics.scoreboard.rules.counting import Index
from bihuan.casework.cases.factories import DISTRICT
from bihuan.foundation.accounts.models import Person
from bihuan.foundation.documents import pictures
from bihuan.foundation.kernel import clock
from bihuan.foundation.rulebooks import loader

from .conftest import AFTER, THEN

ROOT = "/api/v1/scoreboard"


def browser(actor) -> Client:
    client = Client()
    person = Person.objects.get(pk=actor.reader.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()


def shown(client, **query):
    answer = client.get(ROOT, {"period": "2026-10", **query})
    assert answer.status_code == 200, answer.content
    return {item["unit"]: item for item in answer.json()["items"]}


def test_each_figure_says_what_it_is_made_of_and_few_matters_have_no_place(month):
    items = shown(browser(month.staff("coordinator")))
    figure = items["housing"]["figures"]["on_time_rate"]
    assert (figure["value"], figure["numerator"], figure["denominator"], figure["excluded"]) == (1, 12, 12, 0)
    assert 0 <= figure["interval"]["low"] <= figure["value"] <= figure["interval"]["high"] <= 1
    assert (items["housing"]["rank"], figure["rank"]) == (1, 1)
    assert items["water"]["rank"] is items["water"]["figures"]["on_time_rate"]["rank"] is None
    one = shown(browser(month.staff("coordinator")), index="achieved_rate", by="region")[DISTRICT]["figures"]
    assert list(one) == ["achieved_rate"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"period": "2027-01"}, 422, "month_future"),
        ({"period": "October"}, 422, "period_invalid"),
        ({"index": "beauty"}, 422, "index_unknown"),
        ({"by": "person"}, 422, "by_unknown"),
        ({"region": "110101"}, 403, "region_forbidden"),
    ],
)
def test_bad_questions_are_answered_plainly(month, query, status, code):
    answer = browser(month.staff("coordinator")).get(ROOT, query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_month_without_matters_is_empty_and_no_error(month):
    client = browser(month.staff("coordinator"))
    assert shown(client, period="2025-03") == {}
    assert client.get("/scoreboard/?period=2025-03").status_code == 200


def test_the_rated_side_sees_like_units_and_no_ratings(month):
    items = shown(browser(month.liaison("water")))
    assert set(items) == {"housing", "water"}
    assert not any("satisfaction" in name for name in items["housing"]["figures"])
    query = {"period": "2026-10", "unit": "housing", "index": "satisfaction"}
    answer = browser(month.liaison("housing")).get(f"{ROOT}/cases", query)
    assert (answer.status_code, answer.json()["code"]) == (403, "ratings_withheld")
    assert browser(month.owner).get(ROOT).status_code == 403


def test_every_figure_opens_its_matters_and_only_those_for_these_eyes(month):
    query = {"period": "2026-10", "unit": "housing", "index": "satisfaction", "outcome": 0}
    found = browser(month.staff("coordinator")).get(f"{ROOT}/cases", query).json()["items"]
    assert len(found) == 6
    query |= {"index": "on_time_rate", "outcome": 1}
    assert len(browser(month.staff("coordinator")).get(f"{ROOT}/cases", query).json()["items"]) == 12
    assert browser(month.liaison("water")).get(f"{ROOT}/cases", query).json()["items"] == []


def test_what_moved_a_figure_adds_up(month):
    with clock.at(THEN.replace(month=9)):
        month.done("housing", rating=5, now=THEN.replace(month=9))
    query = {"period": "2026-10", "unit": "housing", "index": "satisfaction"}
    found = browser(month.staff("coordinator")).get(f"{ROOT}/movement", query).json()
    assert found["mix"] + found["rate"] == pytest.approx(found["after"] - found["before"]) == pytest.approx(-1)


def test_pages_are_there_for_those_who_may_read_them_and_cost_the_same_for_any_number_of_units(month):
    client = browser(month.staff("coordinator"))
    client.get("/scoreboard/?period=2026-10")
    with CaptureQueriesContext(connection) as few:
        page = client.get("/scoreboard/?period=2026-10&unit=housing&index=satisfaction").content.decode()
    assert month.department("housing").name in page
    for _ in range(3):
        month.done("tax")
    with CaptureQueriesContext(connection) as many:
        assert client.get("/scoreboard/?period=2026-10&unit=housing&index=satisfaction").status_code == 200
    assert len(many) <= len(few) + 3
    for path in ("?by=board", "?by=region", "cases/?unit=housing&index=on_time_rate&period=2026-10", "exclusions/"):
        assert client.get(f"/scoreboard/{path}").status_code == 200, path
    assert browser(month.liaison()).get("/scoreboard/?period=2026-10").status_code == 200
    assert browser(month.owner).get("/scoreboard/").status_code == 403


def test_forms_propose_decide_draft_and_act(month):
    case = month.done()
    office, leader, centre = (browser(month.staff(role)) for role in ("supervision_office", "leader", "coordinator"))
    given = {"number": case.number, "index": "on_time_rate", "reason": "系统停机"}
    assert office.post("/scoreboard/exclusions/propose/", given).status_code == 302
    row = leader.get(f"{ROOT}/exclusions").json()["items"][0]
    path = f"/scoreboard/exclusions/{row['id']}/do/grant/"
    assert office.post(path, {"reason": "x"}).status_code == 403
    assert leader.post(path, {"reason": "属实"}).status_code == 302
    assert "系统停机" in leader.get("/scoreboard/exclusions/").content.decode()
    made = centre.post("/scoreboard/editions/draft/", {"region": DISTRICT, "period": "2026-10"})
    assert made.status_code == 302
    assert centre.post(f"{made.headers['Location']}do/send_for_check/").status_code == 302
    page = browser(month.liaison()).get(made.headers["Location"]).content.decode()
    assert f"{made.headers['Location']}do/remark/" in page


def test_the_public_sees_what_is_published_with_small_numbers_hidden(month):
    month.edition(audience="internal")
    page = Client().get(f"/open/{DISTRICT}/scoreboard/")
    assert (page.status_code, b"<table" in page.content) == (200, False)
    assert Client().get("/open/110101/scoreboard/").status_code == 404
    again = services.draft(
        region=DISTRICT, month=month.board().month, actor=month.staff("coordinator"), now=AFTER, reason="补记"
    )
    act = {"edition_id": again.id}
    services.take(**act, action="send_for_check", actor=month.staff("coordinator"), now=AFTER, body={})
    later = AFTER.replace(day=12)
    services.take(**act, action="publish", actor=month.staff("leader"), now=later, body={"audience": "public"})
    page = Client().get(f"/open/{DISTRICT}/scoreboard/").content.decode()
    assert "补记" in page
    for secret in (month.firm.name, month.firm.uscc, "BH-"):
        assert secret not in page
    base = f"/open/{DISTRICT}/scoreboard/2026-10/v2"
    data = Client().get(f"{base}.json").json()
    jsonschema_rs.validate(Client().get(f"/open/{DISTRICT}/scoreboard/schema.json").json(), data)
    items = {item["unit"]: item for item in data["levels"]["department"]["items"]}
    assert items["water"]["n"] is items["water"]["score"] is items["water"]["rank"] is None
    assert items["water"]["figures"]["on_time_rate"]["numerator"] is None
    # A single hidden unit could be computed from the region's sum; so the next one is hidden too.
    assert items["housing"]["figures"]["on_time_rate"]["withheld"]
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{base}.csv").content.decode("utf-8-sig"))))
    assert {row["unit"] for row in rows if row["by"] == "department"} == {"housing", "water"}
    assert Client().get(f"/open/{DISTRICT}/scoreboard/2026-10/v1.json").status_code == 404


def test_an_edition_comes_as_every_file(month):
    made = month.edition()
    client = browser(month.liaison())
    found = {form: client.get(f"/scoreboard/editions/{made.id}/file/{form}/").content for form in exports.MEDIA_TYPES}
    assert found["pdf"].startswith(b"%PDF")
    assert found["pdf"].count(b"/Type /Page\n") == 1
    assert found["svg"].startswith(b"<svg")
    picture = Image.open(io.BytesIO(found["png"]))
    drawn = found["svg"].decode()
    # Twice as sharp, and the same in what it shows: ink for the heading, bars where the bars are.
    width, height = (side // 2 for side in picture.size)
    assert f'width="{width}" height="{height}"' in drawn
    assert {(23, 35, 46), (107, 147, 185)} <= {colour for _count, colour in picture.getcolors(1 << 16)}
    book = openpyxl.load_workbook(io.BytesIO(found["xlsx"]))
    assert len(book.sheetnames) == 3
    # Two ratings of one department are few: the units read none, and neither the one that the sum would tell.
    content = client.get(f"{ROOT}/editions/{made.id}").json()["content"]
    for item in content["levels"]["department"]["items"]:
        assert item["figures"]["satisfaction"]["withheld"]
    assert client.get(f"/scoreboard/editions/{made.id}/file/exe/").status_code == 404


def test_without_a_chinese_font_there_is_a_clear_word_and_no_picture_of_boxes(month, monkeypatch, tmp_path):
    made = month.edition()
    monkeypatch.setenv("BIHUAN_FONT", str(tmp_path / "none.ttf"))
    pictures._found.cache_clear()
    answer = browser(month.liaison()).get(f"/scoreboard/editions/{made.id}/file/png/")
    assert answer.status_code == 503
    assert "fonts-noto-cjk" in answer.content.decode()


def test_actions_over_rest_are_those_that_the_edition_offers(month):
    centre = browser(month.staff("coordinator"))
    body = {"region": DISTRICT, "period": "2026-10"}
    made = centre.post(f"{ROOT}/editions", body, content_type="application/json").json()
    assert made["available_actions"] == ["send_for_check"]
    path = f"{ROOT}/editions/{made['id']}/actions"
    assert centre.post(f"{path}/freeze", {}, content_type="application/json").status_code == 403
    sent = centre.post(f"{path}/send_for_check", {}, content_type="application/json").json()
    assert (sent["state"], sent["available_actions"]) == ("checking", ["answer_remark"])
    assert centre.get(f"{ROOT}/editions").json()["items"][0]["id"] == made["id"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("scoreboard: {weights: {on_time_rate: 31}}", "101"),
        ("scoreboard: {indices: [on_time_rate]}", "achieved_rate"),
        ("scoreboard: {min_n: 0}", "min_n"),
    ],
)
def test_a_rulebook_whose_weights_do_not_add_up_is_refused(text, what):
    assert any(what in str(flaw) for flaw in loader.check(text))


def test_every_index_has_its_words():
    assert set(wording.INDICES) == set(wording.MEANINGS) == set(Index)
