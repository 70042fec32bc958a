"""The replay itself: the state of a clock while its facts happen one after the other."""

import datetime as dt
from decimal import ROUND_CEILING
from itertools import pairwise
from typing import NamedTuple

from bihuan.foundation.kernel.workdays import Duration, OutOfCalendar, Unit, WorkCalendar

from .facts import Allotment, Fact, FactKind, Light
from .views import ClockView, Step

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class Run(NamedTuple):
    """A stretch in which the clock runs; `end` None while it lasts."""

    begin: dt.datetime
    end: dt.datetime | None


class Course:
    """The state of a clock while its facts are replayed. Lives only inside one call."""

    def __init__(
        self, calendar: WorkCalendar, start: dt.datetime, allotment: Allotment, lights: tuple[Light, ...]
    ) -> None:
        self.calendar = calendar
        self.start = start
        self.lights = lights
        self.runs = [Run(start, None)]
        self.pauses: list[tuple[dt.datetime, dt.datetime]] = []
        self.holds: dict[str, dt.datetime] = {}
        self.stopped: Fact | None = None
        self.lit: dict[str, dt.datetime] = {}
        self.steps: list[Step] = []
        self.aim(allotment, start)
        self.original_due_at = self.plain_due

    # Facts

    def take(self, fact: Fact) -> None:
        """Let a fact happen. After the stop nothing happens any more."""
        if self.stopped is not None:
            return
        if fact.kind is FactKind.PAUSED and fact.hold not in self.holds:
            self.holds[fact.hold] = fact.at
            self.lay_runs()
        elif fact.kind is FactKind.RESUMED and fact.hold in self.holds:
            self.settle(fact.at)
            begun = self.holds.pop(fact.hold)
            if not fact.void:
                self.pauses.append((begun, fact.at))
            self.lay_runs()
            if fact.void:
                self.relight(fact.at)
        elif fact.kind is FactKind.STOPPED:
            self.stopped = fact
            self.lay_runs()
        elif fact.kind in (FactKind.EXTENDED, FactKind.RETARGETED):
            self.change(fact)

    def lay_runs(self) -> None:
        """Lay the stretches in which time passes between the pauses, which may overlap."""
        self.runs = []
        begin: dt.datetime = self.start
        held = [(begun, None) for begun in self.holds.values()]
        for paused, resumed in sorted([*self.pauses, *held], key=lambda pause: pause[0]):
            if paused > begin or not self.runs:
                self.runs.append(Run(begin, paused))
            if resumed is None:
                return
            begin = max(begin, resumed)
        self.runs.append(Run(begin, self.stopped.at if self.stopped else None))

    def change(self, fact: Fact) -> None:
        """Take new terms."""
        self.settle(fact.at)
        if fact.kind is FactKind.EXTENDED and fact.allotment is not None:
            self.extend(fact.allotment, fact.at)
        elif fact.allotment is not None:
            self.aim(fact.allotment, fact.at)
            # A new whole is explained alone; what stays granted beyond it is granted by facts that follow.
            self.steps = [step for step in self.steps if step.kind is not FactKind.EXTENDED]
        if fact.lights is not None:
            self.lights = fact.lights
        self.steps.append(Step(fact.kind, fact.at, allotment=fact.allotment))
        self.relight(fact.at)

    def relight(self, at: dt.datetime) -> None:
        """Begin with new terms at `at`: a light that stays on keeps its instant, one that comes on does so now.

        A new light below one that was on already has been passed with it: instants never fall from light to light.
        """
        before, self.lit = self.lit, {}
        latest = at
        for light, time in reversed(list(zip(self.lights, self.crossings(), strict=True))):
            if time is not None and time <= at:
                latest = self.lit[light.id] = min(before.get(light.id, at), latest)

    # Terms

    def aim(self, allotment: Allotment, at: dt.datetime) -> None:
        """Set the whole allotment, counted from the start; a due date leaves earlier pauses behind it."""
        self.allotment = allotment
        self.pauses_count_from = self.start
        if isinstance(allotment, Duration):
            deadline = self.calendar.add(self.start, allotment)
            self.counts_from, self.plain_due = deadline.counts_from, deadline.at
            self.rolls = allotment.unit is Unit.DAY
            self.by_calendar = allotment.working or allotment.by_date
            self.in_working_time = allotment.working
        else:
            self.counts_from, self.plain_due, self.pauses_count_from = self.start, allotment, at
            self.rolls = self.by_calendar = False
            self.in_working_time = True
        self._choose_measure()

    def extend(self, by: Allotment, at: dt.datetime) -> None:
        """Add to the allotment, or set a new due date."""
        if isinstance(by, Duration):
            self.plain_due = self.calendar.add(self.plain_due, by).at
            self.by_calendar = self.by_calendar or by.working or by.by_date
        else:
            self.plain_due, self.pauses_count_from = by, at
            self.by_calendar = False
        self._choose_measure()

    def _choose_measure(self) -> None:
        # Inside one holiday no working time passes: such a clock is measured round the clock.
        self.measured_in_working_time = self.in_working_time and (
            self.calendar.position(self.counts_from) < self.calendar.position(self.plain_due)
        )

    # Measure: microseconds of working time, or round the clock

    def measure(self, instant: dt.datetime) -> int:
        """Return the place of `instant` on the line that is measured; nothing passes before counting begins."""
        instant = max(instant, self.counts_from)
        if self.measured_in_working_time:
            return self.calendar.position(instant)
        return (instant - _EPOCH) // _MICROSECOND

    def instant(self, place: int) -> dt.datetime:
        """Return the earliest instant at `place`."""
        if self.measured_in_working_time:
            return self.calendar.instant(place)
        return _EPOCH + dt.timedelta(microseconds=place)

    def used(self, until: dt.datetime) -> int:
        """Return the time used up to `until`."""
        total = 0
        for begin, end in self.runs:
            if begin >= until:
                break
            total += self.measure(until if end is None or end > until else end) - self.measure(begin)
        return total

    def reach(self, amount: int) -> dt.datetime:
        """Return the instant at which `amount` has been used, the last run going on."""
        if amount <= 0:
            return self.start
        for begin, end in self.runs[:-1]:
            place = self.measure(begin)
            length = self.measure(end or begin) - place
            if amount <= length:
                return self.instant(place + amount)
            amount -= length
        return self.instant(self.measure(self.runs[-1].begin) + amount)

    # Results

    @property
    def allotted(self) -> int:
        """The time allowed. A set due date leaves out what was paused before it was set."""
        since = self.pauses_count_from
        return max(0, self.measure(self.plain_due) - self.measure(since) + self.used(since))

    def due(self) -> dt.datetime:
        """Return the due date: the plain one, moved by every pause that began before it."""
        due = unrolled = self.plain_due
        for (_, paused), (resumed, _) in pairwise(self.runs):
            paused = max(paused or resumed, self.pauses_count_from)
            if paused >= due or resumed <= paused:
                continue
            lasted = self.measure(resumed) - self.measure(paused)
            if lasted == 0:
                continue
            if not self.rolls:
                due = self.instant(self.measure(due) + lasted)
                continue
            unrolled = (due if paused >= unrolled else unrolled) + (resumed - paused)
            due = self.calendar.roll(unrolled)
        return due

    def crossings(self) -> list[dt.datetime | None]:
        """Return the instant at which each light comes on by the present terms, None where the clock ends before."""
        end = self.runs[-1].end
        due, allotted = max(self.due(), self.start), self.allotted
        found: list[dt.datetime | None] = []
        for light in self.lights:
            amount = int((allotted * light.at).to_integral_value(ROUND_CEILING))
            try:
                at = due if amount == allotted and light.at > 0 else self.reach(amount)
            except OutOfCalendar:
                found.append(None)
                continue
            # Natural days end at a close of business, so their due date may lie off the time allowed.
            at = min(at, due) if light.at < 1 else max(at, due)
            # Ending exactly on a light is in time; a pause that begins on it comes too late.
            in_time = end is None or at < end or (at == end and bool(self.holds))
            found.append(at if in_time else None)
        return found

    def times(self) -> list[dt.datetime | None]:
        """Return the instant of each light: as it came on, or as it will by the present terms."""
        return [self.lit.get(light.id) or at for light, at in zip(self.lights, self.crossings(), strict=True)]

    def settle(self, until: dt.datetime) -> None:
        """Write down the lights that came on up to `until` by the present terms."""
        for light, at in zip(self.lights, self.times(), strict=True):
            if at is not None and at <= until:
                self.lit[light.id] = at

    def provisional(self, due: dt.datetime) -> bool:
        """Return whether the due date rests on days that no official notice settles yet."""
        if not self.by_calendar and not (self.in_working_time and due != self.plain_due):
            return False
        first, last = sorted((self.calendar.local_date(self.start), self.calendar.local_date(due)))
        return not self.calendar.settled(first, last)

    def view(self, now: dt.datetime) -> ClockView:
        """Return everything a clock shows at `now`."""
        due = self.due()
        stopped_at = self.stopped.at if self.stopped else None
        paused_at = self.runs[-1].end if self.holds else None
        at = min(now, stopped_at or now, paused_at or now)
        used, allotted = self.used(at), self.allotted
        overdue = at > due
        share = used / allotted if allotted else float(at >= due)
        times = tuple((light.id, time) for light, time in zip(self.lights, self.times(), strict=True))
        reached = [light_id for light_id, time in times if time is not None and time <= now]
        return ClockView(
            due_at=due,
            original_due_at=self.original_due_at,
            counts_from=self.counts_from,
            elapsed_share=max(share, 1.0) if at >= due else min(share, 1.0),
            light=reached[-1] if reached else None,
            light_times=times,
            paused_at=paused_at if stopped_at is None else None,
            holds=tuple(self.holds),
            stopped_at=stopped_at,
            void=self.stopped.void if self.stopped else False,
            provisional=self.provisional(due),
            overdue=overdue,
            in_working_time=self.measured_in_working_time,
            used=used * _MICROSECOND,
            allotted=allotted * _MICROSECOND,
            overrun=max(used - allotted, 0) * _MICROSECOND if overdue else dt.timedelta(0),
            steps=self._steps(),
        )

    def _steps(self) -> tuple[Step, ...]:
        steps = list(self.steps)
        gaps: list[tuple[dt.datetime | None, dt.datetime | None]] = [
            (run.end, following.begin) for run, following in pairwise(self.runs)
        ]
        if self.holds:
            gaps.append((self.runs[-1].end, None))
        for paused, resumed in gaps:
            if paused is not None:
                lasted = (self.measure(resumed) - self.measure(paused)) * _MICROSECOND if resumed else None
                steps.append(Step(FactKind.PAUSED, paused, until=resumed, lasted=lasted))
        return tuple(sorted(steps, key=lambda step: step.at))
