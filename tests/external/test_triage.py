# ruff: noqa: T201 -- it prints what it measures
"""The text model on real messages: five folds of the labelled sample (../shared/data/taidi2020c).

`pytest -m external tests/external/test_triage.py -rP` prints what was measured.
"""

import openpyxl
import pytest

from bihuan.mechanisms.dispatch.rules import learning, matrices, scoring

from .conftest import REAL

FOLDER = REAL / "taidi2020c"
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"{FOLDER} is not there: this check needs the data beside the project"
    ),
]


def labelled() -> list[tuple[learning.Row, str]]:
    sheet = openpyxl.load_workbook(FOLDER / "labelled_sample.xlsx", read_only=True).active
    lines = (row for row in sheet.iter_rows(values_only=True) if any(row))
    place = {name: number for number, name in enumerate(next(lines))}
    return [((row[place["留言主题"]], row[place["留言详情"]] or ""), row[place["一级分类"]]) for row in lines]


def test_five_folds():
    rows = labelled()
    assert len(rows) > 400
    labels = sorted({label for _row, label in rows})
    fold = matrices.folds(matrices.np.array([labels.index(label) for _row, label in rows]), 5)
    truth, answers = [], []
    for number in range(5):
        rest = [row for row, mine in zip(rows, fold, strict=True) if mine != number]
        model = learning.train([row for row, _label in rest], {"label": [label for _row, label in rest]})
        for row, label in (row for row, mine in zip(rows, fold, strict=True) if mine == number):
            truth.append(label)
            answers.append(model.answer(*row)["label"].label)
    score = scoring.score(truth, answers)
    print(f"accuracy {score.accuracy:.3f}, macro-F1 {score.macro_f1:.3f} by five folds of {score.rows} messages")
    assert score.macro_f1 >= 0.85
