"""Enterprises: added one by one or from a file, corrected, moved. Their credit code never changes."""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from bihuan.foundation.directory import events, permissions, reading, rules, selectors
from bihuan.foundation.directory.models import Enterprise, Size
from bihuan.foundation.directory.services._common import ImportReport, change, clean_name, today
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.events import publish
from bihuan.foundation.kernel.text import clean_line

_COLUMNS = {
    "uscc": ("uscc", "统一社会信用代码", "信用代码"),
    "name": ("name", "企业名称", "名称", "单位名称"),
    "region": ("region", "区划代码", "行政区划代码", "所属区划"),
    "town": ("town", "镇街代码", "镇街", "乡镇街道"),
    "address": ("address", "地址", "住所", "经营地址"),
    "industry": ("industry", "行业代码", "行业"),
    "size": ("size", "规模"),
    "staff": ("staff", "从业人员"),
    "revenue": ("revenue", "营业收入"),
    "assets": ("assets", "资产总额"),
}
_DETAILS = ("name", "pinyin", "region", "town", "address", "industry", "size")
_SIZE_NAMES = {"大型": "large", "中型": "medium", "小型": "small", "微型": "micro"}
_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is kept of an enterprise. `town` is a code or a name within the region; `figures` decide the size class."""

    name: str
    region: str
    town: str = ""
    address: str = ""
    industry: str = ""
    size: str = ""
    figures: rules.Figures = rules.NO_FIGURES


def add_enterprise(
    *, uscc: str, details: Details, actor_id: uuid.UUID, now: dt.datetime, source: str = "desk"
) -> Enterprise:
    """Add an enterprise and return it.

    Raises errors.Invalid (`uscc_invalid`, `name_invalid`, `region_…`, `town_unknown`, `industry_invalid`,
    `size_invalid`), errors.Conflict (`enterprise_exists`), errors.Forbidden. Publishes EnterpriseChanged (added).
    """
    code = rules.check_uscc(uscc)
    with writing():
        permissions.check_enterprises(actor_id, details.region)
        values = _values(details, today(now))
        fresh = Enterprise(uscc=code, source=source, created_at=now, updated_at=now, **values)
        # Without a savepoint a unique violation would spoil the whole transaction.
        Enterprise.objects.bulk_create([fresh], ignore_conflicts=True)
        enterprise = Enterprise.objects.get(uscc=code)
        if enterprise.pk != fresh.pk:
            raise errors.Conflict(
                _("%(name)s is in the directory already.") % {"name": enterprise.name},
                code="enterprise_exists",
                field="uscc",
            )
        _publish(enterprise, "added", actor_id, now)
    return enterprise


def ensure_enterprise(*, uscc: str, region: str, source: str, now: dt.datetime, name: str = "") -> Enterprise:
    """Return the enterprise with this code; one that is not known yet is noted with the name given, or its code.

    For intake, where anybody may raise a matter: no permission is asked, and what is stored already never changes.
    Raises errors.Invalid (`uscc_invalid`, `region_…`). Publishes EnterpriseChanged (added) for a new one.
    """
    code = rules.check_uscc(uscc, field="enterprise")
    found = Enterprise.objects.filter(uscc=code).first()
    if found is not None:
        return found
    with writing():
        values = _values(Details(name=name or code, region=region), today(now))
        fresh = Enterprise(uscc=code, source=source, created_at=now, updated_at=now, **values)
        Enterprise.objects.bulk_create([fresh], ignore_conflicts=True)
        enterprise = Enterprise.objects.get(uscc=code)
        if enterprise.pk == fresh.pk:
            _publish(enterprise, "added", permissions.OPERATOR, now)
    return enterprise


def update_enterprise(
    *,
    enterprise_id: uuid.UUID,
    details: Details,
    actor_id: uuid.UUID,
    now: dt.datetime,
    closed_on: dt.date | None = None,
) -> Enterprise:
    """Replace what is kept of an enterprise, or note that it closed, and return it.

    Moving it to another region needs the permission in both. Raises errors.Invalid as `add_enterprise`,
    errors.NotFound, errors.Forbidden. Publishes EnterpriseChanged (changed) if anything changed.
    """
    with writing():
        enterprise = Enterprise.objects.select_for_update().filter(pk=enterprise_id).first()
        if enterprise is None:
            raise errors.NotFound(_("There is no such enterprise."), code="enterprise_unknown")
        permissions.check_enterprises(actor_id, enterprise.region)
        permissions.check_enterprises(actor_id, details.region)
        if change(enterprise, **_values(details, today(now)), closed_on=closed_on):
            change(enterprise, updated_at=now)
            _publish(enterprise, "changed", actor_id, now)
    return enterprise


def import_enterprises(
    *, file: BinaryIO, filename: str, actor_id: uuid.UUID, now: dt.datetime, region: str = ""
) -> ImportReport:
    """Add and correct enterprises from a CSV or Excel file, each row wholly or not at all; idempotent.

    Columns by English or Chinese heading: uscc, name, region (or the `region` given for all), town, address, industry,
    size, or staff, revenue and assets (10,000 yuan) to find the size by. Empty cells leave stored values as they are.
    Returns counts and a RowError for each row left out. Raises errors.Invalid (`file_invalid`), errors.TooLarge.
    Publishes EnterprisesImported.
    """
    report = ImportReport()
    lines = reading.rows(file, filename=filename)
    with writing():
        while batch := list(itertools.islice(lines, _BATCH)):
            _import_batch(batch, region, actor_id, now, report)
        if report.created or report.updated:
            publish(
                events.EnterprisesImported(
                    region=region,
                    actor_id=actor_id,
                    now=now,
                    created=report.created,
                    updated=report.updated,
                    refused=len(report.refused),
                )
            )
    return report


def _import_batch(
    batch: list[reading.Row], region: str, actor_id: uuid.UUID, now: dt.datetime, report: ImportReport
) -> None:
    wanted: dict[str, Enterprise] = {}
    stored = _stored(batch)
    changed: dict[str, Enterprise] = {}
    for line, cells in batch:
        try:
            code, values = _checked(cells, region, actor_id, now)
            known = wanted.get(code) or stored.get(code)
            if known is None:
                wanted[code] = Enterprise(uscc=code, source="import", created_at=now, updated_at=now, **values)
                continue
            permissions.check_enterprises(actor_id, known.region)
        except errors.Problem as problem:
            report.refuse(line, problem)
            continue
        different = {field: value for field, value in values.items() if value and getattr(known, field) != value}
        for field, value in different.items():
            setattr(known, field, value)
        if not different:
            report.unchanged += 1
        elif code in wanted:
            report.updated += 1
        else:
            known.updated_at = now
            changed[code] = known
    Enterprise.objects.bulk_create(wanted.values())
    Enterprise.objects.bulk_update(changed.values(), [*_DETAILS, "updated_at"])
    report.created += len(wanted)
    report.updated += len(changed)


def _stored(batch: list[reading.Row]) -> dict[str, Enterprise]:
    codes = {rules.normalize_uscc(_cell(cells, "uscc")) for _line, cells in batch}
    rows = Enterprise.objects.select_for_update().filter(uscc__in=codes).order_by("uscc")
    return {enterprise.uscc: enterprise for enterprise in rows}


def _checked(cells: dict[str, str], region: str, actor_id: uuid.UUID, now: dt.datetime) -> tuple[str, dict[str, Any]]:
    code = rules.check_uscc(_cell(cells, "uscc"))
    details = Details(
        name=_cell(cells, "name"),
        region=_cell(cells, "region") or region,
        town=_cell(cells, "town"),
        address=_cell(cells, "address"),
        industry=_cell(cells, "industry"),
        size=_cell(cells, "size"),
        figures=rules.Figures(*(_number(cells, column) for column in ("staff", "revenue", "assets"))),
    )
    values = _values(details, today(now))
    permissions.check_enterprises(actor_id, details.region)
    return code, values


def _cell(cells: dict[str, str], column: str) -> str:
    return next((cells[heading] for heading in _COLUMNS[column] if cells.get(heading)), "")


def _number(cells: dict[str, str], column: str) -> float | None:
    text = _cell(cells, column).replace(",", "")
    try:
        value = float(text) if text else None
    except ValueError:
        value = float("nan")
    if value is not None and not 0 <= value < 1e12:
        raise errors.Invalid(
            _("“%(text)s” is not a number.") % {"text": text[:20]}, code="number_invalid", field=column
        )
    return value


def _values(details: Details, on: dt.date) -> dict[str, Any]:
    """Return the checked and cleaned column values of `details`. Raises errors.Invalid."""
    name = clean_name(details.name, limit=120)
    selectors.region_in_force(details.region, on)
    industry = clean_line(details.industry).upper()
    if industry and not (
        len(industry) <= 5 and "A" <= industry[0] <= "T" and industry[1:].isdigit() | (not industry[1:])
    ):
        raise errors.Invalid(
            _("An industry is a GB/T 4754 code such as C3484."), code="industry_invalid", field="industry"
        )
    size = _SIZE_NAMES.get(clean_line(details.size), clean_line(details.size).lower())
    if size and size not in Size.values:
        raise errors.Invalid(_("A size is large, medium, small or micro."), code="size_invalid", field="size")
    return {
        "name": name,
        "pinyin": rules.sort_key(name),
        "region": details.region,
        "town": _town(details, on),
        "address": clean_line(details.address)[:200],
        "industry": industry,
        "size": size or rules.size_class(industry=industry, figures=details.figures) or "",
    }


def _town(details: Details, on: dt.date) -> str:
    wanted = clean_line(details.town)
    if not wanted:
        return ""
    for town in selectors.towns(details.region, on):
        if wanted in (town.code, town.name):
            return town.code
    raise errors.Invalid(
        _("There is no town “%(name)s” in this region.") % {"name": wanted[:40]}, code="town_unknown", field="town"
    )


def _publish(enterprise: Enterprise, what: str, actor_id: uuid.UUID, now: dt.datetime) -> None:
    publish(
        events.EnterpriseChanged(
            region=enterprise.region, actor_id=actor_id, now=now, enterprise_id=enterprise.pk, change=what
        )
    )
