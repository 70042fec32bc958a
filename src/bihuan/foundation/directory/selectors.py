"""Reads of the directory. Plain names return None for what is not there; `…_in_force` raises a Problem for an input.

Regions, departments and boards are remembered for up to five seconds in each process: treat them as read-only.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.foundation.directory import rules
from bihuan.foundation.directory.models import Board, Department, Enterprise, Region
from bihuan.foundation.directory.recent import Recent
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import clean_line

_regions: Recent[Region | None] = Recent()
_descendants: Recent[tuple[str, ...]] = Recent()
_towns: Recent[tuple[Region, ...]] = Recent()
_departments: Recent[tuple[Department, ...]] = Recent()
_boards: Recent[tuple[Board, ...]] = Recent()
_predecessors: Recent[tuple[uuid.UUID, ...]] = Recent()


def forget() -> None:
    """Forget what this process remembers of the directory (after a change, and between tests)."""
    for memory in (_regions, _descendants, _towns, _departments, _boards, _predecessors):
        memory.forget()


def in_force(thing: Any, on: dt.date) -> bool:
    """Tell whether a region, department or board is in force on a day: valid_from ≤ on < valid_to."""
    return (thing.valid_from is None or thing.valid_from <= on) and (thing.valid_to is None or on < thing.valid_to)


def region(code: str) -> Region | None:
    """Return the region with this code, in force or not, or None."""
    return _regions.get(code, lambda: Region.objects.filter(code=code).first())


def region_in_force(code: str, on: dt.date, *, field: str = "region") -> Region:
    """Return the region of an input. Raises errors.Invalid: `region_invalid`, `…_unknown`, `…_not_in_force`."""
    if not rules.is_region_code(code):
        raise errors.Invalid(_("A region code has six digits, or nine for a town."), code="region_invalid", field=field)
    found = region(code)
    if found is None:
        raise errors.Invalid(
            _("There is no region with the code %(code)s here.") % {"code": code}, code="region_unknown", field=field
        )
    if not in_force(found, on):
        facts = {"code": code, "name": found.name, "day": on.isoformat()}
        raise errors.Invalid(
            _("%(name)s (%(code)s) is not in force on %(day)s.") % facts, code="region_not_in_force", field=field
        )
    return found


def regions(codes: Collection[str], on: dt.date) -> list[Region]:
    """Return those of the regions that are in force on a day, by code (one query, not remembered)."""
    return [one for one in Region.objects.filter(code__in=codes).order_by("code") if in_force(one, on)]


def names_of_departments(ids: Collection[uuid.UUID]) -> dict[str, str]:
    """Return id as text → name, for those of the ids that are departments (one query, none for no ids)."""
    found = Department.objects.filter(pk__in=ids).values_list("id", "name") if ids else ()
    return {str(one): name for one, name in found}


def board_by_id(board_id: uuid.UUID) -> Board | None:
    """Return a board by its id with its lead department, or None (one query, not remembered)."""
    return Board.objects.filter(pk=board_id).select_related("lead_department").first()


def descendants(code: str, *, towns: bool = False) -> tuple[str, ...]:
    """Return `code` and the codes of all regions inside it, past ones too (their cases stay); towns if asked for."""

    def read() -> tuple[str, ...]:
        inside = Region.objects.filter(code__startswith=rules.region_prefix(code)).exclude(code=code)
        if not towns:
            inside = inside.exclude(level="town")
        return (code, *inside.order_by("code").values_list("code", flat=True))

    return _descendants.get((code, towns), read)


def region_path(code: str) -> tuple[Region, ...]:
    """Return the region and those above it, outermost first; empty for an unknown code."""
    path: list[Region] = []
    found = region(code)
    while found is not None:
        path.insert(0, found)
        found = region(found.parent_id) if found.parent_id else None
    return tuple(path)


def towns(code: str, on: dt.date) -> tuple[Region, ...]:
    """Return the towns of a county in force on a day, in the order of their codes."""
    found = _towns.get(code, lambda: tuple(Region.objects.filter(parent=code, level="town").order_by("code")))
    return tuple(town for town in found if in_force(town, on))


def departments(region: str, *, on: dt.date | None = None) -> tuple[Department, ...]:
    """Return the departments of a region in pinyin order; with `on` only those in force that day."""
    found = _departments.get(region, lambda: tuple(Department.objects.filter(region=region).order_by("pinyin", "code")))
    return found if on is None else tuple(row for row in found if in_force(row, on))


def department(region: str, code: str) -> Department | None:
    """Return the department with this code in the region, in force or not, or None."""
    return next((row for row in departments(region) if row.code == code), None)


def department_in_force(region: str, code: str, on: dt.date, *, field: str = "department") -> Department:
    """Return the department of an input. Raises errors.Invalid: `department_unknown`, `department_not_in_force`."""
    found = department(region, code)
    if found is None:
        raise errors.Invalid(
            _("There is no department with the code %(code)s in this region.") % {"code": code[:40]},
            code="department_unknown",
            field=field,
        )
    if not in_force(found, on):
        successor = next((row for row in departments(region) if row.pk == found.successor_id), None)
        sentence = (
            _("%(name)s is closed; %(successor)s has taken over.")
            if successor
            else _("%(name)s is not in force on this day.")
        )
        raise errors.Invalid(
            sentence % {"name": found.name, "successor": successor.name if successor else ""},
            code="department_not_in_force",
            field=field,
        )
    return found


def department_by_id(department_id: uuid.UUID) -> Department | None:
    """Return a department by its id, or None (one query, not remembered)."""
    return Department.objects.filter(pk=department_id).first()


def with_predecessors(department_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return the department and all that were merged into it: whoever works there inherits their cases."""

    def read() -> tuple[uuid.UUID, ...]:
        found, frontier = [department_id], [department_id]
        while frontier:
            rows = Department.objects.filter(successor__in=frontier).order_by("code").values_list("id", flat=True)
            frontier = [one for one in rows if one not in found]
            found += frontier
        return tuple(found)

    return _predecessors.get(department_id, read)


