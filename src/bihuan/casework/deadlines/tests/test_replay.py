"""Properties that hold for every clock, and the replay against counting minutes one by one."""

import datetime as dt
import random
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bihuan.casework.deadlines import rules
from bihuan.casework.deadlines.rules import Fact, FactKind, Light
from bihuan.foundation.kernel.workdays import Duration, Unit

from .samples import CALENDAR, THREE

BEGIN = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
minutes = st.integers(0, 60 * 24 * 250).map(lambda n: BEGIN + dt.timedelta(minutes=n))
durations = st.one_of(
    st.builds(Duration, st.integers(1, 30), st.just(Unit.WORKING_DAY)),
    st.builds(Duration, st.integers(1, 90), st.just(Unit.WORKING_HOUR)),
    st.builds(Duration, st.integers(1, 60), st.just(Unit.DAY)),
    st.builds(Duration, st.integers(1, 400), st.just(Unit.HOUR)),
)
allotments = st.one_of(durations, minutes)
lights = st.lists(st.integers(0, 200), min_size=0, max_size=6, unique=True).map(
    lambda shares: rules.check_lights([(f"l{share}", f"{share / 100}") for share in sorted(shares)])
)


@st.composite
def facts(draw, most=7, stop=True):
    start = draw(minutes)
    found = [Fact(kind=FactKind.STARTED, at=start, allotment=draw(allotments), lights=draw(lights))]
    moment = start
    for seq in range(1, draw(st.integers(1, most))):
        moment += dt.timedelta(minutes=draw(st.integers(0, 60 * 24 * 12)))
        kind = draw(st.sampled_from(["paused", "resumed", "paused", "resumed", "extended", "retargeted", "stopped"]))
        if kind == "stopped" and not stop:
            continue
        values = {"hold": draw(st.sampled_from(["a", "b"]))} if kind in ("paused", "resumed") else {}
        if kind == "resumed" and draw(st.integers(0, 4)) == 0:
            values["void"] = True
        if kind in ("extended", "retargeted"):
            values = {"allotment": draw(allotments)}
        if kind == "retargeted" and draw(st.booleans()):
            values["lights"] = draw(lights)
        found.append(Fact(kind=FactKind(kind), at=moment, seq=seq, **values))
    return found


def last(found) -> dt.datetime:
    return found[-1].at


