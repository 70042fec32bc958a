"""Which sections a rulebook has. A context registers its own in `AppConfig.ready()`; nothing else has to change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]
Check = Callable[[Mapping[str, BaseModel]], Iterable[tuple[Path, str]]]

_sections: dict[str, type[BaseModel]] = {}
_checks: list[Check] = []
_labels: dict[str, Any] = {}


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


def register_labels(labels: Mapping[str, Any]) -> None:
    """Give names in the readers' languages to sections, fields and choices, for forms and comparisons.

    Keys: `tiers` (a section), `due` (a field wherever it stands), `tiers.due` (one in its section only), `=remind` (a
    choice), `?due` (one sentence of help, for a section or a field). What has no name is shown as it is written.
    """
    _labels.update(labels)


def label(path: Path) -> str:
    """Return the name of what stands at `path`: of the whole path, else of its end; numbers do not count."""
    return str(_found(path) or [step for step in path if isinstance(step, str)][-1].replace("_", " "))


def help_text(path: Path) -> str:
    """Return the sentence of help for what stands at `path`, looked for like a name; empty where none is needed."""
    return str(_found(path, "?") or "")


def _found(path: Path, mark: str = "") -> Any:
    words = [step for step in path if isinstance(step, str)]
    keys = (".".join(words), f"{words[0]}.{words[-1]}", words[-1])
    return next((_labels[mark + key] for key in keys if mark + key in _labels), None)


def choice_label(choice: str) -> str:
    """Return the name of a choice, or the choice as it is written."""
    return str(_labels.get(f"={choice}", choice))


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
