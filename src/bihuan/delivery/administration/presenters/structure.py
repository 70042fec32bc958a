"""The tree of departments as rows."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Board, Department

DEEPEST = 5
"""Levels that a row is still set in by; what lies deeper stands there too."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One department in the tree: how deep it lies, the boards it leads, how many people hold an office there.

    state: "now", "later" or "past". successor: who took over, if anybody did.
    """

    department: Department
    depth: int
    boards: tuple[str, ...]
    people: int
    state: str
    successor: str


def tree(region: str, *, people: Mapping[uuid.UUID, int], on: dt.date, text: str = "", past: bool = False) -> list[Row]:
    """Return the departments of a region depth first, each below the one above it.

    text: only those whose name, short name, pinyin or code has it (then all at one depth). past: also those no longer
    in force.
    """
    every = directory.departments(region)
    known = {one.pk: one for one in every}
    shown = [one for one in every if past or state(one, on) != "past"]
    text = text.strip().casefold()
    found = [(one, 0) for one in shown if _has(one, text)] if text else _ordered(shown, {one.pk for one in shown})
    leads = _leads(directory.boards(region, on=on))
    return [
        Row(
            department=one,
            depth=min(depth, DEEPEST),
            boards=leads.get(one.pk, ()),
            people=people.get(one.pk, 0),
            state=state(one, on),
            successor=known[one.successor_id].name if one.successor_id in known else "",
        )
        for one, depth in found
    ]


def state(thing: Any, on: dt.date) -> str:
    """Return whether a department or board is in force: "now", "later" or "past"."""
    if thing.valid_to is not None and thing.valid_to <= on:
        return "past"
    return "later" if thing.valid_from is not None and thing.valid_from > on else "now"


def _has(one: Department, text: str) -> bool:
    words = (one.name, one.short_name, one.pinyin, one.pinyin.replace(" ", ""), one.code)
    return any(text in word.casefold() for word in words)


def _ordered(shown: list[Department], known: set[uuid.UUID]) -> list[tuple[Department, int]]:
    below: dict[uuid.UUID | None, list[Department]] = defaultdict(list)
    for one in shown:
        below[one.parent_id if one.parent_id in known else None].append(one)
    found: list[tuple[Department, int]] = []
    waiting = [(one, 0) for one in reversed(below[None])]
    while waiting:
        one, depth = waiting.pop()
        found.append((one, depth))
        waiting += [(child, depth + 1) for child in reversed(below[one.pk])]
    return found


def _leads(boards: tuple[Board, ...]) -> dict[uuid.UUID, tuple[str, ...]]:
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for one in boards:
        found[one.lead_department_id] = (*found.get(one.lead_department_id, ()), one.name)
    return found