@given(facts(), st.integers(0, 60 * 24 * 90), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_given_does_not_matter(found, later, rng: random.Random):
    now = last(found) + dt.timedelta(minutes=later)
    mixed = list(found)
    rng.shuffle(mixed)
    assert rules.replay(mixed, CALENDAR, now) == rules.replay(found, CALENDAR, now)


@given(facts(), st.integers(0, 60 * 24 * 90))
def test_a_pause_of_no_length_changes_nothing(found, later):
    now = last(found) + dt.timedelta(minutes=later)
    begin = last(found) + dt.timedelta(minutes=later // 2)
    pause = [
        Fact(kind=FactKind(kind), at=begin, seq=50 + n, hold="none") for n, kind in enumerate(("paused", "resumed"))
    ]
    before, after = rules.replay(found, CALENDAR, now), rules.replay([*found, *pause], CALENDAR, now)
    assert (after.due_at, after.light_times, after.elapsed_share) == (
        before.due_at,
        before.light_times,
        before.elapsed_share,
    )


@given(facts(), st.lists(st.integers(0, 60 * 24 * 60), min_size=2, max_size=2))
def test_time_only_goes_on(found, later):
    early, late = (last(found) + dt.timedelta(minutes=n) for n in sorted(later))
    first, second = rules.replay(found, CALENDAR, early), rules.replay(found, CALENDAR, late)
    assert first.elapsed_share <= second.elapsed_share
    assert first.used <= second.used
    assert first.due_at == second.due_at
    assert first.light_times == second.light_times
    ids = [None, *(light for light, _ in first.light_times)]
    assert ids.index(first.light) <= ids.index(second.light)


@given(facts())
def test_lights_come_on_in_their_order_and_the_one_at_due_comes_on_when_due(found):
    view = rules.replay(found, CALENDAR, last(found))
    times = [time for _, time in view.light_times]
    known = [time for time in times if time is not None]
    assert known == sorted(known)
    assert None not in times[: len(known)], "only the later ones can be open"
    start = found[0].at
    changed = any(fact.kind in (FactKind.EXTENDED, FactKind.RETARGETED) for fact in found)
    for light, time in view.light_times:
        if light == "l100" and time is not None and not changed:
            assert time == max(view.due_at, start)
    assert all(time >= start for time in known)


@given(facts(stop=False))
def test_what_happens_later_never_changes_lights_that_were_on(found):
    for count in range(1, len(found)):
        early = rules.replay(found[:count], CALENDAR, found[count].at)
        on = {light: time for light, time in early.light_times if time is not None and time < found[count].at}
        if found[count].kind in (FactKind.EXTENDED, FactKind.RETARGETED) or found[count].void:
            continue
        late = dict(rules.replay(found[: count + 1], CALENDAR, found[count].at).light_times)
        assert {light: late[light] for light in on} == on


@given(facts())
def test_the_original_due_date_never_moves(found):
    assert (
        rules.replay(found, CALENDAR, last(found)).original_due_at
        == rules.replay(found[:1], CALENDAR, found[0].at).due_at
    )


@given(minutes, durations, minutes, st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 20))
def test_a_longer_pause_never_brings_the_due_date_forward(start, allotment, begin, shorter, more):
    begin = start + abs(begin - start)

    def due(length: int) -> dt.datetime:
        found = [
            Fact(kind=FactKind.STARTED, at=start, allotment=allotment, lights=()),
            Fact(kind=FactKind.PAUSED, at=begin, seq=1),
            Fact(kind=FactKind.RESUMED, at=begin + dt.timedelta(minutes=length), seq=2),
        ]
        return rules.replay(found, CALENDAR, begin).due_at

    assert due(0) == CALENDAR.add(start, allotment).at
    assert due(0) <= due(shorter) <= due(shorter + more)


@given(facts(stop=False), durations)
def test_an_extension_never_brings_the_due_date_forward(found, by):
    extension = Fact(kind=FactKind.EXTENDED, at=last(found), seq=99, allotment=by)
    before = rules.replay(found, CALENDAR, last(found))
    assume(before.due_at < last(found) + dt.timedelta(days=2000))
    assert rules.replay([*found, extension], CALENDAR, last(found)).due_at >= before.due_at


@given(facts())
def test_facts_survive_writing(found):
    written = [rules.write_fact(one) for one in found]
    again = rules.read_facts(written)
    now = last(found) + dt.timedelta(days=3)
    assert rules.replay(again, CALENDAR, now) == rules.replay(found, CALENDAR, now)


def open_minute(moment: dt.datetime) -> bool:
    local = moment + dt.timedelta(hours=8)
    minute = local.hour * 60 + local.minute
    return CALENDAR.is_workday(local.date()) and (510 <= minute < 720 or 810 <= minute < 1050)


@settings(max_examples=60, deadline=None)
@given(
    minutes,
    st.integers(1, 20),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), max_size=3),
)
def test_working_hours_with_pauses_equal_counting_minutes(start, hours, pauses):
    shares = rules.check_lights(THREE)
    found = [Fact(kind=FactKind.STARTED, at=start, allotment=Duration(hours, Unit.WORKING_HOUR), lights=shares)]
    closed: set[dt.datetime] = set()
    moment = start
    for number, (wait, length) in enumerate(pauses):
        begin = moment + dt.timedelta(minutes=wait)
        moment = begin + dt.timedelta(minutes=length)
        found += [
            Fact(kind=FactKind.PAUSED, at=begin, seq=2 * number + 1),
            Fact(kind=FactKind.RESUMED, at=moment, seq=2 * number + 2),
        ]
        closed |= {begin + dt.timedelta(minutes=n) for n in range(length)}
    view = rules.replay(found, CALENDAR, moment)
    assert view.due_at == count(start, hours * 60, closed)
    for (_, time), light in zip(view.light_times, shares, strict=True):
        assert time is not None
        exact = Fraction(hours * 60) * Fraction(light.at)
        assert time - dt.timedelta(minutes=1) <= count(start, int(exact), closed) <= time


def count(start: dt.datetime, worked: int, closed: set[dt.datetime]) -> dt.datetime:
    moment = start
    while worked:
        worked -= open_minute(moment) and moment not in closed
        moment += dt.timedelta(minutes=1)
    return moment


def test_a_light_is_a_plain_pair():
    assert Light("yellow", rules.check_lights([("yellow", "0.6")])[0].at) == rules.check_lights(THREE)[0]
