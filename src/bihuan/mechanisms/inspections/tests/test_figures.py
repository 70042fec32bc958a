"""Figures, what stands out, and files of records."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.factories import DISTRICT, NOW
from bihuan.foundation.kernel import database, errors
from bihuan.mechanisms.inspections import selectors, services
from bihuan.mechanisms.inspections.models import Batch, Mark, Record
from bihuan.mechanisms.inspections.rules import anomalies
from bihuan.mechanisms.inspections.rules.anomalies import Counted, Limits
from bihuan.mechanisms.inspections.tests.conftest import DAY, SOON, TODAY
from bihuan.mechanisms.inspections.tests.test_draws import act, lots
from bihuan.mechanisms.inspections.tests.test_web import browser, caller

LIMITS = Limits(least=5, free_share=0.5, penalty_ratio=3.0)


@pytest.mark.parametrize(
    ("counts", "means", "rules"),
    [
        (Counted(made=20), {}, []),
        (Counted(made=1, unscanned=1, late=2, unjustified=1, after_refusal=1), {}, list(anomalies.RULES[:4])),
        (Counted(made=4, free=4), {}, []),
        (Counted(made=6, free=3), {}, []),
        (Counted(made=6, free=4), {}, ["free_share"]),
        (Counted(made=5, penalties=5), {}, ["penalty_ratio"]),
        (Counted(made=5), {"a": 2.0}, ["bad_ratings"]),
        (Counted(made=5), {"a": 2.1}, []),
    ],
)  # fmt: skip
def test_what_stands_out(counts, means, rules):
    found = anomalies.found({"a": counts, "b": Counted(made=40)}, LIMITS, means=means, bad=2.0)
    assert [one.rule for one in found if one.body == "a"] == rules


@given(made=st.integers(0, 30), free=st.integers(0, 30))
def test_a_body_alone_is_never_far_above_itself(made, free):
    counts = {"a": Counted(made=made, free=min(free, made), penalties=made)}
    assert "penalty_ratio" not in {one.rule for one in anomalies.found(counts, LIMITS, means={}, bad=2.0)}


def test_figures_count_each_visit_once_in_all_and_once_a_body(bureau):
    bureau.made(on=TODAY, firm=bureau.other_firm, outcome="penalty", severity="serious")
    check = bureau.approve(bureau.book())
    bureau.join(check)
    bureau.approve(check, "water")
    then = NOW + 3 * DAY
    bureau.take(check, "arrive", now=then, unscanned="没有码")
    with pytest.raises(errors.Conflict):
        bureau.book(on=dt.date(2026, 11, 21), firm=bureau.other_firm)
    whole, before, bodies = selectors.figures(actor=bureau.justice, year=2026)
    assert (whole.visits, whole.firms, whole.merged, whole.refused) == (2, 2, 1, 1)
    assert (whole.per_firm, whole.share) == (1.0, 0.5)
    assert (before.visits, before.per_firm, before.share) == (0, None, None)
    housing, water = bodies["housing 局"], bodies["water 局"]
    assert (housing.made, housing.merged, housing.penalties, housing.refused) == (2, 1, 1, 1)
    assert (water.made, water.merged, water.unscanned) == (1, 1, 1)
    with pytest.raises(errors.Forbidden):
        selectors.figures(actor=bureau.owner, year=2026)


def test_a_clue_soon_after_a_refusal_stands_out_to_the_supervisor_alone(bureau):
    bureau.rule("jiaozhou")
    bureau.rate()
    with pytest.raises(errors.Conflict):
        bureau.book()
    bureau.book(kind="clue", reason="有人举报", on=TODAY)
    found = selectors.standing_out(actor=bureau.justice, year=2026, now=NOW)
    assert [(one.rule, one.count) for one in found] == [("after_refusal", 1)]
    assert selectors.standing_out(actor=bureau.liaison(), year=2026, now=NOW) == ()
    page = browser(bureau.justice).get("/inspections/figures/").content.decode()
    assert "soon after the gate had refused" in page
    assert (
        "soon after the gate had refused" not in browser(bureau.liaison()).get("/inspections/figures/").content.decode()
    )
    api = caller(bureau.justice).get("/api/v1/inspections/figures?year=2026").json()
    assert (api["whole"]["refused"], api["anomalies"][0]["rule"]) == (1, "after_refusal")
    assert caller(bureau.owner).get("/api/v1/inspections/figures").status_code == 403


def test_figures_cost_the_same_for_few_and_many(bureau, firm_of, django_assert_max_num_queries):
    for serial in range(500, 510):
        bureau.book(firm=firm_of(serial))
    office = browser(bureau.justice)
    office.get("/inspections/figures/")
    with django_assert_max_num_queries(36):
        office.get("/inspections/figures/?year=nonsense")


def workbook(rows) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


HEAD = ["统一社会信用代码", "日期", "类别", "严重程度", "违法事实"]


def rows_of(bureau):
    return [
        HEAD,
        [bureau.firm.uscc, "2026-03-05", "消防", "一般", "灭火器过期"],
        [bureau.firm.uscc.lower(), dt.date(2026, 4, 1), "tax", "minor", "晚报"],
        ["91000000000000000X", "2026-03-05", "消防", "一般", "没有这家"],
        [bureau.firm.uscc, "2026/4/31", "消防", "一般", "没有这天"],
        [bureau.firm.uscc, "2099.1.1", "消防", "一般", "还没到"],
        [bureau.firm.uscc, "2026/3/9", "天气", "一般", "没有这类"],
        [bureau.firm.uscc, "2026.3.9", "消防", "很坏", "没有这档"],
        [bureau.firm.uscc, "2026.3.9", "消防", "轻微", ""],
        [bureau.firm.uscc, "2026.3.5", "消防", "轻微", "灭火器过期"],
    ]


def take_in(bureau, file, name="记录.xlsx", actor=None) -> Batch:
    return services.import_records(
        department=bureau.department("housing"), file=file, filename=name, actor=actor or bureau.liaison(), now=NOW
    )


def test_each_wrong_row_is_named_and_the_others_are_kept_once(bureau):
    batch = take_in(bureau, workbook(rows_of(bureau)))
    fields = ["enterprise", "on", "on", "category", "severity", "text"]
    assert [(one["row"], one["field"]) for one in batch.problems] == list(zip(range(4, 10), fields, strict=True))
    # The last row is the first one again: same day, category and words.
    assert (batch.kept, batch.known) == (2, 1)
    again = take_in(bureau, workbook(rows_of(bureau)))
    assert (again.kept, again.known) == (0, 3)
    with database.writing():
        assert Record.objects.filter(batch=batch, source="file").count() == 2
    assert bureau.facts(batch) == ["records_entered"]
    assert bureau.rate().points == 4


def test_a_file_of_another_shape_says_so(bureau):
    cases = [
        (io.BytesIO(b""), "leer.csv", "file_invalid"),
        (io.BytesIO(b"PK\x03\x04broken"), "x.xlsx", "file_invalid"),
        (io.BytesIO("日期,类别\n2026-01-01,消防\n".encode()), "x.csv", "heading_missing"),
    ]
    for file, name, code in cases:
        with pytest.raises(errors.Invalid) as caught:
            take_in(bureau, file, name)
        assert caught.value.code == code
    with pytest.raises(errors.Forbidden):
        take_in(bureau, workbook([HEAD]), actor=bureau.liaison("water"))


def test_a_file_comes_in_by_page_and_by_rest(bureau):
    office = browser(bureau.liaison())
    file = SimpleUploadedFile("记录.xlsx", workbook(rows_of(bureau)).read())
    made = office.post("/inspections/classes/files/", {"file": file})
    assert made.status_code == 302
    assert "No enterprise has this credit code." in office.get(made["Location"]).content.decode()
    assert browser(bureau.liaison("water")).get(made["Location"]).status_code == 404
    assert office.post("/inspections/classes/files/", {}).status_code == 422
    api = caller(bureau.liaison())
    csv = SimpleUploadedFile("记录.csv", (",".join(HEAD) + f"\n{bureau.firm.uscc},2026-01-07,消防,轻微,x\n").encode())
    answer = api.post("/api/v1/inspections/records", {"file": csv})
    assert (answer.status_code, answer.json()["kept"]) == (201, 1)


def test_marks_of_draws_are_marks_of_bodies(bureau):
    bureau.rule("jiaozhou")
    bureau.record(severity="serious")
    bureau.rate()
    wanted = lots(bureau, count=1, grades=("C",))
    made = services.commit_draw(department=bureau.department("housing"), lots=wanted, actor=bureau.liaison(), now=NOW)
    act(bureau, made, "fix_pool")
    done = act(bureau, made, "draw", now=made.draw_at)
    check = next(row.check_made for row in selectors.targets_of(done) if row.outcome)
    then = dt.datetime.combine(check.on, dt.time(9), tzinfo=NOW.tzinfo)
    for department in ("housing", "water"):
        bureau.approve(check, department, now=made.draw_at)
    bureau.take(check, "arrive", now=then, unscanned="没有码")
    services.rate_check(check_id=check.id, level=5, reasons=[], actor=bureau.owner, now=then)
    with database.writing():
        assert Mark.objects.filter(region=DISTRICT).count() == 2
    assert check.on == SOON
