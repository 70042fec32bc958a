"""One case as models, read with all its parts in one statement whose plan is kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.directory.models import Department, Enterprise
from bihuan.foundation.kernel import database

from .. import permissions
from ..models import Attachment, Case, CoDepartment, Contact, Plan
from ..permissions import Actor

M = TypeVar("M", bound=models.Model)


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name != "search"]


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column}" for field in _fields(model))


_NAMES: dict[type[models.Model], frozenset[str]] = {
    model: frozenset(field.attname for field in _fields(model)) for model in (Case, Enterprise, Department)
}
_SIZES = {model: len(_fields(model)) for model in _NAMES}
_CASE = _columns(Case, "cases_case")
_ONE = (
    f"select {_CASE}, {_columns(Enterprise, 'firm')}, {_columns(Department, 'lead')},"  # noqa: S608
    " (select json_build_object('id', into_.id, 'number', into_.number, 'title', into_.title)"
    " from cases_case into_ where into_.id = cases_case.merged_into_id)"
)
_PARTS = (
    ", (select json_agg(p order by p.version) from cases_plan p where p.case_id = cases_case.id),"
    " (select json_agg(p order by p.round, p.id) from cases_codepartment p where p.case_id = cases_case.id),"
    " (select json_agg(p order by p.uploaded_at, p.id) from cases_attachment p where p.case_id = cases_case.id),"
    " (select json_agg(p) from cases_contact p where p.case_id = cases_case.id),"
    " (select json_agg(m.number order by m.number) from cases_case m where m.merged_into_id = cases_case.id)"
)
_FROM = (
    " from cases_case left join directory_enterprise firm on firm.id = cases_case.enterprise_id"
    " left join directory_department lead on lead.id = cases_case.lead_department_id"
)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What belongs to a case, in the order in which it is shown."""

    plans: list[Plan]
    co_departments: list[CoDepartment]
    attachments: list[Attachment]
    contact: Contact | None
    merged_numbers: list[str]


def one(*, number: str, actor: Actor) -> Case | None:
    """Return the case with enterprise, lead department and survivor, if these eyes may see it. Inside `reading`."""
    found = _read("", number, actor)
    return _case(found) if found else None


def whole(*, number: str, actor: Actor) -> tuple[Case, Parts] | None:
    """Return the case and its parts, if these eyes may see it. Call inside `reading`."""
    found = _read(_PARTS, number, actor)
    if found is None:
        return None
    case = _case(found)
    plans, helpers, files, contacts, merged = (rows or [] for rows in found[-5:])
    known = {department.id: department for department in directory.departments(case.region)}
    co_departments = _instances(CoDepartment, helpers)
    for part in co_departments:
        if part.department_id in known:
            part.department = known[part.department_id]
    return case, Parts(
        plans=_instances(Plan, plans),
        co_departments=co_departments,
        attachments=_instances(Attachment, files),
        contact=next(iter(_instances(Contact, contacts)), None),
        merged_numbers=merged,
    )


def locked(condition: str, parameters: Sequence[Any]) -> Case | None:
    """Lock the one row that meets a condition on `cases_case` and return it, if there is one. Inside `writing`."""
    rows = database.fetch(f"select {_CASE} from cases_case where {condition} for update", parameters)  # noqa: S608
    return Case.from_db("default", _NAMES[Case], rows[0]) if rows else None


def _read(parts: str, number: str, actor: Actor) -> tuple[Any, ...] | None:
    visible, parameters = permissions.visible_sql(actor)
    sql = f"{_ONE}{parts}{_FROM} where cases_case.number = %s and {visible}"
    return next(iter(database.fetch(sql, [number, *parameters])), None)


def _case(row: Sequence[Any]) -> Case:
    """Return the case at the beginning of a row, with enterprise, lead department and survivor after it."""
    firm_at, lead_at = _SIZES[Case], _SIZES[Case] + _SIZES[Enterprise]
    end = lead_at + _SIZES[Department]
    case = Case.from_db("default", _NAMES[Case], row[:firm_at])
    cache = case._state.fields_cache
    cache["enterprise"] = _related(Enterprise, row[firm_at:lead_at])
    cache["lead_department"] = _related(Department, row[lead_at:end])
    # None when these eyes may not see the survivor.
    survivor = row[end]
    cache["merged_into"] = survivor and Case.from_db(
        "default", survivor.keys(), [uuid.UUID(survivor["id"]), survivor["number"], survivor["title"]]
    )
    return case


def _related(model: type[M], values: Sequence[Any]) -> M | None:
    return model.from_db("default", _NAMES[model], values) if values[0] is not None else None


def _instances(model: type[M], rows: Sequence[dict[str, Any]]) -> list[M]:
    fields = _fields(model)
    names = [field.attname for field in fields]
    return [model.from_db("default", names, [field.to_python(row[field.column]) for field in fields]) for row in rows]
