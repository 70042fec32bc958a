"""Working time: one deadline, a million at once, and a clock's replay, beside libraries that do the same work.

    python -m benchmarks.worktime            # the libraries come with `make bench`

Every library gets the same office hours, the same holidays and the same starts, in one run; answers are compared
before anything is timed. Neither library knows make-up days, so the starts lie where there are none. CPU time, best of
five. Targets: one deadline ≤ 20 µs, a million ≤ 1 s, libraries ≥ 50 times slower.
"""

import datetime as dt
import importlib
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.report import Section, Target
from bihuan.casework.deadlines import rules
from bihuan.casework.deadlines.rules import Fact, FactKind
from bihuan.foundation.kernel.workdays import Day, Duration, OfficeHours, WorkCalendar
from bihuan.foundation.workcalendar.official import packaged_days

DAYS = [Day(day.date, day.works, day.name) for day in packaged_days()]
YEARS = range(2018, 2027)
SPLIT = WorkCalendar(days=DAYS, known_years=YEARS, hours=OfficeHours.parse("08:30-12:00, 13:30-17:30"))
WHOLE = WorkCalendar(days=DAYS, known_years=YEARS, hours=OfficeHours.parse("09:00-17:00"))
ZONE = ZoneInfo("Asia/Shanghai")
HOLIDAYS = [day.date for day in DAYS if not day.works and day.date.year == 2026]
SEED = random.Random(20260601)
STARTS = [dt.datetime(2026, 6, 1, tzinfo=ZONE) + dt.timedelta(minutes=SEED.randrange(60 * 24 * 60)) for _ in range(200)]
HOURS = Duration.parse("40wh")
ONE, MILLION, RATIO = 20.0, 1e6, 50.0
"""Limits: microseconds of one deadline and of a million, and how many times slower a library has to be."""
ONE_DEADLINE, MANY_DEADLINES, MISSING = "one deadline", "1,000,000 deadlines", "is not installed"


@dataclass
class Measured:
    """One line: what was done, CPU microseconds each, how many times ours that is, and whether its target binds."""

    name: str
    micros: float
    ratio: float | None = None
    binding: bool = True


def _best(work: Callable[[], object], count: int) -> float:
    """CPU microseconds for one of `count` pieces of `work`, best of five runs."""
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best / count * 1e6


def one_at_a_time() -> list[Measured]:
    """Deadlines, elapsed time and a replay, one by one."""
    found = [
        Measured(f"{ONE_DEADLINE}, {text}", _best(lambda text=text: _deadlines(text), len(STARTS) * 20))
        for text in ("5wd", "40wh", "30d")
    ]
    ends = [SPLIT.add(start, HOURS).at for start in STARTS]
    pairs = list(zip(STARTS, ends, strict=True)) * 20
    found.append(Measured("elapsed working time", _best(lambda: [SPLIT.elapsed(a, b) for a, b in pairs], len(pairs))))
    lights = rules.check_lights([("yellow", 0.6), ("orange", 0.8), ("red", 1)])
    facts = [Fact(kind=FactKind.STARTED, at=STARTS[0], allotment=Duration.parse("5wd"), lights=lights)]
    found.append(
        Measured(
            "replay of a clock with 3 lights",
            _best(lambda: [rules.replay(facts, SPLIT, ends[0]) for _ in ends], len(ends)),
        )
    )
    found.append(
        Measured("naive count, minute by minute, 40wh", _best(lambda: [_naive(s, 2400) for s in STARTS[:10]], 10))
    )
    return found


def _deadlines(text: str) -> None:
    duration = Duration.parse(text)
    for start in STARTS * 20:
        SPLIT.add(start, duration)


def _naive(start: dt.datetime, minutes: int) -> dt.datetime:
    while minutes:
        minute = start.hour * 60 + start.minute
        minutes -= SPLIT.is_workday(start.date()) and (510 <= minute < 720 or 810 <= minute < 1050)
        start += dt.timedelta(minutes=1)
    return start


def a_million() -> list[Measured]:
    """A million deadlines and elapsed times at once."""
    random_micros = np.random.default_rng(7).integers(0, 8 * 365 * 86_400 * 10**6, 1_000_000)
    starts = np.datetime64("2018-06-01", "us") + random_micros
    found = [
        Measured(f"{MANY_DEADLINES}, {text}", _best(lambda text=text: SPLIT.add_many(starts, Duration.parse(text)), 1))
        for text in ("5wd", "40wh", "30d")
    ]
    ends = SPLIT.add_many(starts, HOURS).at
    found.append(Measured("1,000,000 elapsed times", _best(lambda: SPLIT.elapsed_many(starts, ends), 1)))
    return found


