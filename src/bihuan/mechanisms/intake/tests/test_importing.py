"""Taking over foreign registers: what is understood, what is refused and where, and that nothing comes in twice."""

import csv
import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from bihuan.casework.cases import exports, factories
from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.casework.cases.models import Case, Contact, Numbering
from bihuan.casework.cases.rules import facts
from bihuan.casework.deadlines.models import Clock
from bihuan.foundation.directory import rules as directory_rules
from bihuan.foundation.directory.models import Enterprise
from bihuan.foundation.kernel import database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.ledger import verification
from bihuan.mechanisms.intake import rules
from bihuan.mechanisms.intake.services import importing

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


@pytest.mark.parametrize("ending", ["xlsx", "csv", "jsonl"])
def test_each_kind_of_file_says_the_same(tmp_path, ending):
    rows = [GOOD | {"source_id": str(number)} for number in range(1, 4)]
    result = take(write(tmp_path / f"register.{ending}", rows))
    assert counts(result) == (3, 3, 0, 0)
    cases = list(Case.objects.order_by("number").defer("search"))
    assert [case.number for case in cases] == [f"BH-{DISTRICT}-2603-0000{n}" for n in (1, 2, 3)]
    case = cases[0]
    assert (case.title, case.source, case.source_id, case.state) == (GOOD["title"], "register", "1", "submitted")
    assert case.raised_at == dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
    assert case.anonymous
    assert (case.raised_by, {fact["actor"] for fact in history(case)}) == (None, {None})
    assert verification.verify().ok


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("filler", [0, 350_000], ids=["short", "a megabyte"])
def test_csv_of_any_office_program(tmp_path, encoding, filler):
    """The megabyte ends in the middle of a character, for readers that look at a part only."""
    rows = [{HEADINGS[name]: value for name, value in GOOD.items()}]
    if filler:
        rows.insert(0, rows[0] | {"编号": "0", "内容": "a" + "字" * filler})
    result = take(write(tmp_path / "台账.csv", rows, encoding=encoding))
    assert result.imported == 1
    assert told(result) == ([(2, "description", "too_long")] if filler else [])
    assert Case.objects.get().title == GOOD["title"]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_csv_may_be_divided_otherwise(tmp_path, delimiter):
    path = tmp_path / "register.csv"
    path.write_text("\n".join(delimiter.join(cells) for cells in (GOOD, GOOD.values())), encoding="utf-8")
    assert take(path).imported == 1


def test_a_mapping_says_where_everything_comes_from(tmp_path, district):
    mapping = f"""
source: hotline-2025
timezone: America/New_York
formats: ["%d.%m.%Y %H:%M"]
columns:
  source_id: no
  title: subject
  description: [subject, detail]
  raised_at: opened
  category: kind
constants: {{region: {DISTRICT}, department: water, board: projects, channel: hotline}}
values:
  category: {{map: {{Licences: approval}}, default: other}}
"""
    row = {"no": 7, "subject": "Gate", "detail": "Shut", "opened": "05.11.2025 08:00", "kind": "Licences"}
    other = {"no": 8, "subject": "Tree", "detail": "", "opened": "05.07.2025 08:00", "kind": "Trees"}
    assert taken(tmp_path, row, other, mapping=mapping).imported == 2
    first, second = Case.objects.order_by("source_id").defer("search")
    assert (first.source, first.source_id, first.channel, first.board) == ("hotline-2025", "7", "hotline", "projects")
    assert (first.title, first.description, first.category) == ("Gate", "Gate\nShut", "approval")
    assert first.lead_department_id == district.department("water").id
    assert first.raised_at == dt.datetime(2025, 11, 5, 13, tzinfo=dt.UTC), "winter in New York"
    assert second.raised_at == dt.datetime(2025, 7, 5, 12, tzinfo=dt.UTC), "summer in New York"
    assert (second.description, second.category) == ("Tree", "other")


def test_a_heading_that_the_mapping_uses_is_not_guessed_again(tmp_path):
    row = GOOD | {"department": "Public Works"}
    assert taken(tmp_path, row, mapping="columns: {place: department}").imported == 1
    assert Case.objects.get().place == "Public Works"


