"""What of many answers is counted, and what of it may be shown. Plain values only.

Small cells are kept back, and with them as many others as are needed so that nobody gets them by subtracting.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .branching import Question, choices


@dataclass(frozen=True, kw_only=True)
class Tally:
    """One question counted. asked: to how many it was shown; answered: how many said something; counts: option → n.

    mean: of a scale or a number, None where too few answered.
    """

    question: Question
    asked: int
    answered: int
    counts: Mapping[str, int]
    mean: float | None = None


def tally(question: Question, answers: Sequence[tuple[bool, Any]], *, least: int) -> Tally:
    """Count one question. answers: (whether it was on the way, what was said) of each who answered."""
    said = [value for shown, value in answers if shown and value not in (None, "", [])]
    counts: Counter[str] = Counter()
    for value in said:
        counts.update(value if isinstance(value, list) else [str(value)])
    numbers = [float(value) for value in said] if question.kind in ("scale", "number") else []
    return Tally(
        question=question,
        asked=sum(shown for shown, _value in answers),
        answered=len(said),
        counts={option: counts[option] for option in choices(question)},
        mean=round(sum(numbers) / len(numbers), 2) if len(numbers) >= least else None,
    )


def table(cells: Iterable[tuple[str, str]], *, columns: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return row → column → how many, from (row, column) of each; all rows have all columns."""
    found: dict[str, dict[str, int]] = {}
    for row, column in cells:
        found.setdefault(row, dict.fromkeys(columns, 0))
        if column in found[row]:
            found[row][column] += 1
    return dict(sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0])))


def guarded(counts: Mapping[str, Mapping[str, int]], *, least: int) -> dict[str, dict[str, int | None]]:
    """Return a table in which small cells are None, and no other cell gives them away.

    A cell above 0 and below `least` is kept back. As long as a row or a column keeps back exactly one cell, its next
    smallest one is kept back too: row and column totals are known, so a single gap could be filled.
    """
    shown: dict[str, dict[str, int | None]] = {
        row: {column: None if 0 < n < least else n for column, n in cells.items()} for row, cells in counts.items()
    }
    columns = list(next(iter(counts.values()), {}))
    changed = True
    while changed:
        changed = False
        lines = [[(row, column) for column in columns] for row in counts]
        lines += [[(row, column) for row in counts] for column in columns]
        for line in lines:
            gaps = [(row, column) for row, column in line if shown[row][column] is None]
            rest = [(row, column) for row, column in line if shown[row][column] is not None]
            if len(gaps) == 1 and rest:
                row, column = min(rest, key=lambda one: (counts[one[0]][one[1]] == 0, counts[one[0]][one[1]]))
                shown[row][column] = None
                changed = True
    return shown


def guarded_line(counts: Mapping[str, int], *, least: int) -> dict[str, int | None]:
    """Return the counts of one question, small ones kept back, with one more where a single gap could be filled."""
    return guarded({"": counts}, least=least)[""] if len(counts) > 1 else _single(counts, least)


def _single(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    return {key: None if 0 < n < least else n for key, n in counts.items()}
