"""Records of enterprises out of a file: every row that is wrong is named, the others are kept, each once."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import reading
from bihuan.foundation.directory.models import Department, Enterprise
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.kernel.text import clean_line

from .. import permissions
from ..models import Batch, Record
from ..rulebook import Inspections
from .rating import fill
from .recording import commit, rule

MOST = 20_000
"""Rows of one file."""
SHOWN = 1_000
"""Problems that are kept with a batch; more than that, and the file is not what it seems."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "enterprise": ("统一社会信用代码", "信用代码", "enterprise", "uscc"),
    "on": ("日期", "检查日期", "决定日期", "on", "date"),
    "category": ("类别", "检查类别", "category"),
    "severity": ("严重程度", "程度", "severity"),
    "text": ("内容", "违法事实", "情况", "text"),
}
SEVERITIES = {"轻微": "minor", "一般": "ordinary", "较重": "ordinary", "严重": "serious"}


def import_records(*, department: Department, file: BinaryIO, filename: str, actor: Actor, now: dt.datetime) -> Batch:
    """Take in a `.csv` or `.xlsx` file of records for a body, and return the batch with the problem of each wrong row.

    Headings: credit code, day, category (id or name), severity, text; in Chinese or English. The same file twice adds
    nothing. Raises Forbidden, Invalid (`file_invalid`, `heading_missing`), TooLarge. Leaves one fact.
    """
    with database.writing():
        permissions.check_enters(actor, department.region, department.id)
        region = department.region[:6]
        rows: list[tuple[int, dict[str, str]]] = []
        for number, cells in reading.rows(file, filename=filename):
            if len(rows) >= MOST:
                raise errors.TooLarge(_("A file holds at most %(most)d rows.") % {"most": MOST})
            rows.append((number, _named(cells)))
        batch = Batch(region=region, name=clean_line(filename)[:120], entered_by=actor.person_id, entered_at=now)
        firms = dict(
            Enterprise.objects.filter(uscc__in={row["enterprise"] for _n, row in rows}).values_list("uscc", "id")
        )
        words = _categories(rule(region, now))
        made: dict[tuple[Any, str], Record] = {}
        problems: list[dict[str, Any]] = []
        for number, row in rows:
            record = Record(region=region, department=department, source="file")
            try:
                firm = firms.get(row["enterprise"])
                if firm is None:
                    raise errors.Invalid(_("No enterprise has this credit code."), code="unknown", field="enterprise")
                fill(record, _plain(row, words), now)
                record.enterprise_id = firm
                made.setdefault((firm, record.key), record)
            except errors.Invalid as problem:
                problems.append({"row": number, "field": problem.field, "problem": str(problem.detail)})
        known = set(
            Record.objects.filter(enterprise__in={firm for firm, _key in made}).values_list("enterprise_id", "key")
        )
        new = [record for key, record in made.items() if key not in known]
        batch.kept, batch.known = len(new), len(rows) - len(problems) - len(new)
        batch.problems = problems[:SHOWN]
        said = {"name": batch.name, "kept": batch.kept, "known": batch.known, "wrong": len(problems)}
        commit(batch, "records_entered", now=now, said=said, actor=actor, made=True)
        for record in new:
            record.batch = batch
        Record.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
    return batch


def _named(cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells by our names. Raises Invalid for a file without one of the headings."""
    found = {}
    for field, known in HEADINGS.items():
        heading = next((one for one in cells if clean_line(one).lower() in known), None)
        if heading is None:
            said = _("The file has no column “%(name)s”.") % {"name": known[0]}
            raise errors.Invalid(said, code="heading_missing", field="file")
        found[field] = clean_line(cells[heading])
    return found | {"enterprise": found["enterprise"].upper()}


def _categories(book: Inspections) -> dict[str, str]:
    return {name: one.id for one in book.categories for name in (one.id, one.name.zh, one.name.en)}


def _plain(row: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    day = row["on"][:10].replace("/", "-").replace(".", "-")
    parts = day.split("-")
    if len(parts) == 3 and all(one.isdecimal() for one in parts):
        day = f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"
    try:
        known = parse_date(day) is not None
    except ValueError:
        known = False
    return {
        "on": day if known else "",
        "category": words.get(row["category"], ""),
        "severity": SEVERITIES.get(row["severity"], row["severity"].lower()),
        "text": row["text"],
    }