def businesstimedelta() -> list[Measured]:
    """40 working hours on, by businesstimedelta."""
    library = importlib.import_module("businesstimedelta")
    zone = importlib.import_module("pytz").timezone("Asia/Shanghai")
    sessions = [
        library.WorkDayRule(start_time=dt.time(8, 30), end_time=dt.time(12), tz=zone),
        library.WorkDayRule(start_time=dt.time(13, 30), end_time=dt.time(17, 30), tz=zone),
    ]
    rule = library.Rules([*sessions, library.HolidayRule(dict.fromkeys(HOLIDAYS, "holiday"), tz=zone)])
    delta = library.BusinessTimeDelta(rule, hours=40)
    assert [start + delta for start in STARTS] == [SPLIT.add(start, HOURS).at for start in STARTS]
    ours = _best(lambda: [SPLIT.add(start, HOURS) for start in STARTS * 50], len(STARTS) * 50)
    theirs = _best(lambda: [start + delta for start in STARTS], len(STARTS))
    return [Measured("businesstimedelta: deadline 40wh", theirs, theirs / ours)]


def business_duration() -> list[Measured]:
    """Elapsed working time by business-duration, which knows one session a day."""
    library = importlib.import_module("business_duration")

    def elapsed(start: dt.datetime, end: dt.datetime) -> float:
        return library.businessDuration(
            start, end, starttime=dt.time(9), endtime=dt.time(17), holidaylist=HOLIDAYS, weekendlist=[5, 6], unit="min"
        )

    found = []
    for text in ("40wh", "160wh"):
        pairs = [(start, WHOLE.add(start, Duration.parse(text)).at.astimezone(ZONE)) for start in STARTS]
        assert all(elapsed(a, b) * 60 == WHOLE.elapsed(a, b).total_seconds() for a, b in pairs)
        first, last = (np.array([_utc(p[n]) for p in pairs] * 50, dtype="datetime64[us]") for n in (0, 1))
        single = _best(lambda pairs=pairs: [WHOLE.elapsed(a, b) for a, b in pairs * 50], len(pairs) * 50)
        bulk = _best(lambda first=first, last=last: WHOLE.elapsed_many(first, last), len(first))
        theirs = _best(lambda pairs=pairs: [elapsed(a, b) for a, b in pairs], len(pairs))
        found.append(Measured(f"business-duration: elapsed {text}", theirs, theirs / single))
        found.append(Measured(f"business-duration: elapsed {text}, ours in bulk", theirs, theirs / bulk, False))
    return found


def _utc(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC).replace(tzinfo=None)


def run() -> list[Measured]:
    """Measure everything; a library that is not installed is a line without figures."""
    found = one_at_a_time() + a_million()
    for peer in (businesstimedelta, business_duration):
        try:
            found += peer()
        except ImportError:
            found.append(Measured(f"{peer.__name__} {MISSING}", 0.0, binding=False))
    return found


def section(found: list[Measured]) -> Section:
    """Return what was measured as a part of the report."""

    def slowest(name: str, limit: float) -> Target:
        micros = max(line.micros for line in found if line.name.startswith(name))
        return Target(f"{name}, CPU", f"≤ {limit:,.0f} µs", f"{micros:,.1f} µs", micros <= limit)

    compared = [
        Target(line.name, f"≥ {RATIO:g} × ours", f"{line.ratio:,.0f} ×", line.ratio >= RATIO, line.binding)
        for line in found
        if line.ratio is not None
    ]
    absent = [
        Target(line.name, f"≥ {RATIO:g} × ours", "not measured", False, line.binding)
        for line in found
        if line.name.endswith(MISSING)
    ]
    return Section(
        title="Working time",
        lines=[
            "| what | CPU µs | ÷ ours |",
            "|---|--:|--:|",
            *(f"| {one.name} | {one.micros:,.1f} | {f'{one.ratio:,.0f}' if one.ratio else ''} |" for one in found),
        ],
        targets=[slowest(ONE_DEADLINE, ONE), slowest(MANY_DEADLINES, MILLION), *compared, *absent],
        values=[asdict(one) for one in found],
    )


def main() -> None:
    """Print the report."""
    part = section(run())
    print("\n".join(part.lines))
    for target in part.targets:
        print(f"{target.name}: {target.measured} ({target.limit})")


if __name__ == "__main__":
    main()
