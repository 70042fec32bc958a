"""Quorum, turns, guests, dates of a series, and how long a matter lay where: plain values in, plain values out."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanisms.conference import rules
from bihuan.mechanisms.conference.rules import Guest, Seat

T = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
H = dt.timedelta(hours=1)


def seat(present, presides=False, votes=True):
    return Seat(presides=presides, votes=votes, present=present)


@pytest.mark.parametrize(
    ("seats", "share", "reached"),
    [
        ([seat(True, True), seat(True), seat(False), seat(False)], 0.5, True),
        ([seat(True, True), seat(False), seat(False)], 0.5, False),
        ([seat(False, True), seat(True), seat(True)], 0.5, False),
        ([seat(True, True), seat(True), seat(False)], 2 / 3, True),
        ([seat(True, True), seat(True), seat(False)], 0.666667, True),
        ([seat(True, True, votes=False)], 0.5, False),
        ([], 0.5, False),
    ],
)
def test_quorum(seats, share, reached):
    assert rules.quorum(seats, share=share, presiding=True).reached is reached


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.floats(0.01, 1))
def test_everybody_is_always_enough_and_nobody_never(present, share):
    everybody = rules.quorum([seat(True, True) for _one in present], share=share, presiding=True)
    nobody = rules.quorum([seat(False, True) for _one in present], share=share, presiding=True)
    assert everybody.reached
    assert not nobody.reached


@given(st.integers(1, 6), st.integers(1, 40))
def test_hosts_take_turns(leaders, talks):
    ids = [uuid.UUID(int=number) for number in range(leaders)]
    held, counts = {}, dict.fromkeys(ids, 0)
    for talk in range(talks):
        host = rules.next_host([(one, held.get(one)) for one in ids])
        held[host] = T + talk * H
        counts[host] += 1
    assert max(counts.values()) - min(counts.values()) <= 1


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1, 30))
def test_no_enterprise_comes_twice_before_all_came_once(firms, count, talks):
    invited = dict.fromkeys(range(firms))
    times = dict.fromkeys(invited, 0)
    for talk in range(talks):
        pool = [
            Guest(
                enterprise_id=uuid.UUID(int=one),
                uscc=f"{one:03}",
                open_matters=one % 3,
                invited_at=at,
                times=times[one],
            )
            for one, at in invited.items()
        ]
        for guest in rules.guests(pool, count=count):
            invited[guest.enterprise_id.int] = T + talk * H
            times[guest.enterprise_id.int] += 1
    assert max(times.values()) - min(times.values()) <= 1


@pytest.mark.parametrize(
    ("weekday", "day", "found"),
    [
        (3, None, ["2026-09-30", "2026-10-09", "2026-10-14"]),
        (None, 1, ["2026-10-09"]),
        (None, 31, ["2026-09-30"]),
    ],
)
def test_dates_move_from_rest_days_to_the_next_working_day(weekday, day, found):
    rest = {dt.date(2026, 10, one) for one in range(1, 9)}

    def works(date):
        return date not in rest and date.isoweekday() < 6

    def following(date):
        while not works(date):
            date += dt.timedelta(days=1)
        return date

    first, last = dt.date(2026, 9, 30), dt.date(2026, 10, 14)
    days = rules.dates(weekday=weekday, day=day, first=first, last=last, next_workday=following, is_workday=works)
    assert [str(one) for one in days] == found


def test_a_matter_is_somewhere_at_any_time_until_it_ends():
    steps = [
        (T, {"state": "submitted"}),
        (T + H, {"state": "accepted", "tier": "ordinary"}),
        (T + 2 * H, {"state": "dispatched", "lead_department_id": "d1"}),
        (T + 3 * H, {"tier": "complex"}),
        (T + 4 * H, {"escalated_to": "conference", "tier": "hard"}),
        (T + 6 * H, {"escalated_to": ""}),
        (T + 7 * H, {"state": "awaiting_enterprise"}),
        (T + 8 * H, {"state": "closed"}),
    ]
    tiers, holders = rules.stays(steps)
    assert [(one.where, one.until - one.since) for one in tiers] == [
        ("ordinary", 2 * H),
        ("complex", H),
        ("hard", 4 * H),
    ]
    assert [one.where for one in holders] == ["seat", "coordinator", "d1", "conference", "d1", "enterprise"]
    assert sum((one.until - one.since for one in holders), dt.timedelta()) == 8 * H
    told = rules.totals(holders, now=T + 9 * H, between=lambda a, b: b - a)
    assert told["d1"] == 3 * H
