"""一案一剖, 三有推定 (R2, R3): branches of the fishbone, the three presumptions, and what a dissection still needs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BRANCHES = ("department", "law", "process", "resources", "enterprise", "other")
"""部门、法规政策、流程、资源、企业、其他: where causes hang on the fishbone."""
PRESUMPTIONS = ("reasonable", "solvable", "at_fault")
"""有理推定 of the wish, 有解推定 of the problem, 有过推定 of our own work when it is criticised."""
OUTPUTS = ("institution", "exemplar", "warning")
_PROPOSED = 12


def unexplained(answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the presumptions that are not answered, or departed from without a reason."""
    return [name for name in PRESUMPTIONS if not _stands(answers.get(name))]


def _stands(answer: Mapping[str, Any] | None) -> bool:
    return answer is not None and (answer.get("kept") is True or bool(answer.get("why")))


def departed(answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the presumptions that were departed from."""
    return [name for name in PRESUMPTIONS if name in answers and answers[name].get("kept") is False]


def missing(*, causes: int, answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what a dissection still lacks: `causes`, then names of presumptions."""
    return [*([] if causes else ["causes"]), *unexplained(answers)]


def proposals(
    used: Iterable[tuple[str, str, str]], *, category: str, without: Iterable[tuple[str, str]]
) -> list[tuple[str, str, int]]:
    """Return (branch, cause, how often) of causes found before, to choose from: the taxonomy as use has made it.

    used: (branch, cause, category of its case). Those found in the same category come first, then the most frequent;
    those that this case has already (`without`) are left out.
    """
    counts: dict[tuple[str, str], list[int]] = {}
    for branch, cause, of in used:
        count = counts.setdefault((branch, cause), [0, 0])
        count[0] += 1
        count[1] += bool(category) and of == category
    left = [(key, count) for key, count in counts.items() if key not in set(without)]
    ordered = sorted(left, key=lambda one: (-one[1][1], -one[1][0], BRANCHES.index(one[0][0]), one[0][1]))
    return [(branch, cause, count[0]) for (branch, cause), count in ordered[:_PROPOSED]]


def why_not_approve(*, approver: str, authors: Sequence[str]) -> str | None:
    """Return `own_report` when whoever approves has written any version of the report, else None."""
    return "own_report" if approver in authors else None