def boards(region: str, *, on: dt.date | None = None) -> tuple[Board, ...]:
    """Return the boards of a region in their set order, each with its lead department; with `on` those in force."""
    found = _boards.get(
        region,
        lambda: tuple(
            Board.objects.filter(region=region).select_related("lead_department").order_by("position", "code")
        ),
    )
    return found if on is None else tuple(row for row in found if in_force(row, on))


def board(region: str, code: str) -> Board | None:
    """Return the board with this code in the region, in force or not, or None."""
    return next((row for row in boards(region) if row.code == code), None)


def board_in_force(region: str, code: str, on: dt.date, *, field: str = "board") -> Board:
    """Return the board of an input. Raises errors.Invalid: `board_unknown`, `board_not_in_force`."""
    found = board(region, code)
    if found is None:
        raise errors.Invalid(
            _("There is no board with the code %(code)s in this region.") % {"code": code[:40]},
            code="board_unknown",
            field=field,
        )
    if not in_force(found, on):
        raise errors.Invalid(
            _("%(name)s is not in force on this day.") % {"name": found.name}, code="board_not_in_force", field=field
        )
    return found


def enterprise(uscc: str) -> Enterprise | None:
    """Return the enterprise with this credit code, normalized first, or None. Raises Invalid, `uscc_invalid`."""
    return Enterprise.objects.filter(uscc=rules.check_uscc(uscc)).first()


def enterprise_id(uscc: str) -> uuid.UUID | None:
    """Return only the id of the enterprise with this normalized credit code, or None; cheap, for intake."""
    rows = database.fetch("select id from directory_enterprise where uscc = %s", [uscc])
    return rows[0][0] if rows else None


def search_enterprises(*, text: str, regions: Collection[str], limit: int = 10) -> list[Enterprise]:
    """Return enterprises of the regions by the beginning of their credit code or a part of their name.

    At least two characters are needed; fewer give nothing.
    """
    text = clean_line(text)
    if len(text) < 2:
        return []
    # `contains`, not `icontains`: only the former can use the trigram index.
    named = Q(name__contains=text) | Q(uscc__startswith=rules.normalize_uscc(text))
    return list(Enterprise.objects.filter(named, region__in=regions, closed_on=None).order_by("pinyin")[:limit])
