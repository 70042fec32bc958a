"""试算: what another rulebook would change today, for whom; nothing is written and nobody is told."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.db.models import QuerySet
from pydantic import BaseModel

from bihuan.casework.deadlines import rules as clock_rules
from bihuan.casework.deadlines.models import Clock, ClockState
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database
from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.foundation.rulebooks import loader
from bihuan.foundation.rulebooks import rules as rulebook_rules
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks.sections import Calendar
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices
from ..models import Case
from ..rulebook import Fallback, Light, Lights
from ..states import OPEN
from . import clocks
from .clocks import ACCEPTANCE, HANDLING

M = TypeVar("M", bound=BaseModel)

BATCH = 1_000
AT_ONCE = 2_000
"""How many cases a page may ask to be looked at: about two seconds of work. Commands look at all."""
SHOWN = 200
"""How many cases are listed one by one; all are counted."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An open case that would look different: its light and due date before and after."""

    number: str
    title: str
    light: str
    would_light: str
    due_at: dt.datetime
    would_be_due_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Told:
    """Somebody who would be told: how often, and of which consequence."""

    person: str
    consequence: str
    times: int


@dataclass(kw_only=True)
class Rehearsal:
    """What another rulebook would do to the open cases of a region today.

    seen: cases looked at; left_out: open ones that were not, being due later than all of those
    relit: (light before, light after) → number; earlier, later: due dates; overdue, would_be_overdue: before and after
    moved: the cases that would show another light, at most `SHOWN`; told: who would hear of them
    unreceived: consequences of the rulebook's lights that nobody in the region could receive today
    """

    seen: int = 0
    left_out: int = 0
    earlier: int = 0
    later: int = 0
    overdue: int = 0
    would_be_overdue: int = 0
    relit: Counter[tuple[str, str]] = field(default_factory=Counter)
    moved: list[Moved] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    unreceived: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the numbers that go on record when the rulebook is put into force."""
        return {
            "open": self.seen,
            "left_out": self.left_out,
            "relit": sum(self.relit.values()),
            "due_earlier": self.earlier,
            "due_later": self.later,
            "overdue": self.overdue,
            "would_be_overdue": self.would_be_overdue,
            "told": len({one.person for one in self.told}),
        }


def governed(region: str, *, now: dt.datetime) -> tuple[str, ...]:
    """Return the regions for which a rulebook of `region` counts: itself and those below without one of their own."""
    below = directory.descendants(region, towns=True)
    nearer = rulebooks.regions_with_their_own(below, at=now) - {region}
    return tuple(code for code in below if not nearer & set(rulebook_rules.lineage(code)))


def rehearse(*, region: str, text: str, now: dt.datetime, most: int | None = None) -> Rehearsal:
    """Return what the rulebook `text` would change among the open cases of `region` today, and who would be told.

    Cases keep the version they were raised under; this asks what if it were this one. Its office hours count, too.
    most: look only at so many, those due first, and say how many were left out (None: look at all). Raises Flawed for
    a rulebook that is not valid, Invalid for an unknown region.
    """
    directory.region_in_force(region, now.date())
    loaded = loader.load(text)
    sections = loaded.sections
    result, calls = Rehearsal(), Counter[tuple[uuid.UUID, str]]()
    own_hours = sections["calendar"] if "calendar" in loaded.own else None
    with database.reading(database.SERVICE):
        rows = _open(governed(region, now=now))
        result.left_out = max(rows.count() - most, 0) if most is not None else 0
        for case, clock in _running(rows, most):
            calendar = _calendar(case.region, own_hours)
            _look(result, calls, case, clock, sections, calendar, now)
        names = accounts.names({person for person, _what in calls})
        result.told = sorted(
            (Told(person=names[who], consequence=what, times=times) for (who, what), times in calls.items()),
            key=lambda one: (-one.times, one.person, one.consequence),
        )
        result.unreceived = unreceived(region=region, lights=_lights(sections), fallback=_fallback(sections), now=now)
    return result


def unreceived(
    *, region: str, now: dt.datetime, lights: Iterable[Light] | None = None, fallback: Sequence[str] | None = None
) -> list[str]:
    """Return the consequences that nobody in the region could receive: no office held, no fallback.

    lights, fallback: of another rulebook than the one in force.
    """
    book = rulebooks.in_force(region, now)
    lights = book.section(Lights).root if lights is None else lights
    fallback = book.section(Fallback).receivers if fallback is None else fallback
    found: list[str] = []
    for name in dict.fromkeys(name for light in lights for name in light.consequences):
        offices = (*notices.RECEIVERS.get(name, ()), *fallback)
        roles = [office.rpartition(":")[2] for office in offices]
        if name in notices.RECEIVERS and not any(accounts.holders(role=role, region=region, now=now) for role in roles):
            found.append(name)
    return found


def _open(regions: tuple[str, ...]) -> QuerySet[Case]:
    states = sorted(state.value for state in OPEN)
    return Case.objects.filter(region__in=regions, state__in=states).defer("search", "description")


def _running(rows: QuerySet[Case], most: int | None) -> Iterator[tuple[Case, Clock]]:
    """Yield the cases with the main clock that rules now: in order of id, or the `most` that are due first."""
    if most is not None:
        yield from _with_clocks(list(rows.order_by("due_at", "id")[:most]))
        return
    after = uuid.UUID(int=0)
    while cases := list(rows.filter(id__gt=after).order_by("id")[:BATCH]):
        yield from _with_clocks(cases)
        after = cases[-1].id


def _with_clocks(cases: Sequence[Case]) -> Iterator[tuple[Case, Clock]]:
    found = Clock.objects.filter(subject__in=[case.id for case in cases], kind__in=[ACCEPTANCE, HANDLING])
    ruling = {clock.subject: clock for clock in found.exclude(state=ClockState.STOPPED).order_by("cycle")}
    return ((case, ruling[case.id]) for case in cases if case.id in ruling)


def _look(
    result: Rehearsal,
    calls: "Counter[tuple[uuid.UUID, str]]",
    case: Case,
    clock: Clock,
    sections: Mapping[str, BaseModel],
    calendar: WorkCalendar,
    now: dt.datetime,
) -> None:
    facts = clock_rules.read_facts(clock.facts)
    is_now = clock_rules.replay(facts, workcalendar.calendar_for(case.region), now)
    lights = _lights(sections)
    own = rulebooks.version(case.rulebook_version)
    allotment = clocks.allowed(clock, case, partial(_section, sections), before=own.section)
    other = clock_rules.with_terms(
        facts,
        allotment=allotment or clock_rules.terms(facts).allotment,
        lights=clock_rules.check_lights((light.id, light.at) for light in lights),
    )
    would = clock_rules.replay(other, calendar, now)
    result.seen += 1
    result.earlier += would.due_at < is_now.due_at
    result.later += would.due_at > is_now.due_at
    result.overdue += is_now.overdue
    result.would_be_overdue += would.overdue
    before, after = is_now.light or "", would.light or ""
    if before == after:
        return
    result.relit[(before, after)] += 1
    if len(result.moved) < SHOWN:
        result.moved.append(
            Moved(
                number=case.number,
                title=case.title,
                light=before,
                would_light=after,
                due_at=is_now.due_at,
                would_be_due_at=would.due_at,
            )
        )
    reached = next((light for light in lights if light.id == after), None)
    for consequence in reached.consequences if reached else ():
        for person in notices.receivers(case, consequence, now=now, fallback=_fallback(sections)):
            calls[(person, consequence)] += 1


def _section(sections: Mapping[str, BaseModel], which: type[M]) -> M:
    return next(section for section in sections.values() if isinstance(section, which))


def _lights(sections: Mapping[str, BaseModel]) -> tuple[Light, ...]:
    return _section(sections, Lights).root


def _fallback(sections: Mapping[str, BaseModel]) -> tuple[str, ...]:
    return _section(sections, Fallback).receivers


def _calendar(region: str, own: Any) -> WorkCalendar:
    if not isinstance(own, Calendar):
        return workcalendar.calendar_for(region)
    return workcalendar.calendar_with(region, hours=own.hours())
