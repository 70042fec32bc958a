"""Open311 answers against the schemas of GeoReport v2 (../shared/data/open311), and real requests entered by it."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from bihuan.casework.cases.factories import NOW, District
from bihuan.foundation.accounts import services as accounts
from bihuan.foundation.kernel import clock

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "open311"
pytestmark = [
    pytest.mark.external,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"{FOLDER} is not there: this check needs the data beside the project"
    ),
]


@pytest.fixture
def district() -> Any:
    with clock.at(NOW):
        yield District()


def _conforms(name: str, items: list[Any]) -> None:
    schema = json.loads((FOLDER / "schema-validation" / name).read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    assert items
    for item in items:
        validator.validate(item)


def _get(path: str, **query: str) -> Any:
    answer = Client().get(f"/open311/v2/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_services_and_definitions_conform(district):
    services = _get("services.json", jurisdiction_id="999901")
    _conforms("service.json", services)
    _conforms("service-definition.json", [_get(f"services/{one['service_code']}.json") for one in services])


def test_real_requests_come_in_and_conform(district):
    token = accounts.issue_token(person_id=district.staff("seat").person_id, name="test", now=NOW)
    fixture = json.loads((FOLDER / "sf_open311dashboard_test_fixture.json").read_text(encoding="utf-8"))
    real = [one["fields"] for one in fixture if one["model"] == "dashboard.request"][:200]
    assert real
    for one in real:
        said = {
            "service_code": "other",
            "description": one["description"] or one["service_name"],
            "address_string": one["address"] or "",
            "lat": str(one.get("lat") or ""),
            "attribute[title]": one["service_name"],
            "api_key": token,
        }
        answer = Client().post("/open311/v2/requests.json", said)
        assert answer.status_code == 200, (said, answer.content)
    found = _get("requests.json", api_key=token)
    assert len(found) == len(real)
    _conforms("request.json", found)
