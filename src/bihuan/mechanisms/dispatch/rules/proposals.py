"""研判: what to propose for a matter. The catalogue first, then what the model is sure enough of, else nothing (L4)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIELDS = ("category", "tier", "board", "lead", "co")
NOBODY = "-"
"""The label of a matter that needs no co-department."""
KNOWN_BEFORE, RIGHT_BEFORE = 5, 4
"""An entry that was never tried is trusted as if it had been right four times in five."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One part of a proposal: its value, how sure it is (0 to 1), and whether `catalogue` or `model` says so."""

    value: Any
    confidence: float
    source: str


def trust(*, used: int, overruled: int) -> float:
    """Return how sure an entry of the catalogue is, by how often people decided otherwise."""
    return (RIGHT_BEFORE + used - overruled) / (KNOWN_BEFORE + used)


def combine(
    *, catalogue: Mapping[str, Any], sure: float, model: Mapping[str, tuple[str, float]], least: Mapping[str, float]
) -> dict[str, Said]:
    """Return field → what is proposed; a field of which nobody is sure enough is left out.

    catalogue: what the recognized entry says (empty values say nothing), with the trust `sure` in it. model: field →
    (label, confidence). least: field → the confidence from which on the model's word is taken.
    """
    found: dict[str, Said] = {}
    for field in FIELDS:
        if catalogue.get(field):
            found[field] = Said(value=catalogue[field], confidence=sure, source="catalogue")
        elif field in model and model[field][1] >= least.get(field, 1.0):
            label, confidence = model[field]
            value = label if field != "co" else co_of(label)
            found[field] = Said(value=value, confidence=confidence, source="model")
    if "lead" in found and "co" in found:
        others = [one for one in found["co"].value if one != found["lead"].value]
        found["co"] = Said(value=others, confidence=found["co"].confidence, source=found["co"].source)
    return found


def label_of(co: Iterable[str]) -> str:
    """Return co-departments as one label to learn."""
    return ",".join(sorted(co)) or NOBODY


def co_of(label: str) -> list[str]:
    """Return the co-departments that a label stands for."""
    return [] if label == NOBODY else label.split(",")


def confidence(found: Mapping[str, Said]) -> float:
    """Return the confidence of the whole: that of its least sure part."""
    return min((one.confidence for one in found.values()), default=0.0)


def compare(proposed: Mapping[str, Any], decided: Mapping[str, Any]) -> dict[str, bool]:
    """Return field → whether it was decided as proposed, for every field that was proposed and decided."""
    return {
        field: _plain(proposed[field]) == _plain(decided[field])
        for field in FIELDS
        if proposed.get(field) not in (None, "") and field in decided
    }


def _plain(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, list | tuple | set) else str(value)


def heir(
    department: Any, *, successor_of: Callable[[Any], Any], in_force: Callable[[Any], bool], most: int = 10
) -> Any | None:
    """Return the department itself, or whoever took over from it in the end; None when nobody did.

    successor_of: department → its successor or None. A chain that does not end counts as nobody.
    """
    for _step in range(most):
        if department is None or in_force(department):
            return department
        department = successor_of(department)
    return None


def urgent_words(words: Sequence[str], *, title: str, body: str) -> list[str]:
    """Return those of the words that the text has: signs of an urgent and worrying matter (急难愁盼)."""
    return [word for word in words if word in title or word in body]
