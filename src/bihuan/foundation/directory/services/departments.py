"""Departments: set up, renamed, put elsewhere in the tree, merged, closed. They are never deleted."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from bihuan.foundation.directory import events, permissions, rules, selectors
from bihuan.foundation.directory.models import Board, Department, DepartmentKind
from bihuan.foundation.directory.services._common import (
    change,
    changes_directory,
    clean_code,
    clean_name,
    compared,
    lock_region,
    today,
)
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.events import publish
from bihuan.foundation.kernel.text import clean_line


def create_department(
    *,
    region: str,
    code: str,
    name: str,
    actor_id: uuid.UUID,
    now: dt.datetime,
    short_name: str = "",
    kind: str = DepartmentKind.BUREAU,
    parent: str = "",
    valid_from: dt.date | None = None,
) -> Department:
    """Set up a department and return it. `parent` is the code of the department above, in the same region.

    Raises errors.Invalid (`code_invalid`, `name_invalid`, `region_…`, `department_…`), errors.Conflict
    (`department_exists`), errors.Forbidden. Publishes DepartmentCreated.
    """
    code, name = clean_code(code), clean_name(name, limit=100)
    short_name = clean_name(short_name or name[:30], limit=30, field="short_name")
    if kind not in DepartmentKind.values:
        raise errors.Invalid(_("There is no such kind of department."), code="kind_invalid", field="kind")
    with writing():
        lock_region(region)
        permissions.check_structure(actor_id, region)
        selectors.region_in_force(region, today(now))
        if Department.objects.filter(region=region, code=code).exists():
            raise errors.Conflict(
                _("There is a department with the code %(code)s already.") % {"code": code},
                code="department_exists",
                field="code",
            )
        above = selectors.department_in_force(region, parent, today(now), field="parent") if parent else None
        department = Department.objects.create(
            region=region,
            code=code,
            name=name,
            short_name=short_name,
            pinyin=rules.sort_key(name),
            kind=kind,
            parent=above,
            valid_from=valid_from,
        )
        changes_directory()
        publish(
            events.DepartmentCreated(region=region, actor_id=actor_id, now=now, department_id=department.pk, code=code)
        )
    return department


def update_department(
    *,
    department_id: uuid.UUID,
    actor_id: uuid.UUID,
    now: dt.datetime,
    name: str | None = None,
    short_name: str | None = None,
    kind: str | None = None,
    parent: str | None = None,
    reason: str = "",
) -> Department:
    """Rename a department or put it elsewhere in the tree; what is None stays, `parent=""` makes it stand alone.

    Raises errors.Conflict (`department_circle`) if it would come under itself, errors.Invalid, errors.NotFound,
    errors.Forbidden. Publishes DepartmentChanged if anything changed.
    """
    with writing():
        department = _lock(department_id, actor_id)
        before = _shown(department)
        if kind is not None and kind not in DepartmentKind.values:
            raise errors.Invalid(_("There is no such kind of department."), code="kind_invalid", field="kind")
        new_name = None if name is None else clean_name(name, limit=100)
        fields = change(
            department,
            name=new_name,
            pinyin=None if new_name is None else rules.sort_key(new_name),
            short_name=None if short_name is None else clean_name(short_name, limit=30, field="short_name"),
            kind=kind,
        )
        if parent is not None:
            fields += _move(department, parent, today(now))
        if fields:
            publish(
                events.DepartmentChanged(
                    region=department.region,
                    actor_id=actor_id,
                    now=now,
                    department_id=department.pk,
                    code=department.code,
                    fields=tuple(field for field in fields if field != "pinyin"),
                    values=compared(before, _shown(department)),
                    reason=clean_line(reason)[:200],
                )
            )
    return department


def _shown(department: Department) -> dict[str, str]:
    above = next((row for row in selectors.departments(department.region) if row.pk == department.parent_id), None)
    return {
        "name": department.name,
        "short_name": department.short_name,
        "kind": department.kind,
        "parent": above.name if above else "",
    }


def _move(department: Department, parent: str, on: dt.date) -> tuple[str, ...]:
    above = selectors.department_in_force(department.region, parent, on, field="parent") if parent else None
    if department.parent_id == (above.pk if above else None):
        return ()
    rows = Department.objects.filter(region=department.region)
    parents = dict(rows.values_list("id", "parent"))
    names = dict(rows.values_list("id", "short_name"))
    if ring := rules.circle(child=department.pk, parent=above.pk if above else None, parents=parents):
        raise errors.Conflict(
            _("A department cannot come under itself: %(ring)s.")
            % {"ring": " → ".join(names[one] for one in (*ring, ring[0]))},
            code="department_circle",
            field="parent",
        )
    department.parent = above
    department.save(update_fields=["parent"])
    changes_directory()
    return ("parent",)


def merge_department(
    *,
    department_id: uuid.UUID,
    into_id: uuid.UUID,
    actor_id: uuid.UUID,
    now: dt.datetime,
    on: dt.date | None = None,
    reason: str = "",
) -> Department:
    """Let a department go into another one of its region from the day `on` (today), and return it.

    Its boards and the departments under it pass to the successor. Raises errors.Conflict (`department_ended`,
    `department_circle`), errors.Invalid, errors.NotFound, errors.Forbidden. Publishes DepartmentMerged.
    """
    on = on or today(now)
    with writing():
        department = _lock(department_id, actor_id)
        successor = Department.objects.filter(pk=into_id, region=department.region).first()
        if successor is None:
            raise errors.Invalid(
                _("The successor must be a department of the same region."), code="department_unknown", field="into"
            )
        if successor.pk == department.pk:
            raise errors.Conflict(_("A department cannot be merged into itself."), code="department_circle")
        if successor.valid_to is not None:
            raise errors.Conflict(_("%(name)s is itself closed.") % {"name": successor.name}, code="department_ended")
        _end(department, on, successor)
        if successor.parent_id == department.pk:
            Department.objects.filter(pk=successor.pk).update(parent=department.parent_id)
        Department.objects.filter(parent=department).exclude(pk=successor.pk).update(parent=successor)
        Board.objects.filter(lead_department=department).update(lead_department=successor)
        changes_directory()
        publish(
            events.DepartmentMerged(
                region=department.region,
                actor_id=actor_id,
                now=now,
                department_id=department.pk,
                code=department.code,
                successor_id=successor.pk,
                on=on,
                reason=clean_line(reason)[:200],
            )
        )
    return department


def close_department(
    *,
    department_id: uuid.UUID,
    actor_id: uuid.UUID,
    now: dt.datetime,
    on: dt.date | None = None,
    reason: str = "",
) -> Department:
    """End a department that has no successor from the day `on` (today), and return it.

    Raises errors.Conflict (`department_ended`, `department_leads_board`, `department_has_children`), errors.NotFound,
    errors.Forbidden. Publishes DepartmentClosed.
    """
    on = on or today(now)
    with writing():
        department = _lock(department_id, actor_id)
        board = Board.objects.filter(lead_department=department, valid_to=None).first()
        if board is not None:
            raise errors.Conflict(
                _("%(name)s leads the board %(board)s; please give the board another lead first.")
                % {"name": department.name, "board": board.name},
                code="department_leads_board",
            )
        if Department.objects.filter(parent=department, valid_to=None).exists():
            raise errors.Conflict(
                _("There are departments under %(name)s; please close or move them first.") % {"name": department.name},
                code="department_has_children",
            )
        _end(department, on, None)
        publish(
            events.DepartmentClosed(
                region=department.region,
                actor_id=actor_id,
                now=now,
                department_id=department.pk,
                code=department.code,
                on=on,
                reason=clean_line(reason)[:200],
            )
        )
    return department


def _lock(department_id: uuid.UUID, actor_id: uuid.UUID) -> Department:
    found = Department.objects.filter(pk=department_id).first()
    if found is None:
        raise errors.NotFound(_("There is no such department."), code="department_unknown")
    lock_region(found.region)
    permissions.check_structure(actor_id, found.region)
    return Department.objects.select_for_update().get(pk=department_id)


def _end(department: Department, on: dt.date, successor: Department | None) -> None:
    if department.valid_to is not None:
        raise errors.Conflict(_("%(name)s is closed already.") % {"name": department.name}, code="department_ended")
    if department.valid_from is not None and on <= department.valid_from:
        raise errors.Invalid(_("The end lies before the beginning."), code="period_invalid", field="on")
    department.valid_to = on
    department.successor = successor
    department.save(update_fields=["valid_to", "successor"])
    changes_directory()
