"""Which sections a rulebook has. A context registers its own in `AppConfig.ready()`; nothing else has to change."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]
Check = Callable[[Mapping[str, BaseModel]], Iterable[tuple[Path, str]]]

_sections: dict[str, type[BaseModel]] = {}
_checks: list[Check] = []


def register_section(name: str, model: type[BaseModel]) -> None:
    """Let `name` be a top-level key of every rulebook, validated by `model` (a `sections.Section` or `RootModel`).

    Give every field of the model a default: versions stored before the section existed are read with the defaults.
    Raises ValueError when the name belongs to another model.
    """
    if _sections.setdefault(name, model) is not model:
        raise ValueError(f"the rulebook section {name} is already registered by {_sections[name].__module__}")


def register_check(check: Check) -> None:
    """Add a check across sections: it gets all validated sections and yields (path, what is wrong)."""
    if check not in _checks:
        _checks.append(check)


def sections() -> Mapping[str, type[BaseModel]]:
    """Return name → model of every section, in order of registration."""
    return dict(_sections)


def checks() -> tuple[Check, ...]:
    """Return the checks across sections."""
    return tuple(_checks)


def name_of(model: type[BaseModel]) -> str:
    """Return the section name of `model`. Raises LookupError when it was never registered."""
    for name, registered in _sections.items():
        if registered is model:
            return name
    raise LookupError(f"{model.__name__} is not a registered rulebook section")
