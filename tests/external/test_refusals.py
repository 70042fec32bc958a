# ruff: noqa: T201 -- it prints what it measures
"""Does the reading of answers find refusals? Measured on real replies labelled by hand (../shared/data/taidi2020c).

The labels and the guideline they follow lie in `refusals/`; the texts stay where they are.
`pytest -m external tests/external/test_refusals.py -rP` prints what was measured.
"""

import csv
import math
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from bihuan.mechanisms.refusals.rules import reading

from .conftest import REAL

FOLDER = REAL / "taidi2020c"
LABELS = Path(__file__).parent / "refusals" / "labels.csv"
PRIOR = {reading.DONE: -0.8}
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"{FOLDER} is not there: this check needs the data beside the project"
    ),
]


@pytest.fixture(scope="module")
def labelled() -> list[tuple[str, str, str]]:
    """(draw, label, text) of every labelled reply."""
    sheet = openpyxl.load_workbook(FOLDER / "messages_with_replies.xlsx", read_only=True).active
    texts = [re.sub(r"\s+", "", row[5] or "") for row in sheet.iter_rows(values_only=True)]
    with LABELS.open() as file:
        return [(row["draw"], row["label"], texts[int(row["row"])]) for row in csv.DictReader(file)]


def counted(rows: list[tuple[bool, bool]]) -> tuple[int, int, int]:
    """(candidates, of them right, refusals) for pairs (is one, was found)."""
    return sum(found for _is, found in rows), sum(one and found for one, found in rows), sum(one for one, _f in rows)


def fit(features: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias of the logistic regression, held near what the kind of a sign lets expect."""
    expected = np.array([*(PRIOR.get(sign.kind, 1.0) for sign in reading.SIGNS), 0.8])
    weights, bias = expected.copy(), 0.0
    for _step in range(4_000):
        share = 1 / (1 + np.exp(-(features @ weights + bias)))
        weights -= 0.01 * (features.T @ (share - labels) + 1.5 * (weights - expected))
        bias -= 0.01 * float((share - labels).sum())
    return weights, bias


def test_the_set_is_large_enough_and_unseen_rows_stayed_unseen(labelled):
    rows = list(csv.DictReader(LABELS.open()))
    assert len({row["row"] for row in rows}) == len(rows) >= 200
    assert {row["label"] for row in rows} == {"answer", *reading.KINDS}
    assert sum(row["draw"] == "unseen" for row in rows) == reading.MEASURED["rows"]


def test_what_is_reported_is_what_is_measured_on_unseen_replies(labelled):
    rows = [(label != "answer", bool(reading.read(text).kind)) for draw, label, text in labelled if draw == "unseen"]
    found, right, refusals = counted(rows)
    print(f"unseen: {right} of {found} candidates right, {right} of {refusals} refusals found")
    assert {"rows": len(rows), "found": found, "right": right, "refusals": refusals} == reading.MEASURED


def test_the_shipped_weights_come_from_these_labels_and_hold_in_five_folds(labelled):
    rows = [row for row in labelled if row[0] != "unseen"]
    features = np.array([reading.features(text) for _draw, _label, text in rows])
    labels = np.array([label != "answer" for _draw, label, _text in rows], float)
    weights, bias = fit(features, labels)
    shipped = [*(sign.weight for sign in reading.SIGNS), reading.SHORT_WEIGHT]
    assert np.abs(weights - shipped).max() < 0.02
    assert math.isclose(bias, reading.BIAS, abs_tol=0.02)
    shares = np.zeros(len(labels))
    for fold in range(5):
        mine = np.arange(len(labels)) % 5 == fold
        weights, bias = fit(features[~mine], labels[~mine])
        shares[mine] = 1 / (1 + np.exp(-(features[mine] @ weights + bias)))
    found, right, refusals = counted(
        [(bool(a), bool(b)) for a, b in zip(labels, shares >= reading.THRESHOLD, strict=True)]
    )
    print(f"five folds: precision {right / found:.2f}, recall {right / refusals:.2f} on {len(labels)} replies")
    assert right / found >= 0.65
    assert right / refusals >= 0.75
