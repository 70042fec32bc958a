"""Figures as a file: xlsx or csv, with what each one means and as of when."""

import csv
import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from bihuan.casework.cases.exports import disarmed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def write_csv(rows: list[list[Any]], notes: list[tuple[str, str]]) -> bytes:
    """Return CSV in UTF-8 with a byte-order mark: the rows, an empty line, then the notes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in [*rows, [], *notes]:
        writer.writerow([disarmed(cell) if isinstance(cell, str) else _plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(rows: list[list[Any]], notes: list[tuple[str, str]]) -> bytes:
    """Return a workbook: one sheet with the numbers as numbers, one with the notes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    sheet = book.add_worksheet(str(_("Figures")))
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(place, column, cell, bold if place == 0 else None)
            elif cell is not None:
                sheet.write_number(place, column, cell, share if isinstance(cell, float) else None)
    sheet.freeze_panes(1, 2)
    meant = book.add_worksheet(str(_("What the figures mean")))
    for place, note in enumerate(notes):
        for column, text in enumerate(note):
            meant.write_string(place, column, text)
    book.close()
    return out.getvalue()


def _plain(cell: Any) -> Any:
    return "" if cell is None else f"{cell:.4f}" if isinstance(cell, float) else cell
