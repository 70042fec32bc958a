"""How good answers are: accuracy, precision, recall and F1 of each class, macro-F1, and calibration of confidences."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OfClass:
    """Figures of one class. rows: how many truly belong to it. A share without anything to count is 0."""

    label: str
    rows: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, kw_only=True)
class Score:
    """Figures of many answers. macro_f1: the mean of F1 over all classes that are true or were answered."""

    rows: int
    accuracy: float
    macro_f1: float
    classes: tuple[OfClass, ...]


def score(truth: Sequence[str], answers: Sequence[str]) -> Score:
    """Compare answers with the truth, row by row."""
    hits = Counter(true for true, given in zip(truth, answers, strict=True) if true == given)
    true_rows, given_rows = Counter(truth), Counter(answers)
    classes = []
    for label in sorted(set(truth) | set(answers)):
        precision = hits[label] / given_rows[label] if given_rows[label] else 0.0
        recall = hits[label] / true_rows[label] if true_rows[label] else 0.0
        f1 = 2 * precision * recall / (precision + recall) if hits[label] else 0.0
        classes.append(OfClass(label=label, rows=true_rows[label], precision=precision, recall=recall, f1=f1))
    return Score(
        rows=len(truth),
        accuracy=hits.total() / len(truth) if truth else 0.0,
        macro_f1=math.fsum(row.f1 for row in classes) / len(classes) if classes else 0.0,
        classes=tuple(classes),
    )
