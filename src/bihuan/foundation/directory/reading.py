"""Rows out of a CSV or Excel file that somebody handed in: any usual encoding, no bombs, every row with its line."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors

MAX_BYTES = 64 * 1024 * 1024
"""Largest file taken, and largest content of an Excel file once unpacked is ten times that."""
MAX_COLUMNS = 200

Row = tuple[int, dict[str, str]]
"""Line number as a person sees it in the file (the heading is line 1), and heading → text."""


def rows(file: BinaryIO, *, filename: str) -> Iterator[Row]:
    """Yield the rows of a `.csv` or `.xlsx` file; empty rows are left out, missing cells are empty texts.

    Raises errors.TooLarge for a file that is or unpacks to too much, errors.Invalid (`file_invalid`) for one that is
    neither CSV in UTF-8, UTF-16 or GB 18030 nor an Excel workbook, or that has no heading.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise errors.TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES >> 20})
    lines = _excel(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    numbered = ((number, [_text(cell) for cell in cells[:MAX_COLUMNS]]) for number, cells in enumerate(lines, 1))
    filled = (pair for pair in numbered if any(pair[1]))
    heading = next(filled, None)
    if heading is None:
        raise _unreadable(filename)
    for number, cells in filled:
        cells += [""] * (len(heading[1]) - len(cells))
        yield number, {name: cell for name, cell in zip(heading[1], cells, strict=False) if name}


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 (with its mark) or GB 18030. Raises errors.Invalid, `file_invalid`."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("")


def _unreadable(filename: str) -> errors.Invalid:
    sentence = _(
        "The file %(name)s cannot be read; please hand in CSV or Excel (.xlsx) with headings in the first row."
    )
    return errors.Invalid(sentence % {"name": filename}, code="file_invalid", field="file")


def _csv(content: bytes) -> Iterator[list[Any]]:
    text = decode(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise _unreadable("") from error


def _excel(content: bytes) -> Iterator[list[Any]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 10 * MAX_BYTES:
                raise errors.TooLarge(_("The workbook unpacks to too much."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(values_only=True):
            yield list(cells)
    except errors.Problem:
        raise
    # A damaged workbook surfaces as whatever its broken part happens to raise inside openpyxl.
    except Exception as error:
        raise _unreadable("") from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
