"""Taking over foreign registers: what is understood, what is refused and where, and that nothing comes in twice."""

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation

from bihuan.casework.cases import exports, factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case
from bihuan.foundation.kernel import database, errors
from bihuan.foundation.ledger import selectors as ledger
from bihuan.mechanisms.intake import rules
from bihuan.mechanisms.intake.services import importing, reading

pytestmark = pytest.mark.django_db

GOOD = {
    "source_id": "1",
    "title": "丙类仓库验收退回三次",
    "description": "每次理由不一样。",
    "region": DISTRICT,
    "raised_at": "2026-03-02 09:30:00",
}
HEADINGS = {"title": "标题", "description": "内容", "region": "区划代码", "source_id": "编号", "raised_at": "提出时间"}


@pytest.fixture(autouse=True)
def scope(district):
    """Everything here reads with the product's own eyes."""
    with database.writing():
        yield


@pytest.fixture
def district(db):
    return factories.District()


def write(path: Path, rows: list[dict], *, encoding: str = "utf-8") -> Path:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name, "") for name in headings] for row in rows]
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, default=str) + "\n" for row in rows), encoding=encoding)
    elif path.suffix == ".csv":
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([headings, *cells])
    else:
        book = openpyxl.Workbook()
        for line in [headings, *cells]:
            book.active.append(line)
        book.save(path)
    return path


def take(path: Path, mapping: str | None = None, **options) -> importing.Import:
    chosen = None
    if mapping is not None:
        chosen = path.parent / "map.yaml"
        chosen.write_text(mapping, encoding="utf-8")
    return importing.import_file(path=path, mapping=chosen, now=NOW, **options)


def taken(tmp_path: Path, *rows: dict, mapping: str | None = None, **options) -> importing.Import:
    return take(write(tmp_path / "register.jsonl", list(rows)), mapping, **options)


def told(result: importing.Import) -> list[tuple[int, str, str]]:
    return [(error.row, error.field, error.code) for error in result.errors]


def counts(result: importing.Import) -> tuple[int, int, int, int]:
    return result.rows, result.imported, result.known, result.refused


def history(case: Case) -> list[dict]:
    return [ledger.content(fact) for fact in ledger.history(case.id)]


# What is understood


def code_of(path: Path, mapping: str | None = None) -> tuple[str, str | None]:
    with pytest.raises(errors.Invalid) as refused:
        take(path, mapping)
    assert str(refused.value.detail)
    return refused.value.code, refused.value.field


def test_headings_that_say_nothing_are_refused_before_anything_is_written(tmp_path):
    path = write(tmp_path / "register.csv", [{"姓名": "林", "年龄": "5"}])
    assert code_of(path) == ("column_needed", "map")
    path = write(tmp_path / "register.csv", [GOOD])
    assert code_of(path, "columns: {title: Betreff}") == ("column_missing", "map")
    twice = tmp_path / "twice.csv"
    twice.write_text(",".join([*GOOD, "Title"]) + "\n" + ",".join([*GOOD.values(), "x"]), encoding="utf-8")
    assert code_of(twice) == ("column_twice", "map")


@pytest.mark.parametrize(
    "mapping",
    [
        "columns: [",
        "colums: {}",
        "columns: {colour: x}",
        "constants: {colour: x}",
        "timezone: Mars/Olympus",
        "- 1",
        "source: [1]",
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path, mapping):
    assert code_of(write(tmp_path / "register.csv", [GOOD]), mapping) == ("map_wrong", "map")


def test_a_mapping_that_is_no_text_is_refused(tmp_path):
    path = write(tmp_path / "register.csv", [GOOD])
    (tmp_path / "map.yaml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(errors.Invalid) as refused:
        importing.import_file(path=path, mapping=tmp_path / "map.yaml", now=NOW)
    assert refused.value.code == "map_wrong"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("register.txt", b"x", "format_unknown"),
        ("register.xlsx", b"not a workbook", "file_broken"),
        ("register.xlsx", b"", "file_broken"),
        ("register.csv", b"", "file_empty"),
        ("register.csv", b"\n", "file_empty"),
        ("register.csv", b"\x81\xff\x00\xff", "file_broken"),
        ("register.csv", b"\xff\xfe\x00", "file_broken"),
        ("register.csv", b"a," * 5_000, "file_broken"),
        ("register.jsonl", b"", "file_empty"),
        ("register.jsonl", b"\x89PNG\r\n", "file_broken"),
        ("register.jsonl", b"{}", "file_broken"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    assert code_of(path) == (code, "file")


def workbook(path: Path, **parts: bytes) -> Path:
    """A good workbook with some of its parts replaced."""
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole)
    sheet = book.add_worksheet()
    for place, line in enumerate([list(GOOD), list(GOOD.values())]):
        sheet.write_row(place, 0, line)
    book.close()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            found = next((content for name, content in parts.items() if name in item.filename), None)
            target.writestr(item.filename, source.read(item.filename) if found is None else found)
    return path


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = workbook(tmp_path / "bomb.xlsx", sharedStrings=b"<a>" + b" " * 200_000_000)
    assert path.stat().st_size < 1_000_000
    assert code_of(path) == ("file_bomb", "file")


def test_an_xml_bomb_does_not_go_off(tmp_path):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e0 "ha">{levels}]><sst><si><t>&e11;</t></si></sst>'
    assert code_of(workbook(tmp_path / "ha.xlsx", sharedStrings=bomb.encode())) == ("file_broken", "file")


@pytest.mark.parametrize(
    "part",
    [{"sheet1": b"<worksheet><sheetData><row>"}, {"workbook.xml": b"<x/>"}, {"sharedStrings": b"<sst/>"}],
    ids=str,
)
def test_a_damaged_workbook_is_refused(tmp_path, part):
    assert code_of(workbook(tmp_path / "torn.xlsx", **part)) == ("file_broken", "file")


def test_a_workbook_torn_in_the_middle_keeps_what_came_before(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    path = write(tmp_path / "register.xlsx", [GOOD | {"source_id": str(number)} for number in range(100)])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet[: len(sheet) // 2]}).items():
            archive.writestr(name, content)
    assert code_of(path) == ("file_broken", "file")
    assert Case.objects.count() % 10 == 0


def test_a_workbook_that_lies_about_its_size_is_read_as_it_is(tmp_path):
    path = workbook(tmp_path / "register.xlsx")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in sheet
    assert take(workbook(path, sheet1=sheet)).imported == 1


# What we hand out ourselves


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_our_own_export_is_understood_without_a_mapping(language):
    with translation.override(language):
        headings = [str(heading) for heading in exports.COLUMNS.values()]
    ids = rules.resolve(rules.ColumnMap(), list(exports.COLUMNS))
    at = dict(zip(headings, exports.COLUMNS, strict=True))
    words = rules.resolve(rules.ColumnMap(), headings)
    assert {field: [at[name] for name in names] for field, names in words.items()} == ids
    assert set(ids) == set(rules.HEADINGS) - {"contact_name", "contact_phone"}
    assert ids["source_id"] == ["source_id"]
    assert ids["enterprise"] == ["enterprise_uscc"]


@pytest.mark.parametrize("text", ["=1+1", "＝1", "'=1", "''@x", "'plain", "-5°", "\t=1", "a"])
def test_what_the_export_disarms_is_read_as_it_was(text):
    assert reading.armed(exports.disarmed(text)) == text
