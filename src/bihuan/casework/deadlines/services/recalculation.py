"""Following a change of the calendar: open clocks are replayed, and what moved is written down."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Q
from procrastinate.contrib.django import app

from bihuan.foundation.kernel import events
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.workdays import WorkCalendar
from bihuan.foundation.workcalendar import selectors as calendars

from .. import rules, selectors
from ..events import ClockRecalculated
from ..models import Clock, ClockState
from ..rules import ClockView, Fact, FactKind
from . import books, clocks, subjects


@dataclass
class Recalculated:
    """What a recalculation did, or (dry run) would do, to the clocks it looked at.

    earlier, later  due dates that moved        settled  provisional clocks that no longer are
    relit           clocks that show another light now
    busy            ids of clocks whose subject somebody held: to be asked for again
    last            id to continue after, None when there is nothing left
    """

    seen: int = 0
    earlier: int = 0
    later: int = 0
    settled: int = 0
    relit: int = 0
    busy: tuple[uuid.UUID, ...] = ()
    last: uuid.UUID | None = None


def recalculate(
    *,
    now: dt.datetime,
    first_day: dt.date | None = None,
    regions: Collection[str] = (),
    after: uuid.UUID | None = None,
    only: Collection[uuid.UUID] | None = None,
    limit: int = 500,
    dry_run: bool = False,
    calendar_of: Callable[[str], WorkCalendar] = calendars.calendar_for,
) -> Recalculated:
    """Replay one batch of open clocks with the calendar as it is now; those that changed are saved.

    Looks at provisional clocks and at those due on or after `first_day`, in `regions` and below (empty: everywhere),
    in order of id after `after`; `only` names clocks instead. A dry run changes nothing and may bring another
    `calendar_of`. The former dates are kept in the clock's facts. Publishes ClockRecalculated for each that moved.
    """
    result = Recalculated()
    with writing():
        chosen = _candidates(first_day, regions, after, only, limit)
        result.last = chosen[-1][0] if len(chosen) == limit else None
        busy = set() if dry_run else subjects.lock_free(subject for _, subject in chosen)
        result.busy = tuple(clock_id for clock_id, subject in chosen if subject in busy)
        rows = Clock.objects.filter(id__in=[clock_id for clock_id, subject in chosen if subject not in busy])
        rows = rows.exclude(state=ClockState.STOPPED).order_by("id")
        changed: list[Clock] = []
        moved: list[ClockRecalculated] = []
        for clock in rows if dry_run else rows.select_for_update():
            event = _replayed(clock, calendar_of(clock.region), now, result)
            if event is not None:
                changed.append(clock)
                moved.append(event)
        if changed and not dry_run:
            books.write(changed=changed)
            for event in moved:
                events.publish(event)
    return result


def schedule_recalculation(*, first_day: dt.date, regions: Collection[str] = ()) -> None:
    """Have a worker recalculate everything from `first_day` on, once the transaction is committed."""
    app.configure_task("deadlines.recalculate").defer(first_day=first_day.isoformat(), regions=list(regions))


def _candidates(
    first_day: dt.date | None,
    regions: Collection[str],
    after: uuid.UUID | None,
    only: Collection[uuid.UUID] | None,
    limit: int,
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    rows = Clock.objects.exclude(state=ClockState.STOPPED).order_by("id").values_list("id", "subject")
    if only is not None:
        return list(rows.filter(id__in=only)[:limit])
    touched = Q(provisional=True)
    if first_day is not None:
        # A day's margin: the due date is an instant, the day is one of the office's wall clock.
        touched |= Q(due_at__gte=dt.datetime.combine(first_day, dt.time(), dt.UTC) - dt.timedelta(days=1))
    rows = rows.filter(touched)
    below = Q()
    for region in regions:
        below |= Q(region__startswith=_prefix(region))
    rows = rows.filter(below)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows[:limit])


def _prefix(region: str) -> str:
    """Return the digits that all regions below `region` begin with (GB/T 2260)."""
    for zeros in ("000000", "0000", "00"):
        if len(region) == 6 and region.endswith(zeros):
            return region.removesuffix(zeros)
    return region


def _replayed(clock: Clock, calendar: WorkCalendar, now: dt.datetime, result: Recalculated) -> ClockRecalculated | None:
    """Replay a clock into its row; return what to tell if anything changed."""
    facts = rules.read_facts(clock.facts)
    view = rules.replay(facts, calendar, now)
    result.seen += 1
    before = (clock.due_at, clock.original_due_at, clock.provisional, list(clock.light_at))
    if before == (view.due_at, view.original_due_at, view.provisional, [at for _, at in view.light_times]):
        return None
    result.earlier += view.due_at < clock.due_at
    result.later += view.due_at > clock.due_at
    result.settled += clock.provisional and not view.provisional
    result.relit += selectors.light_of(clock, now) != view.light
    moved = Fact(
        kind=FactKind.RECALCULATED,
        at=max(now, facts[-1].at),
        seq=len(facts),
        was_due_at=clock.due_at,
        was_original_due_at=clock.original_due_at,
        calendar_version=calendar.version,
    )
    event = _event(clock, view, calendar)
    clocks.show(clock, view, (*facts, moved), calendar_version=calendar.version)
    return event


def _event(clock: Clock, view: ClockView, calendar: WorkCalendar) -> ClockRecalculated:
    return ClockRecalculated(
        clock_id=clock.id,
        subject=clock.subject,
        region=clock.region,
        kind=clock.kind,
        part=clock.part,
        was_due_at=clock.due_at,
        due_at=view.due_at,
        was_provisional=clock.provisional,
        provisional=view.provisional,
        calendar_version=calendar.version,
    )
