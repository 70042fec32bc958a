"""Scoring the text model on two labelled files; nothing of the register is touched."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors, memory

from ..rules import learning, scoring

Line = tuple[int, Mapping[str, Any], str]
"""Row number, heading → value, what is wrong with the line."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What came out: rows learnt from, rows without text or label, the score, seconds and the process's peak memory."""

    learnt_from: int
    left_out: int
    score: scoring.Score
    train_seconds: float
    answer_seconds: float
    peak_mib: float


def evaluate(
    *,
    train: Iterable[Line],
    test: Iterable[Line],
    train_headings: Sequence[str],
    test_headings: Sequence[str],
    text: Sequence[str],
    label: str,
) -> Evaluation:
    """Learn from the rows of `train` and score the answers to the rows of `test`, from which nothing is learnt.

    text: columns; of several the first is the title, the others together are the body. label: the column of the right
    answer. Rows without text or without label are left out. Raises Invalid: `column_missing`, `too_little`.
    """
    for headings in (train_headings, test_headings):
        missing = [name for name in (*text, label) if name not in headings]
        if missing:
            sentence = _("The file has no column “%(name)s”; it has: %(known)s.")
            facts = {"name": missing[0], "known": ", ".join(headings)[:500]}
            raise errors.Invalid(sentence % facts, code="column_missing", field="text")
    first, left_out = _rows(train, text, label)
    second, also_out = _rows(test, text, label)
    if not second:
        raise errors.Invalid(_("The test file has no row with text and label."), code="too_little", field="test")
    begin = time.monotonic()
    try:
        model = learning.train([row for row, _label in first], {"label": [given for _row, given in first]})
    except learning.TooLittle as error:
        sentence = _("There is too little to learn from: at least ten rows, and two labels with two rows each.")
        raise errors.Invalid(sentence, code="too_little", field="train") from error
    between = time.monotonic()
    answers = [model.answer(*row)["label"].label for row, _label in second]
    return Evaluation(
        learnt_from=len(first),
        left_out=left_out + also_out,
        score=scoring.score([given for _row, given in second], answers),
        train_seconds=between - begin,
        answer_seconds=time.monotonic() - between,
        peak_mib=memory.peak_mib(),
    )


def _rows(lines: Iterable[Line], text: Sequence[str], label: str) -> tuple[list[tuple[learning.Row, str]], int]:
    found, left_out = [], 0
    for _number, cells, flaw in lines:
        parts = [_plain(cells.get(name)) for name in text]
        given = _plain(cells.get(label))
        if flaw or not given or not any(parts):
            left_out += 1
            continue
        title, body = (parts[0], "\n".join(parts[1:])) if len(parts) > 1 else ("", parts[0])
        found.append(((title, body), given))
    return found, left_out


def _plain(value: Any) -> str:
    return "" if value is None else str(value).strip()
