"""Decisions on key projects, on plain values."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

MOST = Decimal(10) ** 9
"""The largest amount, in ten thousand yuan."""
ORDER = ("red", "amber", "calm", "done", "dropped")


class Shown(NamedTuple):
    """What figures need of a project."""

    state: str
    planned: Decimal
    paid: Decimal
    light: str
    blocked: int


def light(*, state: str, day: dt.date, today: dt.date, warn_days: int) -> str:
    """Return the light of a milestone: `done`, `dropped`, `red` after its day, `amber` when it is near, else `calm`."""
    if state != "planned":
        return "done" if state == "reached" else "dropped"
    if today > day:
        return "red"
    return "amber" if (day - today).days <= warn_days else "calm"


def worst(lights: Iterable[str]) -> str:
    """Return the light that a project shows: the worst of its milestones; `calm` without any."""
    return min(lights, key=ORDER.index, default="calm")


def amount(text: str) -> Decimal | None:
    """Return an amount in ten thousand yuan with two places at most, or None where the text is none."""
    try:
        found = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    exponent = found.as_tuple().exponent
    return found if found.is_finite() and isinstance(exponent, int) and exponent >= -2 and 0 <= found <= MOST else None


def figures(rows: Iterable[Shown]) -> dict[str, Decimal | float | int | None]:
    """Return the figures of projects that were not stopped. A share of nothing is None, never 0 or 1."""
    kept = [row for row in rows if row.state != "stopped"]
    started = sum(row.state in ("started", "finished") for row in kept)
    planned, paid = sum((row.planned for row in kept), Decimal(0)), sum((row.paid for row in kept), Decimal(0))
    return {
        "all": len(kept),
        "started": started,
        "started_share": started / len(kept) if kept else None,
        "planned": planned,
        "paid": paid,
        "paid_share": float(paid / planned) if planned else None,
        "red": sum(row.light == "red" for row in kept),
        "blocked": sum(row.blocked > 0 for row in kept),
    }
