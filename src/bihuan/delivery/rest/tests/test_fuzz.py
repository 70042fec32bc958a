"""The API against its own OpenAPI document: made-up requests, right and wrong, never surprise it."""

from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bihuan.delivery.rest import lean
from bihuan.delivery.rest.api import api as rest

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = sorted((path, method.lower()) for path, method in rest.operations())


@pytest.fixture(scope="module")
def document() -> Any:
    """The document, and an application that answers inside the transaction of the test."""
    fork = lean.Fork()

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        for signal in (signals.request_started, signals.request_finished):
            signal.disconnect(close_old_connections)
        return fork(environ, start_response)

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.mark.thorough
@pytest.mark.django_db
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_surprises(document, api, district, path, method, mode):
    number = district.raised().number
    district.act(number, "accept", now=district.fresh(number).raised_at)
    caller = api("coordinator")

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=document[path][method].as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        if "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = number
        case.call_and_validate(checks=CHECKS, headers=caller.headers)

    holds()
