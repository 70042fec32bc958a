"""The register as a file: what is in it, what never is, and that no spreadsheet runs what people wrote."""

import csv
import io
import json

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from bihuan.casework.cases import exports, factories, permissions, selectors, services
from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import errors

pytestmark = pytest.mark.django_db

FORMULAS = [
    "=1+1",
    "+86 571",
    "-2",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]
HARMLESS = ["仓库 = 1", "'引号", "1-2", "http://localhost/x", "12345678901234567890", "_x0041_"]


@pytest.fixture
def district():
    return factories.District()


def exported(tmp_path, ending, actor=permissions.THE_SYSTEM, **filters):
    path = tmp_path / f"register.{ending}"
    rows = exports.to_file(path=path, actor=actor, now=NOW, filters=selectors.Filters(**filters))
    return path, rows


def read_csv(path):
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8 only with this mark"
    with path.open(encoding="utf-8-sig", newline="") as file:
        headings, *rows = csv.reader(file)
    assert headings == [str(heading) for heading in exports.COLUMNS.values()]
    return [dict(zip(exports.COLUMNS, row, strict=True)) for row in rows]


def test_every_format_has_every_row_and_says_the_same(district, tmp_path):
    district.case("accept", "dispatch", "sign", "reply")
    for number in range(3):
        district.raised(title=f"事项 {number}", source="oa", source_id=str(number))
    lists = {ending: exported(tmp_path, ending) for ending in ("jsonl", "csv", "xlsx")}
    assert {rows for _path, rows in lists.values()} == {4}
    whole = [json.loads(line) for line in lists["jsonl"][0].read_text().splitlines()]
    assert [list(row) for row in whole] == [list(exports.COLUMNS)] * 4
    shown = [{name: "" if value is None else str(value) for name, value in row.items()} for row in whole]
    assert read_csv(lists["csv"][0]) == shown
    headings, *cells = openpyxl.load_workbook(lists["xlsx"][0]).active.iter_rows(values_only=True)
    assert list(headings) == [str(heading) for heading in exports.COLUMNS.values()]
    assert [["" if cell is None else str(cell) for cell in row] for row in cells] == [
        list(row.values()) for row in shown
    ]
    (replied,) = (row for row in whole if row["state"] == "replied")
    assert replied["lead_department"] == "housing"
    assert replied["reply_text"] == "复验通过"
    assert replied["enterprise_uscc"] == district.firm.uscc
    assert replied["raised_at"] == "2026-11-16T09:00:00+08:00"
    assert {row["source_id"] for row in whole} == {"", "0", "1", "2"}


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
def test_an_empty_list_is_an_empty_file_with_headings(district, tmp_path, ending):
    _path, rows = exported(tmp_path, ending, state=("archived",))
    assert rows == 0


def test_no_formula_of_anybody_runs_from_csv(district, tmp_path):
    for text in [*FORMULAS, *HARMLESS]:
        district.raised(title=text, description=text, place=text)
    by_text = {row["title"].removeprefix("'"): row for row in read_csv(exported(tmp_path, "csv")[0])}
    for text in FORMULAS:
        assert {by_text[text][name] for name in ("title", "description", "place")} == {f"'{text}"}, text
    for text in HARMLESS:
        shown = {name: by_text[text.removeprefix("'")][name] for name in ("title", "description", "place")}
        assert set(shown.values()) == {text}, text


def test_a_text_stays_a_text_in_a_workbook(district, tmp_path):
    for text in [*FORMULAS, *HARMLESS]:
        district.raised(title=text, description=text)
    sheet = openpyxl.load_workbook(exported(tmp_path, "xlsx")[0]).active
    column = list(exports.COLUMNS).index("title") + 1
    cells = [sheet.cell(row, column) for row in range(2, sheet.max_row + 1)]
    assert {unescape(cell.value) for cell in cells} == {*FORMULAS, *HARMLESS}
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} <= {
        "s",
        "b",
    }
    assert not any(cell.hyperlink for cell in cells)


def test_nobody_can_be_reached_through_an_export(district, tmp_path):
    contact = services.Contact(name="林晓澜", phone="13600000917", email="lin@example.org")
    receipt = district.raised(contact=contact)
    for ending in ("jsonl", "csv"):
        text = exported(tmp_path, ending)[0].read_text(encoding="utf-8")
        assert receipt.number in text
        for secret in ("林晓澜", "13600000917", "0917", "lin@example.org", receipt.follow_up_code):
            assert secret not in text


def test_an_export_has_what_the_reader_sees_and_no_more(district, tmp_path):
    district.case("accept", "dispatch")
    district.raised()
    assert exported(tmp_path, "csv", actor=district.staff("coordinator"))[1] == 2
    assert exported(tmp_path, "csv", actor=district.liaison("housing"))[1] == 1
    assert exported(tmp_path, "csv", actor=district.liaison("water"))[1] == 0
    assert exported(tmp_path, "csv", actor=district.stranger)[1] == 0
    assert exported(tmp_path, "csv", actor=permissions.Actor())[1] == 0


def test_a_long_list_is_whole_and_progress_is_told(district, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "_PAGE", 3)
    numbers = {district.raised(title=f"事项 {place}").number for place in range(10)}
    assert {row["number"] for row in read_csv(exported(tmp_path, "csv")[0])} == numbers
    steps = []
    rows = exports._counted(({} for _ in range(1_200)), lambda *step: steps.append(step))
    assert exports.write_jsonl(io.BytesIO(), rows) == 1_200
    assert steps == [(500, 500), (1_000, 1_000)]


def test_a_workbook_that_would_be_cut_off_is_refused(monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    assert exports.write_xlsx(io.BytesIO(), [{"number": "1"}] * 2) == 2
    with pytest.raises(errors.Invalid) as refused:
        exports.write_xlsx(io.BytesIO(), [{"number": "1"}] * 3)
    assert refused.value.code == "too_many_rows"


def test_other_formats_are_refused(tmp_path):
    with pytest.raises(errors.Invalid) as refused:
        exported(tmp_path, "pdf")
    assert (refused.value.code, refused.value.field) == ("format_unknown", "file")
