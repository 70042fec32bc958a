"""Regions come from files: the packaged ones, and the national file that a place's operator hands in."""

import datetime as dt
import io
import json
import uuid
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from bihuan.foundation.directory import events, permissions, reading, rules
from bihuan.foundation.directory.models import Region
from bihuan.foundation.directory.services._common import ImportReport, changes_directory, clean_name
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.events import publish

_COLUMNS = {
    "code": ("code", "代码", "区划代码", "行政区划代码"),
    "name": ("name", "名称", "单位名称", "区划名称"),
    "valid_from": ("valid_from", "启用日期"),
    "valid_to": ("valid_to", "停用日期"),
}
_BATCH = 2000


def load_packaged_regions(*, now: dt.datetime, demonstration: bool = False) -> ImportReport:
    """Bring in the regions shipped with the product; with `demonstration` also the fictional district 999901.

    Idempotent. Source and coverage: `directory/gb2260/README.md`. Publishes RegionsImported.
    """
    names = ["regions.csv", "demonstration.csv"] if demonstration else ["regions.csv"]
    total = ImportReport()
    with writing():
        for name in names:
            content = (resources.files("bihuan.foundation.directory") / "gb2260" / name).read_bytes()
            report = import_regions(file=io.BytesIO(content), filename=name, actor_id=permissions.OPERATOR, now=now)
            total.created += report.created
            total.updated += report.updated
            total.unchanged += report.unchanged
            total.refused += report.refused
    return total


def import_regions(*, file: BinaryIO, filename: str, actor_id: uuid.UUID, now: dt.datetime) -> ImportReport:
    """Add and correct regions from a GB/T 2260 file: CSV with `code,name[,valid_from,valid_to]`, or JSON.

    JSON: a list of `{code, name, children?…}`, or an object code → name. Codes may have 2, 4, 6, 9 or 12 digits. A date
    in the file wins over the stored one; without dates stored dates stay. Nothing is ever removed. Idempotent.
    Returns the counts and a RowError for each row left out. Raises errors.Invalid (`file_invalid`), Forbidden unless
    the operator does it. Publishes RegionsImported.
    """
    if actor_id != permissions.OPERATOR:
        raise errors.Forbidden(_("Regions are imported by the operator of the installation."))
    report = ImportReport()
    wanted: dict[str, tuple[int, Region]] = {}
    for line, row in _rows(file, filename):
        try:
            region = _region(row)
        except errors.Problem as problem:
            report.refuse(line, problem)
            continue
        wanted[region.code] = (line, region)
    with writing():
        _save(wanted, report)
        if report.created or report.updated:
            changes_directory()
            publish(
                events.RegionsImported(
                    region="", actor_id=actor_id, now=now, created=report.created, updated=report.updated
                )
            )
    return report


def _rows(file: BinaryIO, filename: str) -> Iterator[reading.Row]:
    if not filename.lower().endswith(".json"):
        for line, cells in reading.rows(file, filename=filename):
            yield line, {name: _cell(cells, headings) for name, headings in _COLUMNS.items()}
        return
    try:
        content = json.loads(reading.decode(file.read(reading.MAX_BYTES)))
    except (ValueError, RecursionError) as error:
        raise errors.Invalid(_("The file is not JSON."), code="file_invalid", field="file") from error
    yield from enumerate(_flat(content), 1)


def _cell(cells: dict[str, str], headings: Iterable[str]) -> str:
    return next((cells[heading] for heading in headings if heading in cells), "")


def _flat(content: Any) -> Iterator[dict[str, str]]:
    """Yield {code, name, …} from a list of objects, nested by `children` or not, or from an object code → name."""
    if isinstance(content, dict) and "code" not in content:
        yield from ({"code": str(code), "name": str(name)} for code, name in content.items())
        return
    for item in content if isinstance(content, list) else [content]:
        if not isinstance(item, dict):
            item = {}
        yield {name: str(item.get(name) or "") for name in _COLUMNS}
        yield from _flat(item.get("children") or [])


def _region(row: dict[str, str]) -> Region:
    code = rules.canonical_region(row.get("code", ""))
    name = clean_name(row.get("name", ""), limit=60)
    dates = {field: _day(row.get(field, ""), field) for field in ("valid_from", "valid_to")}
    if dates["valid_from"] and dates["valid_to"] and dates["valid_from"] >= dates["valid_to"]:
        raise errors.Invalid(_("The end lies before the beginning."), code="period_invalid", field="valid_to")
    return Region(code=code, name=name, level=rules.region_level(code), **dates)


def _day(text: str, field: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise errors.Invalid(
            _("“%(text)s” is not a date such as 2021-04-09.") % {"text": text[:20]}, code="date_invalid", field=field
        ) from error


def _save(wanted: dict[str, tuple[int, Region]], report: ImportReport) -> None:
    stored = {region.code: region for region in Region.objects.all()}
    known = stored.keys() | wanted.keys()
    fresh, changed = [], []
    for code, (line, region) in sorted(wanted.items()):
        above = rules.region_ancestors(code)
        region.parent_id = next((one for one in above if one in known and one != code), None)
        if above and region.parent_id is None:
            sentence = _("The region above (%(code)s) is missing; please import it first.")
            facts = {"code": above[-1]}
            report.refuse(line, errors.Invalid(sentence % facts, code="region_unknown", field="code"))
            continue
        old = stored.get(code)
        if old is None:
            region.pinyin = rules.sort_key(region.name)
            fresh.append(region)
            continue
        region.valid_from = region.valid_from or old.valid_from
        region.valid_to = region.valid_to or old.valid_to
        region.pinyin = old.pinyin if region.name == old.name else rules.sort_key(region.name)
        if _facts(region) == _facts(old):
            report.unchanged += 1
        else:
            changed.append(region)
    Region.objects.bulk_create(fresh, batch_size=_BATCH)
    Region.objects.bulk_update(changed, ["name", "parent", "pinyin", "valid_from", "valid_to"], batch_size=_BATCH)
    report.created, report.updated = len(fresh), len(changed)


def _facts(region: Region) -> tuple[Any, ...]:
    return (region.name, region.parent_id, region.valid_from, region.valid_to)
