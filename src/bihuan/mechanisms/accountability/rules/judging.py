"""Who is recused, who carries what a unit that is gone left behind, when an inquiry may end and how. Plain values."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A department as the rules see it: in force on the day asked about, and who took over from it (empty: nobody)."""

    in_force: bool
    successor: str = ""


def recused(own: Collection[str], concerned: Collection[str]) -> bool:
    """Tell whether somebody who works in `own` departments has to keep out of what concerns these (自动回避)."""
    return not set(own).isdisjoint(concerned)


def bearer(unit: str, units: Mapping[str, Unit]) -> str:
    """Return who carries what is found about `unit`: itself, or whoever took over; empty where nobody did."""
    seen: set[str] = set()
    while unit and unit not in seen:
        seen.add(unit)
        found = units.get(unit)
        if found is None:
            return ""
        if found.in_force:
            return unit
        unit = found.successor
    return ""


def why_not_write_off(*, visits: int, needed: int) -> str:
    """Return why an inquiry is not written off yet: `visit_missing`, or nothing."""
    return "" if visits >= needed else "visit_missing"


def why_not_refer(*, late: bool, returned: int, failed: int) -> str:
    """Return why it is not referred to real accountability: `carried_out`, as long as nothing was left undone (A4)."""
    return "" if late or returned or failed else "carried_out"


def in_time(at: dt.datetime | None, due: dt.datetime | None) -> bool | None:
    """Tell whether a report came in time; None while there is none."""
    return None if at is None or due is None else at <= due
