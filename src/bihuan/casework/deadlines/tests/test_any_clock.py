"""Any clock on any calendar, against counting session by session with holes where it was paused."""

import datetime as dt
from decimal import ROUND_CEILING, Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bihuan.casework.deadlines import rules
from bihuan.casework.deadlines.rules import Fact, FactKind
from bihuan.foundation.kernel.workdays import Duration, Unit
from bihuan.foundation.kernel.workdays.tests.plain import Plain, places, starts

MICROSECOND = dt.timedelta(microseconds=1)
SHARES = ("0.25", "0.6", "0.8", "1")
LIGHTS = rules.check_lights([(share, share) for share in SHARES])
allotments = st.one_of(
    st.builds(Duration, st.integers(1, 25), st.just(Unit.WORKING_DAY)),
    st.builds(Duration, st.integers(1, 60), st.just(Unit.WORKING_HOUR)),
)
minutes = st.integers(0, 60 * 24 * 14).map(lambda count: dt.timedelta(minutes=count))
pauses = st.lists(st.tuples(minutes, minutes), max_size=4)


def paused(start: dt.datetime, spans) -> tuple[list[Fact], list[tuple[dt.datetime, dt.datetime]]]:
    """Facts of pauses that may overlap, each under a hold of its own, and the stretches they cover."""
    facts, covered = [], []
    for number, (wait, length) in enumerate(spans):
        begin = start + wait
        covered.append((begin, begin + length))
        for kind, at, seq in ((FactKind.PAUSED, begin, 1), (FactKind.RESUMED, begin + length, 2)):
            facts.append(Fact(kind=kind, at=at, seq=seq, hold=str(number)))
    return facts, covered


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(places(), starts, allotments, pauses, minutes)
def test_due_lights_and_share_equal_counting_session_by_session(place: Plain, start, allotment, spans, later):
    calendar = place.calendar()
    facts, covered = paused(start, spans)
    view = rules.replay(
        [Fact(kind=FactKind.STARTED, at=start, allotment=allotment, lights=LIGHTS), *facts],
        calendar,
        now := max([start, *(end for _, end in covered)]) + later,
    )
    plain_due = place.due(start, allotment)
    counts_from = start
    if allotment.unit is Unit.WORKING_DAY:
        counts_from = place.instant(dt.datetime.combine(place.received(start), dt.time()) + dt.timedelta(days=1))
    allowed = place.counted(counts_from, plain_due)
    assume(allowed)
    due = place.reached(counts_from, allowed, covered)
    used = place.counted(counts_from, now, covered) if now > counts_from else dt.timedelta(0)
    assert (view.original_due_at, view.due_at, view.counts_from) == (plain_due, due, counts_from)
    assert (view.allotted, view.used, view.overdue) == (allowed, used, now > due)
    for (name, time), light in zip(view.light_times, LIGHTS, strict=True):
        amount = int((Decimal(allowed // MICROSECOND) * light.at).to_integral_value(ROUND_CEILING))
        assert time == place.reached(counts_from, amount * MICROSECOND, covered), name
    on = [name for name, time in view.light_times if time <= now]
    assert view.light == (on[-1] if on else None)
