"""A rulebook as a form: every field of every registered section with its value, made from the models alone."""

import enum
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from pydantic import BaseModel

from bihuan.foundation.rulebooks import explaining, loader, parsing, registry, rules
from bihuan.foundation.rulebooks.flaws import Path, dotted


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value to be typed. `kind`: text, number, switch, choice (one of `choices`) or choices (any of them).

    path: with dots, list items by number. name: as flaws write it. value: as written in the file, or a list of texts.
    literal: whether the text is meant letter by letter (else `60%`, `true` and `5` mean what they mean in the file).
    own: the place's own text states it; otherwise it comes from the packaged default. help: a sentence, or nothing.
    """

    path: str
    name: str
    label: str
    kind: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    literal: bool = False
    own: bool = False
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A section, a part of one, or (`rows`) a list whose items are groups. `own` and `help` as in Field."""

    path: str
    label: str
    parts: tuple["Field | Group", ...]
    rows: bool = False
    own: bool = False
    help: str = ""


def of(text: str) -> tuple[Group | Field, ...]:
    """Return one part for every registered section, filled from `text` merged over the packaged default.

    Raises flaws.Flawed where the text cannot be read as YAML at all; wrong values are shown as they are.
    """
    own = parsing.parse(text, source="rulebook").values
    merged = rules.merge(loader.default_values(), own)
    return tuple(
        _part(model, merged.get(name, _default(model)), (name,), merged=merged, own=own)
        for name, model in registry.sections().items()
    )


def is_list(section: str) -> bool:
    """Tell whether a section is a list of rows that name themselves, such as the lights."""
    model = registry.sections().get(section)
    return model is not None and _item(explaining.inside(model)) is not None


def fields(parts: typing.Iterable[Field | Group]) -> Iterator[Field]:
    """Yield every field, in order."""
    for part in parts:
        if isinstance(part, Field):
            yield part
        else:
            yield from fields(part.parts)


def steps(path: str) -> Path:
    """Return a path with dots as its steps: `lights.1.at` is ("lights", 1, "at")."""
    return tuple(int(step) if step.isdigit() else step for step in path.split("."))


def _default(model: type[BaseModel]) -> Any:
    return model().model_dump(mode="json")


def _part(kind: Any, value: Any, path: Path, *, merged: Mapping[str, Any], own: Mapping[str, Any]) -> Field | Group:
    kind = explaining.inside(kind)
    where: dict[str, Any] = {"path": ".".join(map(str, path)), "label": _label(path, value), "own": _stated(own, path)}
    where["help"] = "" if isinstance(path[-1], int) else registry.help_text(path)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(value, Mapping):
        parts = (
            _part(one.annotation, value.get(name, _unwritten(one)), (*path, name), merged=merged, own=own)
            for name, one in kind.model_fields.items()
        )
        return Group(**where, parts=tuple(parts))
    inner = _item(kind)
    if inner is not None and isinstance(value, list) and _is_group(inner):
        rows = (_part(inner, item, (*path, place), merged=merged, own=own) for place, item in enumerate(value))
        return Group(**where, parts=tuple(rows), rows=True)
    return Field(**where, name=dotted(path, merged), **_input(kind, inner, value))


def _unwritten(information: Any) -> Any:
    """Return what a form shows for a field that no text states: the parts of a group, nothing for a single value.

    A single value may follow from others (the colour of a light from its id), so its default is not shown as if it
    held.
    """
    value = information.get_default(call_default_factory=True)
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else None


def _label(path: Path, value: Any) -> str:
    if isinstance(path[-1], int):
        row = value if isinstance(value, Mapping) else {}
        code, name = row.get("id") or row.get("code"), row.get("name")
        if isinstance(name, Mapping):
            name = name.get("zh" if (get_language() or "").startswith("zh") else "en")
        return " ".join(str(one) for one in (name, code) if one) or str(path[-1] + 1)
    return registry.label(path)


def _stated(own: Any, path: Path) -> bool:
    for step in path:
        within = isinstance(own, list) and isinstance(step, int) and step < len(own)
        if not within and not (isinstance(own, Mapping) and step in own):
            return False
        own = own[step]
    return True


def _item(kind: Any) -> Any:
    """Return the kind of the items of a list, or None for what is no list."""
    if typing.get_origin(kind) in (tuple, list, set, frozenset):
        return explaining.inside(typing.get_args(kind)[0])
    return None


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _input(kind: Any, inner: Any, value: Any) -> dict[str, Any]:
    """Return what decides how a single value is typed."""
    if inner is not None:
        listed = [str(one) for one in value] if isinstance(value, list) else []
        if choices := _choices(inner):
            return {"kind": "choices", "value": listed, "choices": choices}
        return {"kind": "list", "value": ", ".join(listed)}
    if choices := _choices(kind):
        return {"kind": "choice", "value": _written(value), "choices": choices, "literal": True}
    if kind is bool:
        return {"kind": "switch", "value": _written(value)}
    literal = kind is str or _is_group(kind)
    return {"kind": "number" if kind is int else "text", "value": _written(value), "literal": literal}


def _choices(kind: Any) -> tuple[tuple[str, str], ...]:
    if typing.get_origin(kind) is typing.Literal:
        known = [str(one) for one in typing.get_args(kind)]
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        known = [str(one.value) for one in kind]
    else:
        return ()
    return tuple((one, registry.choice_label(one)) for one in known)


def _written(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