INSTANTS = [
    ("2026-03-02", (2026, 3, 1, 16, 0)),
    ("2026/3/2 9:30", (2026, 3, 2, 1, 30)),
    ("2026年3月2日", (2026, 3, 1, 16, 0)),
    ("2026-03-02T09:30:00Z", (2026, 3, 2, 9, 30)),
    ("2026-03-02T09:30:00+02:00", (2026, 3, 2, 7, 30)),
    (46083.395833333336, (2026, 3, 2, 1, 30)),
    ("46083", (2026, 3, 1, 16, 0)),
]


@pytest.mark.parametrize(("written", "meant"), INSTANTS)
def test_instants_are_read_as_people_write_them(written, meant):
    assert rules.read_instant(written, rules.ColumnMap(), "raised_at") == dt.datetime(*meant, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "written", ["soon", "03/04/2026", "2026-02-30", "0001-01-01", 1e300, float("nan"), True, "99999.9e9"]
)
def test_what_is_no_instant_or_two_is_refused(written):
    with pytest.raises(rules.RowWrong, match="instant_wrong"):
        rules.read_instant(written, rules.ColumnMap(), "raised_at")


def test_replies_and_closings_become_history_with_their_own_times(tmp_path):
    row = GOOD | {
        "reply_text": "已办",
        "replied_at": "2026-03-05 10:00",
        "closed_at": "2026-03-09 11:00",
        "closed_kind": "resolved",
    }
    replied = GOOD | {"source_id": "2", "reply_text": "已答", "replied_at": "2026-03-05 10:00"}
    late = GOOD | {"source_id": "3", "target_at": "2026-03-04 09:30", "closed_at": "2026-03-09 11:00"}
    assert taken(tmp_path, row, replied, late).imported == 3
    first, second, third = Case.objects.order_by("source_id").defer("search")
    steps = [(fact["kind"], fact["at"][:16], fact["from"], fact["to"]) for fact in history(first)]
    assert steps == [
        ("case.imported", "2026-03-02T01:30", None, "submitted"),
        ("case.replied", "2026-03-05T02:00", "submitted", "replied"),
        ("case.closed", "2026-03-09T03:00", "replied", "closed"),
    ]
    assert (first.closed_kind, first.reply_text, first.word, first.achieved) == (
        "resolved",
        "已办",
        "no_response",
        None,
    )
    assert (second.state, second.held_at) == ("replied", dt.datetime(2026, 3, 5, 2, tzinfo=dt.UTC))
    assert (third.state, third.closed_kind, third.due_at < third.held_at) == ("closed", "explained", True)
    for case in (first, second, third):
        assert facts.replay(history(case)) == facts.to_plain(facts.snapshot(case))
        assert all(fact["data"]["imported_at"] == facts.to_plain(NOW) for fact in history(case))
    assert not Clock.objects.exists(), "what is past never alarms"


def test_a_deadline_before_the_beginning_is_overdue_from_the_first_moment(tmp_path):
    assert taken(tmp_path, GOOD | {"target_at": "2026-03-01 09:00"}).imported == 1
    (row,) = exports.selectors.every(actor=factories.THE_SYSTEM, filters=exports.selectors.Filters(), now=NOW)
    assert (row.light, row.overdue, row.elapsed_share) == ("red", True, 1.0)


def test_a_year_not_announced_yet_gives_a_provisional_limit(tmp_path):
    late = dt.datetime(2026, 12, 31, 9, tzinfo=dt.UTC)
    path = write(tmp_path / "register.jsonl", [GOOD | {"raised_at": "2026-12-30 10:00"}])
    assert importing.import_file(path=path, now=late).imported == 1
    case = Case.objects.get()
    assert case.provisional
    assert case.due_at.year == 2027


