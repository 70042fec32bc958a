"""Which ratings are bad marks, what the rated unit may learn of them, and how times and small groups are shown."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

PARTS = ("plan", "process", "result")
Shared = Literal["matter", "kind", "nothing"]


def bad_parts(levels: Mapping[str, int | None], *, bad: int) -> dict[str, int]:
    """Return the parts rated at most `bad` (不满意 and 非常不满意; 国办发〔2019〕51号), with their levels."""
    return {part: level for part in PARTS if (level := levels.get(part)) is not None and level <= bad}


def shared_with_unit(*, consents: bool, could_be: int, least: int) -> Shared:
    """Return what the rated unit learns of a bad mark.

    With the enterprise's consent the matter itself; without, its reasons and month only, and nothing at all where fewer
    than `least` enterprises could have given it (深圳龙华: 执法部门不可见、不可溯).
    """
    if consents:
        return "matter"
    return "kind" if could_be >= least else "nothing"


def coarse(instant: dt.date, *, to: Literal["day", "week", "month"]) -> str:
    """Return a day as it may be shown: itself, the Monday of its week, or its month."""
    if to == "month":
        return f"{instant:%Y-%m}"
    day = instant - dt.timedelta(days=instant.weekday()) if to == "week" else instant
    return f"{day:%Y-%m-%d}"


def mean(levels: list[int], *, least: int) -> float | None:
    """Return the mean of levels; None where there are fewer than `least`, so that nobody can be recognised."""
    return round(sum(levels) / len(levels), 2) if len(levels) >= least else None
