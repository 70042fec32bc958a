"""What is known of an enterprise: values as people type them, and what was known on a day that is past."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

YES, NO = {"true", "yes", "1", "是", "有"}, {"false", "no", "0", "否", "无", "没有"}
LARGEST = 1e15


class Wrong(ValueError):
    """The value is not of the kind that the field has."""


def value(kind: str, given: Any) -> Any:
    """Return a value as it is kept; None for an empty one (not known any more). Raises Wrong.

    kind: `number` (a comma may divide thousands), `flag` (是 or 否), `date` (ISO 8601, also 2024/1/31), `text`.
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if kind == "flag":
        if isinstance(given, bool):
            return given
        word = str(given).strip().lower()
        if word not in YES | NO:
            raise Wrong(kind)
        return word in YES
    if kind == "number":
        return _number(given)
    text = " ".join(str(given).split())
    if len(text) > 120:
        raise Wrong(kind)
    return _day(text) if kind == "date" else text


def _number(given: Any) -> float | int:
    if isinstance(given, bool):
        raise Wrong("number")
    try:
        found = float(str(given).replace(",", "").replace("，", ""))
    except ValueError as problem:
        raise Wrong("number") from problem
    if not math.isfinite(found) or abs(found) > LARGEST:
        raise Wrong("number")
    return int(found) if found.is_integer() else found


def _day(text: str) -> str:
    try:
        year, month, day = (int(part) for part in text.split(" ")[0].replace("/", "-").split("-"))
        found = dt.date(year, month, day)
    except ValueError as problem:
        raise Wrong("date") from problem
    if not 1900 <= found.year <= 2100:
        raise Wrong("date")
    return found.isoformat()


class Past(NamedTuple):
    """A value that held until a day and not on it; None: it was not known."""

    field: str
    value: Any
    until: dt.date


def as_of(present: Mapping[str, Any], past: Iterable[Past], day: dt.date) -> dict[str, Any]:
    """Return what was known of the enterprise on a day: a class or a region that changed later counts as it was."""
    found = dict(present)
    for one in sorted((each for each in past if each.until > day), key=lambda each: each.until, reverse=True):
        found[one.field] = one.value
    return {name: kept for name, kept in found.items() if kept is not None}
