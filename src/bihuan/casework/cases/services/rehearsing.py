"""试算: what another rulebook would change today, for whom; nothing is written and nobody is told."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import BaseModel

from bihuan.casework.deadlines import rules as clock_rules
from bihuan.casework.deadlines.models import Clock, ClockState
from bihuan.foundation.accounts import selectors as accounts
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import database
from bihuan.foundation.kernel.workdays import Duration, WorkCalendar
from bihuan.foundation.rulebooks import loader
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.rulebooks.sections import Calendar
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import notices
from ..models import Case
from ..rulebook import Acceptance, Fallback, Light, Lights, Reopen, Rework, Tiers
from ..states import OPEN
from .clocks import ACCEPTANCE, HANDLING

M = TypeVar("M", bound=BaseModel)

BATCH = 1_000
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

    relit: (light before, light after) → number; earlier, later: due dates; overdue, would_be_overdue: before and after
    moved: the cases that would show another light, at most `SHOWN`; told: who would hear of them
    unreceived: consequences of the rulebook's lights that nobody in the region could receive today
    """

    seen: int = 0
    earlier: int = 0
    later: int = 0
    overdue: int = 0
    would_be_overdue: int = 0
    relit: Counter[tuple[str, str]] = field(default_factory=Counter)
    moved: list[Moved] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    unreceived: list[str] = field(default_factory=list)


def rehearse(*, region: str, text: str, now: dt.datetime) -> Rehearsal:
    """Return what the rulebook `text` would change among the open cases of `region` today, and who would be told.

    Cases keep the version they were raised under; this asks what if it were this one. Its office hours count, too.
    Raises Flawed for a rulebook that is not valid, Invalid for an unknown region.
    """
    directory.region_in_force(region, now.date())
    loaded = loader.load(text)
    sections = loaded.sections
    result, calls = Rehearsal(), Counter[tuple[uuid.UUID, str]]()
    own_hours = sections["calendar"] if "calendar" in loaded.own else None
    with database.reading(database.SERVICE):
        for case, clock in _running(directory.descendants(region, towns=True)):
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


def _running(regions: tuple[str, ...]) -> Iterator[tuple[Case, Clock]]:
    """Yield the open cases with the main clock that rules now, in order of id."""
    after = uuid.UUID(int=0)
    states = sorted(state.value for state in OPEN)
    while True:
        rows = Case.objects.filter(region__in=regions, state__in=states, id__gt=after).defer("search", "description")
        cases = list(rows.order_by("id")[:BATCH])
        if not cases:
            return
        clocks = Clock.objects.filter(subject__in=[case.id for case in cases], kind__in=[ACCEPTANCE, HANDLING])
        ruling = {clock.subject: clock for clock in clocks.exclude(state=ClockState.STOPPED).order_by("cycle")}
        yield from ((case, ruling[case.id]) for case in cases if case.id in ruling)
        after = cases[-1].id


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
    allotment = _allotment(case, clock, sections) or clock_rules.read_allotment(clock.allotment)
    other = clock_rules.with_terms(
        [replace(fact, lights=None) for fact in facts],
        allotment=allotment,
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


def _allotment(case: Case, clock: Clock, sections: Mapping[str, BaseModel]) -> Duration | None:
    """Return what the other rulebook would allow for the clock; None where its end was set by hand."""
    if "T" in clock.allotment:
        return None
    if clock.kind == ACCEPTANCE:
        return _section(sections, Acceptance).within
    if clock.cycle == 1:
        return _section(sections, Tiers).named(case.tier or "ordinary").due
    own = rulebooks.version(case.rulebook_version)
    reworked = str(own.section(Rework).due) == clock.allotment
    return _section(sections, Rework).due if reworked else _section(sections, Reopen).due


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
