"""What the OpenAPI document says beyond shapes: who may call, which problems come back, how to identify oneself."""

import functools
from typing import Any

from ninja.operation import Operation
from pydantic.json_schema import models_json_schema

from bihuan.casework.cases.rules.bodies import BODIES
from bihuan.foundation.accounts.permissions import ANYONE

SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "`bihuan token create --user NAME` prints one"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The login of the browser; unsafe methods need `X-CSRFToken`",
    },
    "follow_up_code": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Follow-Up-Code",
        "description": "Opens the one case it belongs to; also as `?code=`",
    },
}
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable, `detail` is a sentence in the caller's language.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
        "allowed_actions": {"type": "array", "items": {"type": "string"}},
        "retry_after": {"type": "integer"},
    },
    "additionalProperties": True,
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gives the same answer and happens once; kept for 48 hours",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
}
LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "enum": ["zh-Hans", "en"]},
}
_REASONS = {
    400: "The request cannot be read",
    401: "Not logged in, or the token opens nothing",
    403: "This person may not do this",
    404: "There is no such thing, or not for these eyes",
    409: "The state does not allow it; `allowed_actions` says what would go",
    413: "Too large",
    415: "Not JSON",
    422: "A field is wrong; `field` names it, `errors` lists all",
    429: "Too many attempts; `Retry-After` says when to come back",
    503: "Try again in a moment",
}


def complete(schema: dict[str, Any], operations: dict[tuple[str, str], Operation]) -> dict[str, Any]:
    """Add to ninja's document what it cannot know. operations: (path template, method) → operation."""
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {}).update(_bodies(), Problem=PROBLEM)
    components["securitySchemes"] = SECURITY_SCHEMES
    for path, item in schema["paths"].items():
        for method, described in item.items():
            _describe(path, method, described, operations[path, method.upper()])
    return schema


@functools.cache
def _bodies() -> dict[str, Any]:
    models = [(body, "validation") for body in dict.fromkeys(BODIES.values())]
    _map, definitions = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    found: dict[str, Any] = definitions["$defs"]
    return found


def _describe(path: str, method: str, described: dict[str, Any], operation: Operation) -> None:
    allowed = operation.view_func.allowed  # type: ignore[attr-defined]
    described["x-allowed"] = sorted(allowed)
    ways: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
    if "{number}" in path:
        ways.append({"follow_up_code": []})
    described["security"] = [{}, *ways] if ANYONE in allowed else ways
    parameters = described.setdefault("parameters", [])
    parameters.append(LANGUAGE)
    if method == "post":
        parameters.append(IDEMPOTENCY)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in _statuses(path, method, described):
        described["responses"].setdefault(status, {"description": _REASONS[status], "content": problem})


def _statuses(path: str, method: str, described: dict[str, Any]) -> list[int]:
    statuses = [400, 401, 403, 422, 503]
    if "{" in path:
        statuses += [404, 429]
    if any(one["in"] == "query" for one in described["parameters"]):
        statuses.append(404)
    if method == "post":
        statuses += [404, 409, 413, 415, 429]
    return sorted(set(statuses))
