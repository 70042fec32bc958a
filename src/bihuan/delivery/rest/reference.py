"""The page for people who script: every operation of the OpenAPI document, without a line of script."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

REFERENCE = "#/components/schemas/"
METHODS = ("get", "post", "put", "patch", "delete")


def page(request: HttpRequest, schema: dict[str, Any]) -> HttpResponse:
    """Return the reference page of an OpenAPI document."""
    schemas = schema["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for operation in _operations(schema):
        groups.setdefault(operation["group"], []).append(operation)
    shapes = [{"name": name, **_shape(one)} for name, one in sorted(schemas.items())]
    context = {"about": blocks(schema["info"]["description"]), "groups": groups, "shapes": shapes}
    return render(request, "rest/reference.html", context)


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(path, method, item[method])


def _operation(path: str, method: str, said: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "name": one["name"],
            "place": one["in"],
            "required": one.get("required", False),
            "kind": _kind(one.get("schema", {})),
            "text": one.get("description") or one.get("schema", {}).get("description", ""),
        }
        for one in said.get("parameters", [])
    ]
    body = said.get("requestBody", {}).get("content", {})
    return {
        "group": (said.get("tags") or [""])[0],
        "id": said["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": said.get("summary", ""),
        "blocks": blocks(said.get("description", "")),
        "allowed": said.get("x-allowed", []),
        "parameters": parameters,
        "bodies": [{"media": media, "kind": _kind(one["schema"])} for media, one in body.items()],
        "actions": [
            {"name": name, "kind": ref.removeprefix(REFERENCE)} for name, ref in said.get("x-bodies", {}).items()
        ],
        "answers": [
            {"status": status, "text": one.get("description", ""), "kind": _answer(one)}
            for status, one in sorted(said["responses"].items(), key=lambda pair: str(pair[0]))
        ],
    }


def _answer(said: dict[str, Any]) -> str:
    return ", ".join(_kind(one["schema"]) for one in said.get("content", {}).values() if "schema" in one)


def _kind(said: dict[str, Any]) -> str:
    """Return the type of a value in a few words."""
    if "$ref" in said:
        return str(said["$ref"]).removeprefix(REFERENCE)
    several = said.get("anyOf") or said.get("oneOf") or said.get("allOf")
    if several:
        return " | ".join(dict.fromkeys(_kind(one) for one in several))
    if "enum" in said:
        return " | ".join(map(str, said["enum"]))
    if said.get("type") == "array":
        return f"[{_kind(said.get('items', {}))}]"
    return str(said.get("format") or said.get("const") or said.get("type", "any"))


def _shape(said: dict[str, Any]) -> dict[str, Any]:
    required = set(said.get("required", []))
    fields = [
        {"name": name, "kind": _kind(one), "required": name in required, "text": one.get("description", "")}
        for name, one in said.get("properties", {}).items()
    ]
    return {"blocks": blocks(said.get("description", "")), "fields": fields}


def blocks(text: str) -> list[dict[str, Any]]:
    """Return a description as paragraphs and lists; each line as parts, every second of which is code."""
    found: list[dict[str, Any]] = []
    for block in text.strip().split("\n\n"):
        lines = [line.strip() for line in block.split("\n")]
        if all(line.startswith("- ") for line in lines):
            found.append({"lines": [line[2:].split("`") for line in lines]})
        elif block:
            found.append({"parts": " ".join(lines).split("`")})
    return found