def test_enterprises_are_found_or_entered_once(tmp_path, district):
    fresh = directory_rules.compose_uscc(region=DISTRICT, serial=77)
    rows = [
        GOOD | {"enterprise": district.firm.uscc.lower()},
        GOOD | {"source_id": "2", "enterprise": fresh, "enterprise_name": "澜川新来有限公司"},
        GOOD | {"source_id": "3", "enterprise": fresh},
        GOOD | {"source_id": "4", "enterprise_name": "澜川无码有限公司", "contact_name": "林", "contact_phone": "0571"},
    ]
    assert taken(tmp_path, *rows).imported == 4
    cases = Case.objects.order_by("source_id").select_related("enterprise").defer("search")
    assert [case.enterprise and case.enterprise.name for case in cases] == [
        district.firm.name, "澜川新来有限公司", "澜川新来有限公司", None,
    ]  # fmt: skip
    assert [case.anonymous for case in cases] == [False, False, False, True]
    contact = Contact.objects.get()
    assert (contact.case_id, contact.name, contact.phone) == (cases[3].id, "澜川无码有限公司 林", "0571")


# Again, and broken off


def test_a_dry_run_finds_the_same_and_writes_nothing(tmp_path):
    fresh = directory_rules.compose_uscc(region=DISTRICT, serial=78)
    rows = [GOOD | {"enterprise": fresh}, GOOD | {"source_id": "2", "region": "339999"}]
    enterprises = Enterprise.objects.count()
    result = taken(tmp_path, *rows, dry_run=True)
    assert (counts(result), told(result)) == ((2, 1, 0, 1), [(2, "region", "region_unknown")])
    assert not Case.objects.exists()
    assert Enterprise.objects.count() == enterprises
    assert not Numbering.objects.exists()


def test_running_it_again_changes_nothing(tmp_path):
    rows = [GOOD | {"source_id": f" {number}\u200b"} for number in range(5)]
    assert counts(taken(tmp_path, *rows, GOOD | {"source_id": "3"})) == (6, 5, 1, 0)
    before = list(Case.objects.order_by("number").values_list("number", "last_hash"))
    changed = [row | {"title": "改过的标题"} for row in rows]
    assert counts(taken(tmp_path, *changed)) == (5, 0, 5, 0)
    assert list(Case.objects.order_by("number").values_list("number", "last_hash")) == before


def test_the_same_id_of_another_register_or_region_is_another_matter(tmp_path):
    factories.directory.make_region("999902", "邻区")
    assert taken(tmp_path, GOOD, mapping="source: a").imported == 1
    assert taken(tmp_path, GOOD, mapping="source: b").imported == 1
    assert taken(tmp_path, GOOD | {"region": "999902"}, mapping="source: a").imported == 1
    assert taken(tmp_path, GOOD, mapping="source: a").known == 1


def test_an_import_that_was_broken_off_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    path = write(tmp_path / "register.csv", [GOOD | {"source_id": str(number)} for number in range(35)])

    def unplug(done, _total):
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(path, progress=unplug)
    assert Case.objects.count() == 20
    steps = []
    result = take(path, progress=lambda *step: steps.append(step))
    assert counts(result) == (35, 15, 20, 0)
    assert steps == [(10, 35), (20, 35), (30, 35), (35, 35)]
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == [f"BH-{DISTRICT}-2603-{place:05}" for place in range(1, 36)], "no gap, none twice"
    assert verification.verify().ok


