"""Whether a violation is treated leniently, and from when on credit can be repaired. Plain values only.

Sources: 行政处罚法 §33 (minor, put right, no harm: shall not be punished; first, minor harm, put right: need not be);
卫东 four lists; 国办发〔2025〕22号 on credit repair.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

KINDS = ("exempt", "first", "mitigated", "lighter", "no_coercion")
"""不予处罚, 首违可以不罚, 减轻处罚, 从轻处罚, 免予行政强制: the most lenient first."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What an entry of a lenient list asks for."""

    first: bool
    minor: bool
    corrected: bool


@dataclass(frozen=True, kw_only=True)
class Violation:
    """What happened. earlier: days of records of the same category, whoever entered them."""

    on: dt.date
    minor: bool
    corrected: bool
    earlier: tuple[dt.date, ...] = ()


def missing(needs: Needs, violation: Violation, *, first_years: int) -> tuple[str, ...]:
    """Return what an entry asks for and the violation lacks: `first`, `minor`, `corrected`; none: it applies."""
    lacks = []
    if needs.first and not is_first(violation.earlier, violation.on, years=first_years):
        lacks.append("first")
    if needs.minor and not violation.minor:
        lacks.append("minor")
    if needs.corrected and not violation.corrected:
        lacks.append("corrected")
    return tuple(lacks)


def is_first(earlier: Iterable[dt.date], on: dt.date, *, years: int) -> bool:
    """Tell whether there is no record in so many years before the day."""
    since = months_after(on, -12 * years)
    return not any(since < day < on for day in earlier)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later (or earlier); the last of the month where there is no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
