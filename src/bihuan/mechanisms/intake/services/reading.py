"""Reading foreign registers: xlsx, csv, jsonl, in constant memory, distrusting the file."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors

MOST_UNPACKED = 1 << 30
"""A workbook may unpack to one GiB at most …"""
MOST_RATIO = 200
"""… and to two hundred times its size (a zip bomb reaches thousands)."""
CELL_MAX = 32_767

Row = dict[str, Any]


def read(path: Path) -> tuple[list[str], Iterator[tuple[int, Row]], int]:
    """Return (headings, rows as (line number, heading → value), how many lines there are, or 0 if that is unknown).

    Raises Invalid: `format_unknown`, `file_broken`, `file_bomb`, `file_empty`.
    """
    kind = path.suffix.lower()
    if kind == ".xlsx":
        return _xlsx(path)
    if kind == ".csv":
        return _csv(path)
    if kind in (".jsonl", ".ndjson"):
        return _jsonl(path)
    raise errors.Invalid(_("The file must end in .xlsx, .csv or .jsonl."), code="format_unknown", field="file")


def _empty() -> errors.Invalid:
    return errors.Invalid(_("The file has no heading line."), code="file_empty", field="file")


def _broken() -> errors.Invalid:
    return errors.Invalid(_("The file cannot be read; it is damaged or not what its name says."), code="file_broken", field="file")


def _xlsx(path: Path) -> tuple[list[str], Iterator[tuple[int, Row]], int]:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(path.stat().st_size, 10_000):
            raise errors.Invalid(_("The workbook unpacks to far too much."), code="file_bomb", field="file")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise _broken() from error
    sheet = book.worksheets[0]
    lines = sheet.iter_rows(values_only=True)
    first = next(lines, None)
    if not first or not any(first):
        raise _empty()
    headings = ["" if cell is None else str(cell).strip() for cell in first]

    def rows() -> Iterator[tuple[int, Row]]:
        for number, line in enumerate(lines, start=2):
            if any(cell not in (None, "") for cell in line):
                yield number, dict(zip(headings, line, strict=False))

    return headings, rows(), max((sheet.max_row or 1) - 1, 0)


def _csv(path: Path) -> tuple[list[str], Iterator[tuple[int, Row]], int]:
    encoding = _encoding(path)
    csv.field_size_limit(4 * 1024 * 1024)
    file = path.open(encoding=encoding, newline="", errors="strict")
    try:
        headings = next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise _broken() from error
    if not any(headings):
        raise _empty()
    headings = [heading.strip() for heading in headings]

    def rows() -> Iterator[tuple[int, Row]]:
        with file:
            try:
                for number, line in enumerate(csv.reader(file), start=2):
                    if any(line):
                        yield number, dict(zip(headings, line, strict=False))
            except (UnicodeDecodeError, csv.Error) as error:
                raise _broken() from error

    with path.open("rb") as raw:
        total = sum(block.count(b"\n") for block in iter(lambda: raw.read(1 << 20), b""))
    return headings, rows(), max(total - 1, 0)


def _encoding(path: Path) -> str:
    """UTF-8 where the file is, else GB 18030, as office software in China writes it."""
    with path.open("rb") as raw:
        head = raw.read(1 << 20)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        io.TextIOWrapper(io.BytesIO(head[: len(head) - 3] if len(head) == 1 << 20 else head), "utf-8").read()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _jsonl(path: Path) -> tuple[list[str], Iterator[tuple[int, Row]], int]:
    def rows() -> Iterator[tuple[int, Row]]:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    value = json.loads(line)
                except ValueError as error:
                    raise errors.Invalid(
                        _("Line %(line)s is not JSON.") % {"line": number}, code="file_broken", field="file", line=number
                    ) from error
                if isinstance(value, dict):
                    yield number, value

    try:
        headings: dict[str, None] = {}
        count = 0
        for _number, row in rows():
            headings |= dict.fromkeys(row)
            count += 1
    except UnicodeDecodeError as error:
        raise _broken() from error
    if not headings:
        raise _empty()
    return list(headings), rows(), count
