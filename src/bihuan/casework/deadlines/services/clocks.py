"""Starting, pausing, extending and stopping clocks."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.utils.translation import gettext as _

from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.workcalendar import selectors as calendars

from .. import rules
from ..models import Clock, ClockState
from ..rules import Allotment, ClockView, Fact, FactKind
from .books import open_book, together, write

Lights = Iterable[tuple[str, Any]]


@dataclass(frozen=True, kw_only=True)
class NewClock:
    """What a clock is started with. `lights` are (id, share of the allotted time) in ascending order.

    started_at is the instant of receipt (default: now); alarms False fires nothing (imported matters). cycle None
    is the one after the last of this kind.
    """

    subject: uuid.UUID
    region: str
    kind: str
    allotment: Allotment
    lights: Lights = ()
    part: str = ""
    cycle: int | None = 1
    started_at: dt.datetime | None = None
    holder_department: uuid.UUID | None = None
    holder_role: str = ""
    rulebook_version: str = ""
    alarms: bool = True


def start(
    *,
    subject: uuid.UUID,
    region: str,
    kind: str,
    allotment: Allotment,
    lights: Lights,
    now: dt.datetime,
    part: str = "",
    cycle: int | None = 1,
    started_at: dt.datetime | None = None,
    holder_department: uuid.UUID | None = None,
    holder_role: str = "",
    rulebook_version: str = "",
    alarms: bool = True,
) -> Clock:
    """Start a clock and its timers; one statement. See NewClock.

    Raises Conflict `clock_running` if the same clock runs already, Invalid `clock_terms_invalid` for lights out of
    order or a date outside the calendar.
    """
    new = NewClock(
        subject=subject,
        region=region,
        kind=kind,
        allotment=allotment,
        lights=lights,
        part=part,
        cycle=cycle,
        started_at=started_at,
        holder_department=holder_department,
        holder_role=holder_role,
        rulebook_version=rulebook_version,
        alarms=alarms,
    )
    return start_many(clocks=[new], now=now)[0]


def start_many(*, clocks: Sequence[NewClock], now: dt.datetime) -> list[Clock]:
    """Start several clocks of one subject and their timers; one statement for all of them. Raises as `start`."""
    if not clocks:
        return []
    rows = [_draft(new, now) for new in clocks]
    subject = clocks[0].subject
    if open_book(subject) is None and all(new.cycle is not None for new in clocks):
        with writing():
            write(new=rows)
        return rows
    with together(subject=subject) as book:
        for new, row in zip(clocks, rows, strict=True):
            row.cycle = new.cycle or book.next_cycle(new.kind)
        book.start(rows)
    return rows


def pause(
    *,
    subject: uuid.UUID,
    now: dt.datetime,
    hold: str = "",
    kinds: Collection[str] | None = None,
    part: str | None = None,
) -> list[Clock]:
    """Stop time for the open clocks of `subject` (of these kinds, of this part); returns those that changed.

    hold names the reason; a clock runs again when every hold on it has ended. Pausing twice for one reason counts once.
    """

    def fact(clock: Clock, view: ClockView, at: dt.datetime) -> Fact | None:
        return None if hold in view.holds else Fact(kind=FactKind.PAUSED, at=at, hold=hold)

    return _change(subject, fact, now=now, kinds=kinds, part=part)


def resume(
    *,
    subject: uuid.UUID,
    now: dt.datetime,
    hold: str = "",
    kinds: Collection[str] | None = None,
    part: str | None = None,
    void: bool = False,
) -> list[Clock]:
    """End the hold on the clocks of `subject`; due dates move by the time that stood still. Returns those changed.

    With `void` the pause was not granted: its time counts after all.
    """

    def fact(clock: Clock, view: ClockView, at: dt.datetime) -> Fact | None:
        return Fact(kind=FactKind.RESUMED, at=at, hold=hold, void=void) if hold in view.holds else None

    return _change(subject, fact, now=now, kinds=kinds, part=part)


def extend(
    *,
    subject: uuid.UUID,
    kind: str,
    by: Allotment,
    now: dt.datetime,
    part: str = "",
    late: bool = False,
) -> Clock:
    """Give an open clock more time: a duration counted from its due date, or a new due date. The original one stays.

    Raises NotFound `clock_not_running`, and Conflict `clock_overdue` once the time is up, unless `late`.
    """

    def fact(clock: Clock, view: ClockView, at: dt.datetime) -> Fact | None:
        if not late and rules.why_not_extend(view, now=at) == "overdue":
            message = _("The time is already up; an extension has to be asked for before")
            raise errors.Conflict(message, code="clock_overdue")
        return Fact(kind=FactKind.EXTENDED, at=at, allotment=by)

    return _one(_change(subject, fact, now=now, kinds=[kind], part=part))


def retarget(
    *,
    subject: uuid.UUID,
    kind: str,
    now: dt.datetime,
    allotment: Allotment | None = None,
    lights: Lights | None = None,
    part: str = "",
    rulebook_version: str | None = None,
) -> Clock:
    """Give an open clock another allotment (counted from its start, used time kept), other lights, or both.

    What was granted beyond the allotment stays granted, unless a due date is set by hand. Raises NotFound
    `clock_not_running`, Invalid `clock_terms_invalid`.
    """
    checked = None if lights is None else _lights(lights)
    granted: list[Allotment] = []

    def fact(clock: Clock, view: ClockView, at: dt.datetime) -> Fact | None:
        if rulebook_version is not None:
            clock.rulebook_version = rulebook_version
        if isinstance(allotment, Duration):
            granted.extend(rules.terms(rules.read_facts(clock.facts)).extensions)
        return Fact(kind=FactKind.RETARGETED, at=at, allotment=allotment, lights=checked)

    with together(subject=subject):
        changed = _one(_change(subject, fact, now=now, kinds=[kind], part=part))
        for more in granted:
            changed = extend(subject=subject, kind=kind, part=part, by=more, now=now, late=True)
    return changed


def take_terms(
    *,
    clock: Clock,
    allotment: Allotment | None,
    lights: Lights,
    rulebook_version: str,
    now: dt.datetime,
) -> Clock:
    """Bring an open clock under another rulebook: its allotment (None: as it is) and lights, counted from its start.

    As `retarget`; where nothing is different, only the version is. Raises NotFound `clock_not_running`, Invalid
    `clock_terms_invalid`.
    """
    held, wanted = rules.terms(rules.read_facts(clock.facts)), _lights(lights)
    other = allotment is not None and allotment != held.allotment
    if not other and wanted == held.lights:
        with together(subject=clock.subject) as book:
            clock.rulebook_version = rulebook_version
            book.changed(clock)
        return clock
    return retarget(
        subject=clock.subject,
        kind=clock.kind,
        part=clock.part,
        allotment=allotment if other else None,
        lights=wanted,
        rulebook_version=rulebook_version,
        now=now,
    )


def stop(
    *,
    subject: uuid.UUID,
    now: dt.datetime,
    kinds: Collection[str] | None = None,
    part: str | None = None,
    void: bool = False,
) -> list[Clock]:
    """Stop the open clocks of `subject`; returns them with their final due dates and lights.

    void marks what ended without result (merged, withdrawn, started by mistake) and is counted nowhere.
    """

    def fact(clock: Clock, view: ClockView, at: dt.datetime) -> Fact | None:
        return Fact(kind=FactKind.STOPPED, at=at, void=void)

    return _change(subject, fact, now=now, kinds=kinds, part=part)


class Stepwise(Protocol):
    """A row that goes from one step to the next, each with a limit of its own; the row keeps when this one is due."""

    id: uuid.UUID
    region: str
    rulebook_version: Any
    due_at: dt.datetime | None
    late_since: dt.datetime | None


def expect(row: Stepwise, kind: str, allotment: Allotment | None, *, now: dt.datetime) -> list[str]:
    """Stop the clock of the step that is over and start that of the next (None: nothing is expected of anybody).

    The clock alarms once, at its end. Returns the names of the fields of `row` that changed; the caller saves them.
    Raises as `start`.
    """
    stop(subject=row.id, now=now)
    row.due_at = row.late_since = None
    if allotment is not None:
        clock = start(
            subject=row.id,
            region=row.region,
            kind=kind,
            allotment=allotment,
            lights=(("due", 1),),
            now=now,
            cycle=None,
            rulebook_version=str(row.rulebook_version),
        )
        row.due_at = clock.due_at
    return ["due_at", "late_since"]


def hand_over(
    *,
    subject: uuid.UUID,
    kind: str,
    holder_department: uuid.UUID | None = None,
    holder_role: str = "",
    part: str = "",
) -> None:
    """Make somebody else responsible for an open clock; time goes on. Raises NotFound `clock_not_running`."""
    with together(subject=subject) as book:
        held = [clock for clock in book.open_clocks() if clock.kind == kind and clock.part == part]
        for clock in held:
            clock.holder_department, clock.holder_role = holder_department, holder_role
            book.changed(clock)
    _one(held)


def show(clock: Clock, view: ClockView, facts: Sequence[Fact], *, calendar_version: int) -> None:
    """Write what the replay shows into the row (not yet saved)."""
    clock.facts = [rules.write_fact(fact) for fact in facts]
    clock.due_at, clock.original_due_at = view.due_at, view.original_due_at
    clock.light_ids = [light for light, _at in view.light_times]
    clock.light_at = [at for _light, at in view.light_times]
    clock.paused_at, clock.stopped_at, clock.void = view.paused_at, view.stopped_at, view.void
    clock.provisional, clock.calendar_version = view.provisional, calendar_version
    clock.state = ClockState.STOPPED if view.stopped_at else ClockState.PAUSED if view.paused_at else ClockState.RUNNING


def _draft(new: NewClock, now: dt.datetime) -> Clock:
    begun = Fact(kind=FactKind.STARTED, at=new.started_at or now, allotment=new.allotment, lights=_lights(new.lights))
    calendar = calendars.calendar_for(new.region)
    clock = Clock(
        region=new.region,
        subject=new.subject,
        kind=new.kind,
        part=new.part,
        cycle=new.cycle or 1,
        started_at=begun.at,
        allotment=rules.write_allotment(new.allotment),
        alarms=new.alarms,
        rulebook_version=new.rulebook_version,
        holder_department=new.holder_department,
        holder_role=new.holder_role,
    )
    try:
        view = rules.replay([begun], calendar, now)
    except ValueError as error:
        raise _invalid(error) from error
    show(clock, view, [begun], calendar_version=calendar.version)
    return clock


def _change(
    subject: uuid.UUID,
    fact_of: Callable[[Clock, ClockView, dt.datetime], Fact | None],
    *,
    now: dt.datetime,
    kinds: Collection[str] | None,
    part: str | None,
) -> list[Clock]:
    with together(subject=subject) as book:
        chosen = [
            clock
            for clock in book.open_clocks()
            if (kinds is None or clock.kind in kinds) and (part is None or clock.part == part)
        ]
        changed = [clock for clock in chosen if _happen(clock, fact_of, now)]
        for clock in changed:
            book.changed(clock)
    return changed


def _happen(clock: Clock, fact_of: Callable[[Clock, ClockView, dt.datetime], Fact | None], now: dt.datetime) -> bool:
    facts = rules.read_facts(clock.facts)
    # A web node whose clock runs behind must not write into the past: the order of the facts is that of the calls.
    at = max(now, facts[-1].at)
    calendar = calendars.calendar_for(clock.region)
    try:
        fact = fact_of(clock, rules.replay(facts, calendar, at), at)
        if fact is None:
            return False
        facts = (*facts, replace(fact, seq=len(facts)))
        show(clock, rules.replay(facts, calendar, at), facts, calendar_version=calendar.version)
    except ValueError as error:
        raise _invalid(error) from error
    return True


def _lights(lights: Lights) -> tuple[rules.Light, ...]:
    try:
        return rules.check_lights(lights)
    except ValueError as error:
        raise _invalid(error) from error


def _invalid(error: ValueError) -> errors.Invalid:
    message = _("The clock cannot be set like this: %(why)s") % {"why": error}
    return errors.Invalid(message, code="clock_terms_invalid")


def _not_running() -> errors.NotFound:
    return errors.NotFound(_("No such clock is running"), code="clock_not_running")


def _one(changed: Sequence[Clock]) -> Clock:
    if not changed:
        raise _not_running()
    return changed[0]