def test_batches_are_bounded_by_text_too(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH_CHARACTERS", 30_000)
    steps = []
    rows = [GOOD | {"source_id": str(number), "description": "字" * 14_000} for number in range(5)]
    assert taken(tmp_path, *rows, progress=lambda *step: steps.append(step[0])).imported == 5
    assert steps == [3, 5]


# Bad rows


BAD = {
    "no id": ({"source_id": ""}, "source_id", "required"),
    "no time": ({"raised_at": None}, "raised_at", "required"),
    "no text": ({"title": "", "description": "\u200b\n"}, "title", "required"),
    "a title of a megabyte": ({"title": "长" * 350_000}, "title", "too_long"),
    "a title of 201 characters": ({"title": "长" * 201}, "title", "too_long"),
    "an endless description": ({"description": "长" * 20_001}, "description", "too_long"),
    "an endless place": ({"place": "长" * 201}, "place", "too_long"),
    "unknown region": ({"region": "339999"}, "region", "region_unknown"),
    "no region code": ({"region": "杭州"}, "region", "region_invalid"),
    "wrong credit code": ({"enterprise": "91330100799655058X"}, "enterprise", "uscc_invalid"),
    "unknown channel": ({"channel": "pigeon"}, "channel", "channel_unknown"),
    "unknown board": ({"board": "moon"}, "board", "board_unknown"),
    "unknown department": ({"department": "moon"}, "department", "department_unknown"),
    "unknown closing": ({"closed_at": "2026-03-03", "closed_kind": "done"}, "closed_kind", "closed_kind_unknown"),
    "raised in the future": ({"raised_at": "2026-11-16 09:01"}, "raised_at", "time_in_future"),
    "closed in the future": ({"closed_at": "2027-01-01"}, "closed_at", "time_in_future"),
    "closed before raised": ({"closed_at": "2026-03-01"}, "closed_at", "times_out_of_order"),
    "closed before replied": (
        {"replied_at": "2026-03-09", "closed_at": "2026-03-08"},
        "closed_at",
        "times_out_of_order",
    ),
    "no instant": ({"raised_at": "neulich"}, "raised_at", "instant_wrong"),
    "before the calendar": ({"raised_at": "1899-05-04"}, "raised_at", "time_out_of_calendar"),
    "an object for a text": ({"title": {"zh": "标题"}}, "title", "value_wrong"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_refused_alone_with_its_number(tmp_path, name):
    change, field, code = BAD[name]
    rows = [GOOD, GOOD | {"source_id": "2"} | change, GOOD | {"source_id": "3"}]
    result = taken(tmp_path, *rows)
    assert (counts(result), told(result)) == ((3, 2, 0, 1), [(2, field, code)])
    assert result.errors[0].message
    assert Case.objects.count() == 2


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    bad = {"raised_at": "neulich"}
    rows = [GOOD | {"description": "两行\n的内容"}, dict.fromkeys(GOOD, ""), GOOD | {"source_id": "2"} | bad]
    for ending in ("csv", "xlsx"):
        result = take(write(tmp_path / f"register.{ending}", rows), dry_run=True)
        assert told(result) == [(4, "raised_at", "instant_wrong")], ending
    report = tmp_path / "errors.csv"
    result.write_errors(report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file)) == [
            {"row": "4", "field": "raised_at", "code": "instant_wrong", "message": result.errors[0].message}
        ]


def test_cells_without_a_heading_are_not_dropped_in_silence(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(",".join(GOOD) + "\n" + ",".join(GOOD.values()) + ",stray\n", encoding="utf-8")
    assert told(take(path)) == [(2, "", "too_many_cells")]


def test_lines_that_are_not_json_are_refused_alone(tmp_path):
    path = tmp_path / "register.jsonl"
    good = json.dumps(GOOD)
    path.write_text(f'{good}\n{{"title": \n[1, 2]\n\n{{"title": "\\ud800"}}\n', encoding="utf-8")
    result = take(path)
    assert told(result) == [(2, "", "not_json"), (3, "", "not_json"), (5, "", "not_json")]
    assert result.imported == 1


def test_hidden_and_reordering_characters_do_not_come_in(tmp_path):
    nasty = "仓库\u202e扩建\x00\x07\u200b\ufeff"
    assert taken(tmp_path, GOOD | {"title": nasty, "description": f"{nasty}\r\n二", "place": nasty}).imported == 1
    case = Case.objects.get()
    assert (case.title, case.description, case.place) == ("仓库扩建", "仓库扩建\n二", "仓库扩建")


def test_what_excel_cannot_write_plainly_is_read_as_meant(tmp_path):
    rows = [GOOD | {"title": "上_x000D_下", "description": "_x005F_x0041_ 号机"}]
    assert take(write(tmp_path / "register.xlsx", rows)).imported == 1
    case = Case.objects.get()
    assert (case.title, case.description) == ("上 下", "_x0041_ 号机")


# Bad files
