"""The register as a file: xlsx, csv or jsonl; what a reader sees, nothing personal, and no formula that runs."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database, errors

from . import permissions, selectors
from .models import Case, Numbering
from .permissions import Actor

COLUMNS: dict[str, Any] = {
    "number": gettext_lazy("Number"),
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "state": gettext_lazy("State"),
    "light": gettext_lazy("Light"),
    "tier": gettext_lazy("Tier"),
    "board": gettext_lazy("Board"),
    "category": gettext_lazy("Category"),
    "channel": gettext_lazy("Channel"),
    "region": gettext_lazy("Region"),
    "place": gettext_lazy("Place"),
    "enterprise_uscc": gettext_lazy("Credit code"),
    "enterprise_name": gettext_lazy("Enterprise"),
    "lead_department": gettext_lazy("Lead department"),
    "raised_at": gettext_lazy("Raised at"),
    "due_at": gettext_lazy("Due at"),
    "original_due_at": gettext_lazy("Original due at"),
    "reply_text": gettext_lazy("Reply"),
    "replied_at": gettext_lazy("Replied at"),
    "closed_at": gettext_lazy("Closed at"),
    "closed_kind": gettext_lazy("Closed as"),
    "achieved": gettext_lazy("Achieved"),
    "word": gettext_lazy("The enterprise's word"),
    "source": gettext_lazy("Source"),
    "source_id": gettext_lazy("Source id"),
}
"""Fields of the export, in order, with their headings; an import understands them. Contacts are never exported."""

# A cell that begins so would be run as a formula by a spreadsheet (OWASP "CSV injection").
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 1_048_575
"""Rows of a sheet of Excel below the heading."""
_PAGE = 1_000
_TEXTS = "description place reply_text replied_at source source_id".split()


def disarmed(value: str) -> str:
    """Return the text so that no spreadsheet runs it: an apostrophe stands before a dangerous first character.

    A text that looks disarmed already gets one more, so that whoever takes one away again has the text as it was.
    """
    return f"'{value}" if value.lstrip("'").startswith(_DANGEROUS) else value


def plain_rows(*, actor: Actor, filters: selectors.Filters, now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Yield every row of a list as plain values, instants as ISO 8601 in local time."""
    parts = _parts(actor, filters)
    rows = (row for part in parts for row in selectors.every(actor=actor, filters=part, now=now))
    codes = cache(lambda region: {one.id: one.code for one in directory.departments(region)})
    while page := list(islice(rows, _PAGE)):
        texts = _texts(actor, [row.id for row in page])
        for row in page:
            values = {name: getattr(row, name, None) for name in COLUMNS} | texts.get(row.id, {})
            values["lead_department"] = (
                codes(row.region).get(row.lead_department_id) if row.lead_department_id else None
            )
            yield {name: _shown(value) for name, value in values.items()}


def _parts(actor: Actor, filters: selectors.Filters) -> list[selectors.Filters]:
    """Read the whole register region by region: without a region no index knows its order, and each page reads all."""
    if not actor.system or filters.region:
        return [filters]
    with database.reading(actor.scope()):
        regions = Numbering.objects.order_by("region").values_list("region", flat=True).distinct()
        return [replace(filters, region=(region,)) for region in regions]


def _texts(actor: Actor, ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return what a list does not show, of cases that this actor's list has shown."""
    with database.reading(actor.scope()):
        found = Case.objects.filter(permissions.visible(actor), id__in=ids).values_list("id", *_TEXTS)
        return {row[0]: dict(zip(_TEXTS, row[1:], strict=True)) for row in found}


def _shown(value: Any) -> Any:
    return value.astimezone().isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value


def to_file(
    *,
    path: Path,
    actor: Actor,
    now: dt.datetime,
    filters: selectors.Filters | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the register to `path` in the format of its ending and return the number of rows. Raises Invalid."""
    writers = {".csv": write_csv, ".xlsx": write_xlsx, ".jsonl": write_jsonl}
    if path.suffix.lower() not in writers:
        raise errors.Invalid(_("The file must end in .xlsx, .csv or .jsonl."), code="format_unknown", field="file")
    rows = plain_rows(actor=actor, filters=filters or selectors.Filters(), now=now)
    with path.open("wb") as out:
        return writers[path.suffix.lower()](out, _counted(rows, progress))


def _counted(rows: Iterable[dict[str, Any]], progress: Callable[[int, int], None] | None) -> Iterator[dict[str, Any]]:
    for done, row in enumerate(rows, start=1):
        if progress and done % 500 == 0:
            progress(done, done)
        yield row


def write_jsonl(out: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Write one JSON object a line; return the number of rows."""
    number = 0
    for number, row in enumerate(rows, start=1):  # noqa: B007
        out.write(orjson.dumps(row) + b"\n")
    return number


def write_csv(out: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Write CSV in UTF-8 with a byte-order mark (so that Excel reads Chinese); return the number of rows."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([str(heading) for heading in COLUMNS.values()])
    number = 0
    for number, row in enumerate(rows, start=1):  # noqa: B007
        writer.writerow(
            [disarmed(value) if isinstance(value, str) else ("" if value is None else value) for value in row.values()]
        )
    text.detach()
    return number


def write_xlsx(out: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Write a workbook in constant memory, every text as a text; return the number of rows.

    Raises Invalid `too_many_rows` past what a sheet can hold.
    """
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(str(_("Register")))
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(COLUMNS.values()):
        sheet.write_string(0, column, str(heading), bold)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise errors.Invalid(
                _("A workbook holds at most %(most)s rows; export to .csv instead.") % {"most": MOST_ROWS},
                code="too_many_rows",
                field="file",
            )
        for column, value in enumerate(row.values()):
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
    book.close()
    return number
