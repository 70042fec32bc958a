# ruff: noqa: T201 -- it prints what it measures
"""Real registers of others: taken over whole, listed, searched, proved, handed on (../shared/data).

`pytest -m external tests/external/test_registers.py -rP` prints what was measured.
"""

import collections
import csv
import datetime as dt
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.db.models import Count

from bihuan.casework.cases import selectors
from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import THE_SYSTEM
from bihuan.casework.cases.rules import facts
from bihuan.foundation.kernel import clock, database
from bihuan.foundation.ledger import selectors as ledger
from bihuan.foundation.ledger import standalone_verify

from .conftest import MAPS, REAL, installation, looking_into

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is not there: this check needs the data beside the project"),
]
MESSAGES, REPLIES, BOSTON = "taidi-messages", "taidi-replies", "boston-311"
FEWEST_A_MINUTE, MOST_MEMORY = 3_000, 300


def rows_of(path: Path) -> list[dict]:
    """The data as they are, read without any code of the product."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    headings, *rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def files(boston_csv):
    return {
        MESSAGES: REAL / "taidi2020c" / "messages.xlsx",
        REPLIES: REAL / "taidi2020c" / "messages_with_replies.xlsx",
        BOSTON: boston_csv,
    }


@pytest.fixture(scope="module")
def raw(files):
    return {source: rows_of(path) for source, path in files.items()}


@pytest.fixture(scope="module")
def registers(files, blank, tmp_path_factory):
    """An installation that has taken over all three registers, and how each import went."""
    with installation("registers", tmp_path_factory.mktemp("registers"), blank=blank) as made:
        runs = {
            source: made.run("import", "cases", path, "--map", MAPS / f"{source}.yaml")
            for source, path in files.items()
        }
        with looking_into(made):
            yield made, runs


def every(**filters) -> list[selectors.Row]:
    return list(selectors.every(actor=THE_SYSTEM, filters=selectors.Filters(**filters), now=clock.now()))


def test_every_row_comes_in_once_fast_and_in_little_memory(registers, raw):
    made, runs = registers
    for source, run in runs.items():
        rows = len(raw[source])
        # Processor time of the command and of PostgreSQL, one after the other: a machine that does nothing else is
        # faster than that, and one that is busy does not make it slower.
        minute = round(rows / (run.cpu + run.server) * 60)
        print(
            f"{source}: {rows} rows, {minute} a minute of one core ({run.cpu:.1f} s of ours, {run.server:.1f} s of"
            f" PostgreSQL), {round(rows / run.wall * 60)} a minute by the clock, {run.memory:.0f} MiB"
        )
        assert run.status == 0, run.document["errors"][:3]
        assert (run.document["rows"], run.document["imported"], run.document["refused"]) == (rows, rows, 0)
        assert minute >= FEWEST_A_MINUTE
        assert run.memory <= MOST_MEMORY
    with database.writing():
        counted = dict(Case.objects.values_list("source").annotate(Count("id")))
    assert counted == {MESSAGES: 4_326, REPLIES: 2_816, BOSTON: 58_251} == {name: len(raw[name]) for name in raw}
    again = made.run("import", "cases", REAL / "taidi2020c" / "messages.xlsx", "--map", MAPS / f"{MESSAGES}.yaml")
    assert (again.document["known"], again.document["imported"]) == (4_326, 0)


def test_replies_are_histories_with_their_own_times(registers, raw):
    with database.writing():
        found = {case.source_id: case for case in Case.objects.filter(source=REPLIES).defer("search")}
        for row in random.Random(2020).sample(raw[REPLIES], 200):
            case = found[str(row["留言编号"])]
            steps = [ledger.content(fact) for fact in ledger.history(case.id)]
            assert [step["kind"] for step in steps] == ["case.imported", "case.replied", "case.closed"]
            assert [step["to"] for step in steps] == ["submitted", "replied", "closed"]
            asked, answered = local(row["留言时间"]), local(row["答复时间"])
            assert [dt.datetime.fromisoformat(step["at"]) for step in steps] == [asked, answered, answered]
            assert "".join(case.reply_text.split()) == "".join(row["答复意见"].split())
            assert (case.raised_at, case.replied_at, case.closed_at) == (asked, answered, answered)


def local(value) -> dt.datetime:
    """The instant of a cell of the message board: a text or a date, on the wall clock of China."""
    naive = value if isinstance(value, dt.datetime) else dt.datetime.strptime(value, "%Y/%m/%d %H:%M:%S")
    return naive.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_lists_show_the_newest_and_the_most_urgent_first(registers):
    for sort, key, down in (("-raised_at", "raised_at", True), ("due", "due_at", False)):
        seen, cursor = [], None
        for _page in range(3):
            rows, cursor = selectors.page(
                actor=THE_SYSTEM, filters=selectors.Filters(sort=sort), now=clock.now(), cursor=cursor
            )
            assert len(rows) == selectors.PAGE
            seen += rows
        assert len({row.id for row in seen}) == 3 * selectors.PAGE
        assert [getattr(row, key) for row in seen] == sorted((getattr(row, key) for row in seen), reverse=down)


def test_search_finds_every_matter_with_a_word_of_the_data(registers, raw):
    """Words are pieces of real titles; whoever has the word is found, and whoever is found has all its pairs."""
    texts = {
        (source, str(row["留言编号"])): f"{row['留言主题']}\n{row['留言详情']}".lower()
        for source in (MESSAGES, REPLIES)
        for row in raw[source]
    }
    chance = random.Random(4326)
    titles = [title for row in raw[MESSAGES] if (title := row["留言主题"]).isalnum() and len(title) > 8]
    words = [title[3 : 3 + length] for length in (2, 3, 4) for title in chance.sample(titles, 8)]
    words = [word for word in words if all("\u4e00" <= letter <= "\u9fff" for letter in word)]
    assert len(words) >= 12
    with database.writing():
        keys = dict(Case.objects.exclude(source=BOSTON).values_list("id", "number"))
        known = {
            number: (source, source_id)
            for number, source, source_id in Case.objects.exclude(source=BOSTON).values_list(
                "number", "source", "source_id"
            )
        }
    assert len(keys) == len(texts)
    for word in words:
        found = {known[row.number] for row in every(q=word)}
        assert {key for key, text in texts.items() if word in text} <= found, word
        pairs = {word[i : i + 2] for i in range(len(word) - 1)}
        assert all(pair in texts[key] for key in found for pair in pairs), word


def test_overdue_is_what_the_city_says_with_each_difference_explained(registers, raw):
    """Of 58,251 requests 47,112 carry both a deadline and a verdict; for them our flag is the city's, each time.

    The rest: 10,981 have no deadline. The city counts them as on time whatever happens; here every matter has a limit,
    so they got that of an ordinary matter and may be overdue. 158 have a deadline but no verdict; they were closed
    after it, or are still open, so here they are overdue.
    """
    ours = {row.number: row.overdue for row in every(region=("330114",))}
    with database.writing():
        number_of = dict(Case.objects.filter(source=BOSTON).values_list("source_id", "number"))
    tally = collections.Counter()
    for row in raw[BOSTON]:
        flag = ours[number_of[row["case_enquiry_id"]]]
        if not row["target_dt"]:
            assert row["ontime"] == "ONTIME"
            tally["no deadline"] += 1
        elif not row["ontime"]:
            assert flag
            tally["no verdict"] += 1
        else:
            assert flag == (row["ontime"] == "OVERDUE"), row
            tally[row["ontime"]] += 1
    assert tally == {"ONTIME": 35_591, "OVERDUE": 11_521, "no deadline": 10_981, "no verdict": 158}


def test_the_ledger_proves_itself_and_rebuilds_the_rows(registers, raw, tmp_path):
    made, _runs = registers
    boston = sum(1 + bool(row["closed_dt"]) + bool(row["closure_reason"].strip()) for row in raw[BOSTON])
    expected = len(raw[MESSAGES]) + 3 * len(raw[REPLIES]) + boston
    run = made.run("verify")
    print(f"verify: {run.document['facts']} facts in {run.wall:.1f} s ({run.cpu:.1f} s of processor)")
    assert run.status == 0
    assert run.document | {"ok": True, "facts": expected, "streams": 65_393} == run.document
    with database.writing():
        ids = list(Case.objects.order_by("id").values_list("id", flat=True))
        for case in Case.objects.filter(id__in=random.Random(1).sample(ids, 400)).defer("search"):
            rebuilt = facts.replay(ledger.content(fact) for fact in ledger.history(case.id))
            assert rebuilt == facts.to_plain(facts.snapshot(case))
    export = tmp_path / "ledger.jsonl"
    assert made.run("export", "ledger", export).document["facts"] == expected
    alone = subprocess.run(
        [sys.executable, "-I", standalone_verify.__file__, export], capture_output=True, text=True, check=False
    )
    assert alone.returncode == 0, alone.stdout + alone.stderr
    print(alone.stdout.strip())


def content(cases) -> dict[tuple[str, str], str]:
    """(source, source id) → the hash of what a matter is, wherever it is kept."""
    return {
        (case.source, case.source_id): hashlib.sha256(
            json.dumps(
                [
                    case.source,
                    case.source_id,
                    case.title,
                    hashlib.sha256(case.description.encode()).hexdigest(),
                    case.raised_at.isoformat(),
                    case.closed_at and case.closed_at.isoformat(),
                    case.state,
                ]
            ).encode()
        ).hexdigest()
        for case in cases
    }


def test_the_export_taken_over_elsewhere_is_the_same_matter_for_matter(registers, blank, tmp_path):
    made, _runs = registers
    export = tmp_path / "register.csv"
    run = made.run("export", "cases", export)
    print(f"export: {run.document['rows']} rows in {run.wall:.1f} s ({run.cpu:.1f} s of processor)")
    fields = ("source", "source_id", "title", "description", "raised_at", "closed_at", "state")
    with database.writing():
        here = content(Case.objects.only(*fields).iterator())
    connection.close()
    assert run.document["rows"] == len(here) == 65_393
    with installation("elsewhere", tmp_path, blank=blank) as elsewhere:
        taken = elsewhere.run("import", "cases", export)
        assert taken.status == 0, str(taken.document)[:1000]
        assert taken.document["imported"] == 65_393
        with looking_into(elsewhere), database.writing():
            assert content(Case.objects.only(*fields).iterator()) == here
