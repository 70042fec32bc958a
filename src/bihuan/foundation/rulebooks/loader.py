"""From YAML to validated sections: the packaged defaults, a place's file merged over them, and everything checked."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import explaining, parsing, registry, rules
from bihuan.foundation.rulebooks.flaws import Flaw, Flawed, Path

DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A rulebook that passed every check: its text, what it states itself, that merged, and the validated sections."""

    text: str
    own: dict[str, Any]
    merged: dict[str, Any]
    sections: Mapping[str, BaseModel]


def names() -> tuple[str, ...]:
    """Return the names of the packaged rulebooks, `default` first."""
    found = (file.name for file in (resources.files("bihuan") / "rulebooks").iterdir())
    places = sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))
    return (DEFAULT, *(name for name in places if name != DEFAULT))


def packaged(name: str) -> str:
    """Return the text of the packaged rulebook `name`. Raises errors.NotFound, `rulebook_unknown`."""
    if name not in names():
        known = {"name": name[:60], "known": ", ".join(names())}
        sentence = _("There is no packaged rulebook “%(name)s”; there are: %(known)s")
        raise errors.NotFound(sentence % known, code="rulebook_unknown", field="name", known=list(names()))
    return (resources.files("bihuan") / "rulebooks" / f"{name}.yaml").read_text(encoding="utf-8")


@functools.lru_cache(maxsize=16)
def _parsed(text: str | bytes, source: str) -> parsing.Parsed:
    """Read a text once: a few rulebooks are asked for again and again. The values are for reading only."""
    return parsing.parse(text, source=source)


@functools.cache
def _default() -> parsing.Parsed:
    return _parsed(packaged(DEFAULT), f"{DEFAULT}.yaml")


def default_values() -> dict[str, Any]:
    """Return the values of the packaged default as they are written there. Treat them as read-only."""
    return _default().values


def load(text: str | bytes, *, source: str = "rulebook") -> Loaded:
    """Parse, merge over `default.yaml` and validate. Raises Flawed with every flaw found."""
    place = _parsed(text, source)
    merged = rules.merge(_default().values, place.values)
    sections, found = _validate(merged)
    if not found:
        found = [item for check in registry.checks() for item in check(sections)]
    if found:
        raise Flawed([_flaw(place, path, message) for path, message in found])
    content = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    return Loaded(text=content, own=place.values, merged=merged, sections=sections)


def check(text: str | bytes, *, source: str = "rulebook") -> list[Flaw]:
    """Return everything that is wrong with a rulebook; an empty list means it can be applied."""
    try:
        load(text, source=source)
    except Flawed as flawed:
        return flawed.flaws
    return []


def rebuild(merged: Mapping[str, Any]) -> Mapping[str, BaseModel]:
    """Return the sections of a stored version.

    What the version does not know yet takes the default of its section; what no section knows any more is left out.
    Raises pydantic.ValidationError if a stored value no longer fits: an upgrade must keep old values readable.
    """
    return {
        name: model.model_validate(merged[name], extra="ignore") if name in merged else model()
        for name, model in registry.sections().items()
    }


def _validate(merged: Mapping[str, Any]) -> tuple[dict[str, BaseModel], list[tuple[Path, str]]]:
    models = registry.sections()
    found: list[tuple[Path, str]] = [
        ((key,), explaining.unknown(key, list(models))) for key in merged if key not in models
    ]
    sections: dict[str, BaseModel] = {}
    for name, model in models.items():
        try:
            sections[name] = model.model_validate(merged[name]) if name in merged else model()
        except ValidationError as error:
            right = _default().values.get(name)
            found += [((name, *path), say) for path, say in explaining.explain(error, model=model, right=right)]
    return sections, found


def _flaw(place: parsing.Parsed, path: Path, message: str) -> Flaw:
    """Return the flaw where the place wrote it; if the place did not touch that key, where the default has it."""
    inherited = path and path[0] not in place.values and path[0] in _default().values
    return (_default() if inherited else place).flaw(path, message)
