"""What enterprises come with: the scenario files, read and checked."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any

from .place import BOARDS, DEPARTMENTS, TOWNS


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of matter, with its words for everybody who has a part in it.

    board, lead, co     codes of the board that takes it, the department that leads, those that help
    weight              how often it comes; `months` (of the year), `trend` (rising, falling) and `towns` bend that
    industries          letters of GB/T 4754 of the firms that have it
    titles, stories     what enterprises write; `{…}` are slots (words.Words), `slots` adds own ones
    steps               what the department does, in order: measures of a plan, and reports of progress
    question            what it may have to ask; `fix`, `why_not`, `instead`: its possible answers
    """

    id: str
    category: str
    board: str
    lead: str
    tier: str
    weight: float
    industries: str
    titles: tuple[str, ...]
    stories: tuple[str, ...]
    steps: tuple[str, ...]
    question: str
    fix: tuple[str, ...]
    why_not: str
    instead: str = ""
    co: tuple[str, ...] = ()
    months: frozenset[int] = frozenset()
    trend: str = ""
    towns: tuple[str, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


_TUPLES = ("titles", "stories", "steps", "fix", "co", "towns")


@functools.cache
def everything() -> tuple[Scenario, ...]:
    """Return all scenarios in the order of their files. Raises ValueError for one that names what does not exist."""
    folder = resources.files(__package__) / "scenarios"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    found = tuple(_scenario(row) for one in files for row in tomllib.loads(one.read_text("utf-8"))["scenario"])
    if len({one.id for one in found}) != len(found):
        raise ValueError("two scenarios have the same id")
    return found


def _scenario(row: dict[str, Any]) -> Scenario:
    lists = {name: tuple(row.get(name, ())) for name in _TUPLES}
    slots = {name: tuple(values) for name, values in row.get("slots", {}).items()}
    months = frozenset(row.get("months", ()))
    one = Scenario(**{**row, **lists, "slots": MappingProxyType(slots), "months": months})
    unknown = {one.lead, *one.co} - DEPARTMENTS.keys() | {one.board} - BOARDS.keys() | set(one.towns) - TOWNS.keys()
    if unknown:
        raise ValueError(f"scenario {one.id} names {sorted(unknown)}, which the district does not have")
    return one
