"""Months as numbers: years × 12 + month − 1, so that they can be compared, counted and stored."""

import datetime as dt
import re


def month_of(day: dt.date) -> int:
    """Return the month of a day."""
    return day.year * 12 + day.month - 1


def written(month: int) -> str:
    """Return a month as a text such as 2026-11."""
    return f"{month // 12}-{month % 12 + 1:02}"


def read(text: str) -> int | None:
    """Return the month that a text such as 2026-11 names, or None."""
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    return int(match[1]) * 12 + int(match[2]) - 1 if match else None


def first_day(month: int) -> dt.date:
    """Return the first day of a month."""
    return dt.date(month // 12, month % 12 + 1, 1)


def season(month: int) -> int:
    """Return the quarter of the year, 0 to 3: matters of one quarter resemble each other."""
    return month % 12 // 3
