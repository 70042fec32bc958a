"""The class of an enterprise from its records (胶州 ABC 分类): points, and what they lead to. Plain values only."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of an enterprise's record. severity: `minor`, `ordinary` or `serious`."""

    id: str
    on: dt.date
    category: str
    severity: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One class, from the best down: it holds up to so many points (None: any number)."""

    id: str
    up_to: int | None


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What a place rates by: years looked back, points for each severity, which kinds of record count, the classes."""

    years: int
    points: Mapping[str, int]
    categories: frozenset[str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A class with the whole calculation: each entry that counts with its points, and their sum."""

    grade: str
    points: int
    lines: tuple[tuple[Entry, int], ...]
    since: dt.date


def rate(entries: Iterable[Entry], scale: Scale, on: dt.date) -> Rated:
    """Return the class on a day. Same records in any order give the same class; an older record never makes it better.

    Entries after the day, before the years looked back, or of a kind that does not count are left out.
    """
    since = years_before(on, scale.years)
    counting = [one for one in entries if since < one.on <= on and one.category in scale.categories]
    lines = tuple(
        (one, scale.points.get(one.severity, 0)) for one in sorted(counting, key=lambda one: (one.on, one.id))
    )
    total = sum(points for _one, points in lines)
    grade = next((step.id for step in scale.steps if step.up_to is None or total <= step.up_to), scale.steps[-1].id)
    return Rated(grade=grade, points=total, lines=lines, since=since)


def years_before(on: dt.date, years: int) -> dt.date:
    """Return the same day so many years before; 29 February becomes the 28th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def in_force(standings: Sequence[tuple[str, bool]], known: Iterable[str], otherwise: str) -> str:
    """Return the class that counts: the newest that is not objected to; else, or if the place has no such class, the
    class of those who were never rated.

    standings: (class, whether an objection waits), newest first. An objection puts the earlier class back until it is
    decided, so that nobody is checked more for a class that may be wrong.
    """
    found = next((grade for grade, objected in standings if not objected), otherwise)
    return found if found in set(known) else otherwise
