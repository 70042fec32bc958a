"""Whose figures they are: units with their names, also past ones, and the group in which each is compared."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.foundation.directory import selectors as directory

from ..models import FormerName
from ..rulebook import Scoreboard
from ..rules import periods
from ..rules.counting import Level


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A department, board or region; `short` is its name in tables.

    former: names it bore in or after the month, and those of units merged into it since.
    """

    key: str
    code: str
    name: str
    short: str
    group: str
    former: tuple[str, ...] = ()


def units(level: Level, region: str, *, month: int, rule: Scoreboard) -> tuple[dict[str, Unit], dict[str, str]]:
    """Return (key → unit, key as counted → key it counts for today) of a level of a region."""
    if level == Level.DEPARTMENT:
        return _departments(region, month, rule)
    if level == Level.BOARD:
        found = {
            row.code: Unit(key=row.code, code=row.code, name=row.name, short=row.name, group="")
            for row in directory.boards(region)
        }
        return found, {key: key for key in found}
    names = {code: one.name for code in directory.descendants(region) if (one := directory.region(code))}
    found = {code: Unit(key=code, code=code, name=name, short=name, group="") for code, name in names.items()}
    return found, {key: key for key in found}


def _departments(region: str, month: int, rule: Scoreboard) -> tuple[dict[str, Unit], dict[str, str]]:
    rows = {row.id: row for row in directory.departments(region)}
    since = periods.first_day(month)
    heir = {one: _heir(one, {row.id: row.successor_id for row in rows.values()}) for one in rows}
    former: dict[uuid.UUID, list[str]] = {}
    for name in FormerName.objects.filter(department__in=list(rows), until__gte=since).order_by("until", "id"):
        former.setdefault(heir[name.department], []).append(name.name)
    for row in rows.values():
        if heir[row.id] != row.id and row.valid_to is not None and row.valid_to > since:
            former.setdefault(heir[row.id], []).append(row.name)
    found = {
        str(row.id): Unit(
            key=str(row.id),
            code=row.code,
            name=row.name,
            short=row.short_name,
            group=rule.group_of(row.kind, row.code),
            former=tuple(dict.fromkeys(name for name in former.get(row.id, ()) if name != row.name)),
        )
        for row in rows.values()
        if heir[row.id] == row.id
    }
    return found, {str(one): str(last) for one, last in heir.items()}


def _heir(one: uuid.UUID, successor: Mapping[uuid.UUID, uuid.UUID | None]) -> uuid.UUID:
    """Return who has taken over in the end; a department that goes on is its own heir."""
    seen = {one}
    while (following := successor.get(one)) and following not in seen:
        seen.add(following)
        one = following
    return one
