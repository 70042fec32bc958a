"""A clock replayed from its facts: when it is due, what light it shows, how much time is used and why. Pure.

Time is counted from the end of the day of receipt (working days, natural days) or from the instant (hours). Clocks in
working days and hours, and clocks with a set due date, are measured in working time; natural days, hours and minutes
round the clock. A pause stops the measure; overlapping pauses merge. Every light has one exact instant.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from bihuan.foundation.kernel.workdays import Duration, Explanation, WorkCalendar

from .course import Course
from .facts import (
    Allotment,
    Fact,
    FactKind,
    Light,
    check_lights,
    in_utc,
    read_allotment,
    read_facts,
    write_allotment,
    write_fact,
)
from .views import ClockView, Step

__all__ = [
    "Allotment",
    "ClockView",
    "Fact",
    "FactKind",
    "Light",
    "Step",
    "Terms",
    "check_lights",
    "explain",
    "read_allotment",
    "read_facts",
    "replay",
    "terms",
    "why_not_extend",
    "with_terms",
    "write_allotment",
    "write_fact",
]


class Terms(NamedTuple):
    """What a clock goes by: its whole allotment, its lights, and what was granted beyond the allotment since."""

    allotment: Allotment
    lights: tuple[Light, ...]
    extensions: tuple[Allotment, ...]


def terms(facts: Iterable[Fact]) -> Terms:
    """Return the terms that the facts of a clock, in order, come to."""
    allotment: Allotment | None = None
    lights: tuple[Light, ...] = ()
    extensions: list[Allotment] = []
    for fact in facts:
        if fact.kind in (FactKind.STARTED, FactKind.RETARGETED):
            lights = lights if fact.lights is None else fact.lights
            if fact.allotment is not None:
                allotment, extensions = fact.allotment, []
        elif fact.kind is FactKind.EXTENDED and fact.allotment is not None:
            extensions.append(fact.allotment)
    if allotment is None:
        raise ValueError("a clock begins with a started fact and its allotment")
    return Terms(allotment, lights, tuple(extensions))


def with_terms(facts: Iterable[Fact], *, allotment: Allotment, lights: Sequence[Light]) -> tuple[Fact, ...]:
    """Return `facts` as if the clock had been started with other terms: for rehearsing another rulebook."""
    # Later changes of the terms are those of the rulebook it had; what was granted beyond them stays.
    changed: dict[FactKind, dict[str, Any]] = {
        FactKind.STARTED: {"allotment": allotment, "lights": tuple(lights)},
        FactKind.RETARGETED: {"allotment": None, "lights": None},
    }
    return tuple(replace(fact, **changed.get(fact.kind, {})) for fact in facts)


def why_not_extend(view: ClockView, *, now: dt.datetime) -> str | None:
    """Return `stopped` or `overdue` where an extension comes too late: it is asked for before the time is up."""
    if view.stopped_at is not None:
        return "stopped"
    return "overdue" if (view.paused_at or now) > view.due_at else None


def replay(facts: Iterable[Fact], calendar: WorkCalendar, now: dt.datetime) -> ClockView:
    """Return what the clock shows at `now`.

    Facts may come in any order. Raises ValueError unless exactly one of them, the first, is a start with an allotment.
    """
    course = _replayed(facts, calendar)
    return course.view(in_utc(now))


def explain(facts: Iterable[Fact], calendar: WorkCalendar) -> Explanation | None:
    """Return why the last allotment set as a duration ends where it does, or None for a set due date."""
    course = _replayed(facts, calendar)
    return calendar.explain(course.start, course.allotment) if isinstance(course.allotment, Duration) else None


def _replayed(facts: Iterable[Fact], calendar: WorkCalendar) -> Course:
    ordered = sorted(facts, key=lambda fact: (fact.at, fact.seq))
    if not ordered or ordered[0].kind is not FactKind.STARTED or ordered[0].allotment is None:
        raise ValueError("a clock begins with a started fact and its allotment")
    if any(fact.kind is FactKind.STARTED for fact in ordered[1:]):
        raise ValueError("a clock is started once; a new cycle is another clock")
    course = Course(calendar, ordered[0].at, ordered[0].allotment, ordered[0].lights or ())
    for fact in ordered[1:]:
        course.take(fact)
    return course
