"""Turns pydantic's findings into flaws: plain words, the nearest known name, and an example that is right."""

import json
import types
import typing
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, RootModel, ValidationError

from bihuan.foundation.rulebooks.flaws import Path
from bihuan.foundation.rulebooks.sections import nearest


def explain(error: ValidationError, *, model: type[BaseModel], right: Any) -> list[tuple[Path, str]]:
    """Return (path inside the section, sentence) for everything pydantic found.

    `right` is the section as the packaged default has it: the value there is the example of what is right.
    """
    found = []
    items = error.errors(include_url=False)
    paths: list[Path] = [tuple(item["loc"]) for item in items]
    for item, path in zip(items, paths, strict=True):
        if item["type"] == "too_short" and any(
            len(other) > len(path) and other[: len(path)] == path for other in paths
        ):
            continue  # The list is short only because its items are flawed, which is said at each of them.
        message = _sentence(item, path, model)
        example = None if item["type"] in _OWN_EXAMPLE else _example(right, path)
        if example is not None:
            message = _("%(message)s; for example: %(example)s") % {"message": message, "example": example}
        found.append((path, message))
    return found


_OWN_EXAMPLE = {"rulebook", "extra_forbidden", "enum", "literal_error"}


def _sentence(item: Any, path: Path, model: type[BaseModel]) -> str:
    kind, context, given = item["type"], item.get("ctx", {}), item.get("input")
    if kind == "rulebook":
        return str(context["message"])
    if kind == "extra_forbidden":
        return unknown(str(path[-1]), known_keys(model, path[:-1]))
    if kind in ("enum", "literal_error"):
        return _not_one_of(given, context["expected"])
    limits = {
        "greater_than": _("must be more than %(gt)s"),
        "greater_than_equal": _("must be at least %(ge)s"),
        "less_than": _("must be less than %(lt)s"),
        "less_than_equal": _("must be at most %(le)s"),
        "string_too_short": _("needs at least %(min_length)s characters"),
        "string_too_long": _("may have at most %(max_length)s characters"),
        "too_short": _("needs at least %(min_length)s items"),
        "too_long": _("may have at most %(max_length)s items"),
    }
    if kind in limits:
        return str(limits[kind] % context)
    plain = {
        "missing": _("is missing"),
        "string_type": _("text is needed; put numbers in quotes"),
        "string_pattern_mismatch": _("does not have the right form"),
        "bool_type": _("true or false is needed"),
        "bool_parsing": _("true or false is needed"),
        "int_type": _("a whole number is needed"),
        "int_parsing": _("a whole number is needed"),
        "int_from_float": _("a whole number is needed"),
        "float_type": _("a number is needed"),
        "float_parsing": _("a number is needed"),
        "model_type": _("a group of keys is needed here"),
        "model_attributes_type": _("a group of keys is needed here"),
        "dict_type": _("a group of keys is needed here"),
        "tuple_type": _("a list is needed here"),
        "list_type": _("a list is needed here"),
        "set_type": _("a list is needed here"),
        "frozen_set_type": _("a list is needed here"),
    }
    return plain.get(kind) or str(item["msg"])


def unknown(key: str, known: list[str]) -> str:
    """Return the sentence for a key that does not exist here, with the nearest one that does."""
    near = nearest(key, known)
    if near:
        return _("“%(key)s” is not known here; did you mean “%(near)s”?") % {"key": key[:60], "near": near}
    return _("“%(key)s” is not known here; known are: %(known)s") % {"key": key[:60], "known": ", ".join(known)}


def _not_one_of(given: Any, expected: str) -> str:
    names = [name.strip("' ") for name in expected.replace(" or ", ", ").split(",")]
    facts = {"given": str(given)[:60], "known": ", ".join(names), "near": nearest(str(given), names)}
    if facts["near"]:
        return _("“%(given)s” does not exist; did you mean “%(near)s”? There are: %(known)s") % facts
    return _("“%(given)s” does not exist; there are: %(known)s") % facts


def _example(right: Any, path: Path) -> str | None:
    """Return the packaged default's value at `path` as one line of YAML-readable text, or None."""
    for step in path:
        if isinstance(step, int) and isinstance(right, list) and right:
            right = right[min(step, len(right) - 1)]
        elif isinstance(right, Mapping) and step in right:
            right = right[step]
        elif isinstance(right, Mapping) and right and all(isinstance(value, Mapping) for value in right.values()):
            right = next(iter(right.values()))
        else:
            return None
    text = right if isinstance(right, str) else json.dumps(right, ensure_ascii=False)
    return text if text != "null" and len(text) <= 160 else None


def known_keys(model: Any, path: Path) -> list[str]:
    """Return the keys that `model` knows at `path`; empty where any key is allowed."""
    model = inside(model)
    for step in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            information = model.model_fields.get(str(step))
            model = inside(information.annotation) if information else None
        else:
            arguments = typing.get_args(model)
            model = inside(arguments[1] if typing.get_origin(model) is dict else arguments[0]) if arguments else None
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def inside(kind: Any) -> Any:
    """Return the type behind `Annotated`, `X | None` and root models."""
    while True:
        origin = typing.get_origin(kind)
        if origin is typing.Annotated:
            kind = typing.get_args(kind)[0]
        elif origin in (typing.Union, types.UnionType):
            kind = next(one for one in typing.get_args(kind) if one is not type(None))
        elif isinstance(kind, type) and issubclass(kind, RootModel):
            kind = kind.model_fields["root"].annotation
        else:
            return kind
