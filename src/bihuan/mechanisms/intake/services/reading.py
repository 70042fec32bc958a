"""Reading foreign registers: xlsx, csv, jsonl, in constant memory, distrusting the file."""

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import orjson
from django.utils.translation import gettext as _
from openpyxl.utils.escape import unescape

from bihuan.foundation.kernel import errors

MOST_UNPACKED = 512 << 20
"""A workbook may unpack to half a GiB at most …"""
MOST_RATIO = 200
"""… and to two hundred times its size (a zip bomb reaches thousands)."""
LONGEST_LINE = 16 << 20
"""Bytes of a line of JSON, and characters of a cell of CSV: beyond, the file is no register."""
MOST_COLUMNS = 1_000

Row = dict[str, Any]
Line = tuple[int, Row, str]
"""(row number as a spreadsheet counts, heading → value, what is wrong with the line: `too_many_cells`, `not_json`)"""

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError, ParseError, NotImplementedError)
# What our own export puts before a text that a spreadsheet would run; see cases.exports.disarmed.
_DISARMED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def read(path: Path) -> tuple[list[str], Iterator[Line], int]:
    """Return (headings, lines, how many lines there are at most, or 0 if that is unknown).

    The heading is row 1. Raises Invalid: `format_unknown`, `file_broken`, `file_bomb`, `file_empty`; while the lines
    are read, too.
    """
    readers = {".xlsx": _xlsx, ".csv": _csv, ".jsonl": _jsonl, ".ndjson": _jsonl}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise errors.Invalid(_("The file must end in .xlsx, .csv or .jsonl."), code="format_unknown", field="file")
    return reader(path)


def _empty() -> errors.Invalid:
    return errors.Invalid(_("The file has no heading line."), code="file_empty", field="file")


def _broken() -> errors.Invalid:
    return errors.Invalid(
        _("The file cannot be read; it is damaged or not what its name says."), code="file_broken", field="file"
    )


def _bomb() -> errors.Invalid:
    return errors.Invalid(_("The workbook unpacks to far too much."), code="file_bomb", field="file")


def _xlsx(path: Path) -> tuple[list[str], Iterator[Line], int]:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > min(MOST_UNPACKED, MOST_RATIO * max(path.stat().st_size, 10_000)):
            raise _bomb()
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        if (sheet.max_column or 0) > MOST_COLUMNS:
            sheet.reset_dimensions()  # what it says of its size is often not true
        lines = sheet.iter_rows(values_only=True)
        first = next(lines, ())
    except (*_DAMAGE, IndexError, TypeError) as error:
        raise _broken() from error
    headings = _headings(["" if cell is None else str(cell) for cell in first])

    def rows() -> Iterator[Line]:
        try:
            for number, line in enumerate(lines, start=2):
                if any(cell not in (None, "") for cell in line):
                    yield _line(number, headings, [_unescaped(cell) for cell in line])
        except _DAMAGE as error:
            raise _broken() from error

    return headings, rows(), max((sheet.max_row or 1) - 1, 0)


def _unescaped(cell: Any) -> Any:
    """Excel writes what XML cannot hold as `_x000D_`, and openpyxl leaves it so."""
    return unescape(cell) if isinstance(cell, str) and "_x" in cell else cell


def _csv(path: Path) -> tuple[list[str], Iterator[Line], int]:
    encoding, count = _encoding(path)
    csv.field_size_limit(LONGEST_LINE)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.readline(1 << 20))
        file.seek(0)
        try:
            headings = _headings(next(csv.reader(file, delimiter=delimiter), []))
        except csv.Error as error:
            raise _broken() from error

    def rows() -> Iterator[Line]:
        with path.open(encoding=encoding, newline="") as file:
            lines = csv.reader(file, delimiter=delimiter)
            next(lines)
            try:
                for number, line in enumerate(lines, start=2):
                    if any(line):
                        yield _line(number, headings, [armed(cell) for cell in line])
            except csv.Error as error:
                raise _broken() from error

    return headings, rows(), max(count - 1, 0)


def _headings(cells: list[str]) -> list[str]:
    if not any(cells):
        raise _empty()
    if len(cells) > MOST_COLUMNS:
        raise _broken()
    return [cell.strip() for cell in cells]


def _line(number: int, headings: list[str], cells: Any) -> Line:
    beyond = any(cell not in (None, "") for cell in cells[len(headings) :])
    return number, dict(zip(headings, cells, strict=False)), "too_many_cells" if beyond else ""


def armed(cell: str) -> str:
    """Return a cell without the apostrophe that our own export put before a text a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and _DISARMED.match(cell) else cell


def _delimiter(heading: str) -> str:
    """Comma, tab or semicolon: whichever stands in the heading line most often."""
    return max(",\t;", key=heading.count)


def _encoding(path: Path) -> tuple[str, int]:
    """Return (UTF-8 where the file is, else GB 18030, as office software in China writes it; how many lines it has).

    Raises Invalid `file_broken` when it is neither.
    """
    with path.open("rb") as raw:
        marked = raw.read(2) in (b"\xff\xfe", b"\xfe\xff")
        for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
            raw.seek(0)
            decoder, count = codecs.getincrementaldecoder(encoding)(), 0
            try:
                for block in iter(lambda: raw.read(1 << 20), b""):
                    count += decoder.decode(block).count("\n")
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding, count
    raise _broken()


def _jsonl(path: Path) -> tuple[list[str], Iterator[Line], int]:
    def rows() -> Iterator[Line]:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
                if line.strip() in (b"", b"\xef\xbb\xbf"):
                    continue
                try:
                    value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
                except orjson.JSONDecodeError:
                    value = None
                yield (number, value, "") if isinstance(value, dict) else (number, {}, "not_json")

    headings: dict[str, None] = {}
    count = 0
    for count, (_number, row, _flaw) in enumerate(rows(), start=1):  # noqa: B007
        headings |= dict.fromkeys(row)
    if count and not headings:
        raise _broken()
    return _headings(list(headings)), rows(), count
