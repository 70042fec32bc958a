"""The OpenAPI document is complete and true, and the page written from it obeys the strict policy."""

import re
import sys

import pytest
from django.test import Client
from ninja import Schema

from bihuan.casework.cases.factories import NOW
from bihuan.casework.cases.rules.bodies import BODIES
from bihuan.casework.cases.schemas import listing, raising, showing
from bihuan.delivery.rest import mine, places, reference
from bihuan.delivery.rest.api import api as rest

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document():
    return rest.get_openapi_schema()


def _references(value, found):
    if isinstance(value, dict):
        if "$ref" in value:
            found.add(value["$ref"])
        for one in value.values():
            _references(one, found)
    elif isinstance(value, list):
        for one in value:
            _references(one, found)
    return found


def test_served_to_anybody():
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere(document):
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert _references(document, set()) - known == set()


def test_no_two_shapes_share_a_name():
    """The document has one place for each name: of two shapes the last one would stand for both."""
    found: dict[str, set[str]] = {}
    ours = [one for name, one in sys.modules.items() if name.startswith("bihuan.") and "schemas" in name]
    for module in [*ours, places]:
        for shape in vars(module).values():
            if isinstance(shape, type) and issubclass(shape, Schema) and shape.__module__.startswith("bihuan."):
                found.setdefault(shape.__name__, set()).add(shape.__module__)
    assert [(name, modules) for name, modules in found.items() if len(modules) > 1] == []


def test_every_operation_says_what_it_is_and_who_may(document):
    said = [one for item in document["paths"].values() for one in item.values()]
    assert [
        one["operationId"] for one in said if not (one["summary"] and one["description"] and one["x-allowed"])
    ] == []
    assert len({one["operationId"] for one in said}) == len(said)


def test_every_post_takes_an_idempotency_key(document):
    posts = {path: item["post"] for path, item in document["paths"].items() if "post" in item}
    assert posts
    missing = [p for p, one in posts.items() if "Idempotency-Key" not in {row["name"] for row in one["parameters"]}]
    assert missing == []


def test_every_action_names_its_body(document):
    action = document["paths"]["/api/v1/cases/{number}/actions/{action}"]["post"]
    assert set(action["x-bodies"]) == set(BODIES)


def test_answers_have_the_documented_shape(api, matter, district):
    raised = api("owner").post("/cases", matter).json()
    raising.RaisedOut.model_validate(raised)
    number = raised["number"]
    for action, body in (
        ("accept", {}),
        ("dispatch", {"co": ["water"]}),
        ("sign", {}),
        ("submit_plan", {}),
        ("reply", {}),
    ):
        district.act(number, action, now=NOW, **body)
    for who in ("owner", "seat", "coordinator", "liaison", "liaison:water", "leader"):
        caller = api(who)
        detail = caller.get(f"/cases/{number}").json()
        assert set(detail) == set(showing.CaseDetailOut.model_fields)
        showing.CaseDetailOut.model_validate(detail)
        items = caller.get("/cases").json()
        listing.CasePage.model_validate(items)
        assert set(items["items"][0]) == set(listing.CaseOut.model_fields)
        listing.AlertPage.model_validate(caller.get("/alerts").json())
        showing.EventPage.model_validate(caller.get(f"/cases/{number}/events").json())
        mine.MeOut.model_validate(caller.get("/me").json())
        mine.Inbox.model_validate(caller.get("/inbox").json())
        for path, shape in (
            ("departments", places.Departments),
            ("boards", places.Boards),
            ("rulebooks", places.Rulebooks),
        ):
            found = caller.get(f"/{path}").json()
            assert found["items"], path
            shape.model_validate(found)
    tracked = api().get(f"/track/{number}", {"code": raised["follow_up_code"]}).json()
    assert set(tracked) == set(showing.TrackOut.model_fields)
    showing.TrackOut.model_validate(tracked)


def test_the_page_needs_no_script_of_its_own_and_no_other_server():
    answer = Client().get("/api/v1/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "/api/v1/cases/{number}/actions/{action}" in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//", page) == []
    assert re.findall(r"\sstyle=", page) == []
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_descriptions_become_paragraphs_and_lists():
    found = reference.blocks("One `two`\nthree.\n\n- a `b`\n- c")
    assert found == [{"parts": ["One ", "two", " three."]}, {"lines": [["a ", "b", ""], ["c"]]}]
