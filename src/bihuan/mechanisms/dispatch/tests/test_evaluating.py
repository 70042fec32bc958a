"""`bihuan triage evaluate`: any two labelled files, and what it says about files that are not."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from .samples import rows_of


def run(*arguments):
    command = [Path(sys.executable).with_name("bihuan"), "triage", "evaluate", *map(str, arguments), "--json"]
    # No database anywhere: the command must not need one.
    nowhere = {"BIHUAN_MODE": "test", "BIHUAN_DATABASE_URL": "postgresql:///never-opened"}
    found = subprocess.run(command, capture_output=True, text=True, env=os.environ | nowhere)
    assert found.stdout.startswith("{"), found.stderr
    return found.returncode, json.loads(found.stdout)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labelled")
    for name, seed in (("train", 1), ("test", 2)):
        rows, labels = rows_of(80, seed)
        lines = [{"主题": title, "详情": body, "类": label} for (title, body), label in zip(rows, labels, strict=True)]
        lines.append({"主题": "没有类", "详情": "", "类": ""})
        with (folder / f"{name}.csv").open("w", encoding="gb18030", newline="") as out:
            writer = csv.DictWriter(out, ["主题", "详情", "类"])
            writer.writeheader()
            writer.writerows(lines)
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        book = openpyxl.Workbook()
        book.active.append(["主题", "详情", "类"])
        for line in lines:
            book.active.append(list(line.values()))
        book.save(folder / f"{name}.xlsx")
    (folder / "empty.csv").write_text("主题,详情,类\n")
    (folder / "bad.pdf").write_text("x")
    return folder


def test_kinds_of_files_give_the_same_figures(files):
    found = [
        run("--train", files / f"train.{one}", "--test", files / f"test.{two}", "--text", "主题,详情", "--label", "类")
        for one, two in (("csv", "xlsx"), ("jsonl", "csv"))
    ]
    assert [status for status, _document in found] == [0, 0]
    first, second = (document for _status, document in found)
    assert first["accuracy"] == second["accuracy"] > 0.95
    assert first["per_class"] == second["per_class"]
    assert (first["train_rows"], first["test_rows"], first["left_out"]) == (80, 80, 2)
    assert 0 < first["peak_mib"] < 1024


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"--label": "不在"}, "column_missing"),
        ({"--text": "主题,不在"}, "column_missing"),
        ({"--train": "empty.csv"}, "too_little"),
        ({"--test": "empty.csv"}, "too_little"),
        ({"--train": "bad.pdf"}, "format_unknown"),
    ],
)
def test_wrong_files_are_one_sentence(files, change, code):
    options = {"--train": "train.csv", "--test": "test.csv", "--text": "主题", "--label": "类"} | change
    options = {key: files / value if key in ("--train", "--test") else value for key, value in options.items()}
    status, document = run(*(part for pair in options.items() for part in pair))
    assert (status, document["code"]) == (1, code)
