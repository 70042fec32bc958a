import datetime as dt
from decimal import Decimal

import pytest

from bihuan.casework.deadlines import rules
from bihuan.foundation.kernel.workdays import Day, Duration, WorkCalendar

from .samples import CALENDAR, DAYS, FIVE, THREE, at, fact, started

BEFORE = "2026-09-21 10:00"
"""A Monday morning; five working days later is Tuesday 29 September (25 to 27 are the Mid-Autumn Festival)."""


def show(*facts, now="2026-09-21 10:00", calendar=CALENDAR):
    return rules.replay(facts, calendar, at(now))


def lit(view):
    return {light: time for light, time in view.light_times if time}


def test_a_plain_clock_in_working_days():
    view = show(started(BEFORE, "5wd"))
    assert view.due_at == view.original_due_at == at("2026-09-29 17:30")
    assert view.counts_from == at("2026-09-22 00:00")
    assert view.light_times == (
        ("yellow", at("2026-09-24 17:30")),
        ("orange", at("2026-09-28 17:30")),
        ("red", at("2026-09-29 17:30")),
    )
    assert view.elapsed_share == 0
    assert view.light is None
    assert view.allotted == dt.timedelta(hours=37.5)
    assert view.in_working_time
    assert not view.provisional


@pytest.mark.parametrize(
    ("now", "share", "light"),
    [
        ("2026-09-21 17:00", 0.0, None),
        ("2026-09-22 17:30", 0.2, None),
        ("2026-09-24 17:29", 0.599, None),
        ("2026-09-24 17:30", 0.6, "yellow"),
        ("2026-09-26 12:00", 0.6, "yellow"),
        ("2026-09-28 17:30", 0.8, "orange"),
        ("2026-09-29 17:29", 0.999, "orange"),
        ("2026-09-29 17:30", 1.0, "red"),
        ("2026-09-30 17:30", 1.2, "red"),
    ],
)
def test_the_share_is_used_working_time(now, share, light):
    view = show(started(BEFORE, "5wd"), now=now)
    assert view.elapsed_share == pytest.approx(share, abs=0.001)
    assert view.light == light
    assert view.overdue == (share > 1)


@pytest.mark.parametrize(
    ("start", "allotment", "due"),
    [
        ("2026-09-30 10:00", "5wd", "2026-10-13 17:30"),
        ("2026-02-13 10:00", "5wd", "2026-02-27 17:30"),
        ("2026-09-24 10:00", "3wd", "2026-09-30 17:30"),
        ("2026-09-01 10:00", "30d", "2026-10-08 17:30"),
        ("2026-01-16 10:00", "30d", "2026-02-24 17:30"),
        ("2026-09-30 17:00", "4wh", "2026-10-08 12:00"),
        ("2026-09-30 17:00", "24h", "2026-10-01 17:00"),
    ],
)
def test_due_dates_follow_the_calendar(start, allotment, due):
    assert show(started(start, allotment)).due_at == at(due)


def test_any_number_of_lights_in_their_order():
    view = show(started("2026-09-21 08:30", "10wh", FIVE), now="2026-09-22 09:31")
    assert [light for light, _ in view.light_times] == ["yellow", "blue", "green", "orange", "red"]
    assert [time for _, time in view.light_times] == [
        at("2026-09-21 10:30"),
        at("2026-09-21 14:00"),
        at("2026-09-21 16:00"),
        at("2026-09-22 09:00"),
        at("2026-09-22 11:00"),
    ]
    assert view.light == "orange"
    assert show(started(BEFORE, "5wd", ())).light_times == ()


def test_a_light_beyond_due_and_one_at_the_start():
    view = show(started(BEFORE, "5wd", (("begun", 0), ("red", 1), ("black", 1.4))), now="2026-10-01 00:00")
    assert view.light_times == (
        ("begun", at(BEFORE)),
        ("red", at("2026-09-29 17:30")),
        ("black", at("2026-10-08 17:30")),
    )


def test_natural_days_are_shown_in_natural_time():
    view = show(started("2026-09-01 10:00", "30d"), now="2026-10-03 00:00")
    assert not view.in_working_time
    assert view.due_at == at("2026-10-08 17:30")
    assert not view.overdue
    assert lit(view)["red"] == view.due_at
    assert view.elapsed_share == pytest.approx(31 / (36 + 17.5 / 24), abs=0.001)


def test_a_pause_moves_the_due_date_by_the_working_time_it_lasts():
    facts = [started(BEFORE, "5wd"), fact("paused", "2026-09-22 10:30"), fact("resumed", "2026-09-23 11:00", seq=2)]
    paused = show(*facts[:2], now="2026-09-22 18:00")
    assert paused.paused_at == at("2026-09-22 10:30")
    assert paused.due_at == at("2026-09-29 17:30")
    assert paused.elapsed_share == pytest.approx(2 / 37.5)
    assert lit(paused) == {}
    view = show(*facts, now="2026-09-23 11:00")
    assert view.paused_at is None
    assert view.due_at == at("2026-10-08 09:00")
    assert view.original_due_at == at("2026-09-29 17:30")
    assert view.steps[0].lasted == dt.timedelta(hours=8)


def test_a_pause_on_the_day_of_receipt_or_over_a_holiday_moves_nothing():
    same_day = [started(BEFORE, "5wd"), fact("paused", "2026-09-21 11:00"), fact("resumed", "2026-09-21 16:00", seq=2)]
    assert show(*same_day).due_at == at("2026-09-29 17:30")
    festival = [
        started("2026-09-30 10:00", "5wd"),
        fact("paused", "2026-10-01 09:00"),
        fact("resumed", "2026-10-07 18:00", seq=2),
    ]
    assert show(*festival).due_at == at("2026-10-13 17:30")


def test_overlapping_pauses_merge():
    view = show(
        started(BEFORE, "5wd"),
        fact("paused", "2026-09-22 08:30", hold="waiting"),
        fact("paused", "2026-09-22 10:30", seq=2, hold="suspended"),
        fact("paused", "2026-09-22 11:00", seq=3, hold="waiting"),
        fact("resumed", "2026-09-22 14:30", seq=4, hold="waiting"),
        fact("resumed", "2026-09-22 15:00", seq=5, hold="unknown"),
        fact("resumed", "2026-09-22 17:30", seq=6, hold="suspended"),
    )
    assert view.due_at == at("2026-09-30 17:30")
    assert len([step for step in view.steps if step.kind == "paused"]) == 1


def test_a_pause_that_was_not_granted_counts_as_if_it_had_never_begun():
    asked = fact("paused", "2026-09-22 08:30", hold="asked")
    refused = fact("resumed", "2026-09-23 17:30", seq=4, hold="asked", void=True)
    assert show(started(BEFORE, "5wd"), asked, refused).due_at == at("2026-09-29 17:30")
    granted = (
        fact("paused", "2026-09-22 13:30", seq=2, hold="waiting"),
        fact("resumed", "2026-09-22 17:30", seq=3, hold="waiting"),
    )
    inside = show(started(BEFORE, "5wd"), asked, *granted, refused)
    assert inside.due_at == at("2026-09-30 14:00"), "four hours of waiting were granted all the same"
    beyond = show(
        started(BEFORE, "5wd"),
        asked,
        granted[0],
        fact("resumed", "2026-09-22 15:30", seq=3, hold="asked", void=True),
        fact("resumed", "2026-09-22 17:30", seq=4, hold="waiting"),
    )
    assert beyond.due_at == at("2026-09-30 14:00")
    long = fact("resumed", "2026-09-28 10:30", seq=2, hold="asked", void=True)
    assert lit(show(started(BEFORE, "5wd"), asked, long))["yellow"] == at("2026-09-28 10:30"), "it comes on now"


def test_a_pause_after_the_due_date_excuses_nothing():
    view = show(
        started(BEFORE, "5wd"),
        fact("paused", "2026-09-30 09:00"),
        fact("resumed", "2026-10-12 09:00", seq=2),
        now="2026-10-12 10:00",
    )
    assert view.due_at == at("2026-09-29 17:30")
    assert view.overdue
    assert view.overrun == dt.timedelta(minutes=90)
    assert show(started(BEFORE, "5wd"), fact("paused", "2026-09-29 09:00"), now="2026-10-12 10:00").overdue is False


def test_natural_days_move_by_natural_time_and_roll_again():
    def due(paused: str, resumed: str) -> dt.datetime:
        return show(started("2026-09-01 10:00", "20d"), fact("paused", paused), fact("resumed", resumed, seq=2)).due_at

    assert show(started("2026-09-01 10:00", "20d")).due_at == at("2026-09-21 17:30")
    assert due("2026-09-10 09:00", "2026-09-10 10:00") == at("2026-09-21 17:30")
    assert due("2026-09-10 09:00", "2026-09-12 09:00") == at("2026-09-23 17:30")
    assert due("2026-09-10 09:00", "2026-09-20 09:00") == at("2026-10-08 17:30")


def test_an_extension_adds_to_the_allotment_and_keeps_the_original_date():
    facts = (started(BEFORE, "5wd"), fact("extended", "2026-09-29 16:00", "5wd"))
    view = show(*facts, now="2026-09-29 16:00")
    assert view.due_at == at("2026-10-12 17:30")
    assert view.original_due_at == at("2026-09-29 17:30")
    assert view.light is None, "4.8 of 10 days are used"
    assert lit(view)["yellow"] == at("2026-09-30 17:30")
    mixed = show(started(BEFORE, "5wd"), fact("extended", "2026-09-22 10:00", "10d"))
    assert mixed.due_at == at("2026-10-09 17:30")
    until = show(started(BEFORE, "5wd"), fact("extended", "2026-09-22 10:00", "2026-10-20T12:00:00+08:00"))
    assert until.due_at == at("2026-10-20 12:00")


def test_a_new_target_keeps_what_is_used():
    view = show(started(BEFORE, "5wd"), fact("retargeted", "2026-09-24 10:00", "3wd"), now="2026-09-24 10:00")
    assert view.due_at == at("2026-09-24 17:30")
    assert view.original_due_at == at("2026-09-29 17:30")
    assert view.elapsed_share == pytest.approx(16.5 / 22.5)
    assert view.light == "yellow"
    assert lit(view)["yellow"] == at("2026-09-24 10:00"), "it came on with the new target, not before"
    longer = show(started(BEFORE, "5wd"), fact("retargeted", "2026-09-28 18:00", "10wd"), now="2026-09-28 18:00")
    assert longer.light is None
    natural = show(started(BEFORE, "5wd"), fact("retargeted", "2026-09-24 10:00", "15d"), now="2026-09-24 10:00")
    assert natural.due_at == at("2026-10-08 17:30")
    assert not natural.in_working_time


def test_a_light_that_stays_on_keeps_its_instant():
    view = show(started(BEFORE, "5wd"), fact("extended", "2026-09-29 17:00", "1wd"), now="2026-09-29 17:00")
    assert view.light == "orange"
    assert lit(view)["yellow"] == at("2026-09-24 17:30")
    assert lit(view)["orange"] == at("2026-09-28 17:30")
    assert lit(view)["red"] == at("2026-09-30 17:30")


def test_a_new_light_below_one_that_is_on_was_passed_with_it():
    view = show(
        started(BEFORE, "5wd"),
        fact("retargeted", "2026-09-24 18:00", lights=(("blue", 0.1), ("yellow", 0.6), ("red", 1))),
        now="2026-09-24 18:00",
    )
    assert view.light_times == (
        ("blue", at("2026-09-24 17:30")),
        ("yellow", at("2026-09-24 17:30")),
        ("red", at("2026-09-29 17:30")),
    )


def test_a_set_due_date_stands_exactly_and_moves_with_later_pauses_only():
    start, saturday = "2026-11-16 09:00", "2026-11-28T12:00:00+08:00"
    view = show(started(start, saturday), now=start)
    assert view.due_at == lit(view)["red"] == at("2026-11-28 12:00")
    assert lit(view)["yellow"] < at("2026-11-28 12:00")
    assert not view.provisional
    pauses = (fact("paused", "2026-11-17 09:00"), fact("resumed", "2026-11-18 09:00", seq=2))
    assert show(started(start, saturday), *pauses).due_at == at("2026-11-30 17:30")
    before = (*pauses, fact("retargeted", "2026-11-19 09:00", "2026-12-01T10:00:00+08:00", seq=3))
    assert show(started(start, "5wd"), *before).due_at == at("2026-12-01 10:00")


def test_no_working_time_between_start_and_due_is_measured_round_the_clock():
    facts = (started("2026-02-16 08:00", "2026-02-18T08:00:00+08:00"),)
    half = show(*facts, now="2026-02-17 08:00")
    assert half.elapsed_share == 0.5
    assert not half.in_working_time
    assert lit(half)["yellow"] == at("2026-02-17 12:48")
    assert show(*facts, now="2026-02-18 08:00").light == "red"


def test_a_clock_born_overdue_is_red_from_the_start():
    view = show(started("2026-11-16 09:00", "2026-11-10T09:00:00+08:00"), now="2026-11-16 09:00")
    assert view.light == "red"
    assert view.elapsed_share == 1.0
    assert {time for _, time in view.light_times} == {at("2026-11-16 09:00")}


def test_stopping_in_time_and_late():
    in_time = show(started(BEFORE, "5wd"), fact("stopped", "2026-09-29 17:30"), now="2026-12-01 09:00")
    assert in_time.stopped_at == at("2026-09-29 17:30")
    assert not in_time.overdue
    assert in_time.light == "orange"
    assert in_time.elapsed_share == 1.0
    assert lit(in_time).keys() == {"yellow", "orange"}
    late = show(started(BEFORE, "5wd"), fact("stopped", "2026-09-30 10:30"), now="2026-12-01 09:00")
    assert late.overdue
    assert late.light == "red"
    assert late.overrun == dt.timedelta(hours=2)
    after = show(
        started(BEFORE, "5wd"),
        fact("stopped", "2026-09-24 09:00", void=True),
        fact("extended", "2026-09-24 10:00", "5wd", seq=2),
        fact("paused", "2026-09-24 11:00", seq=3),
        now="2026-10-24 10:00",
    )
    assert after.due_at == after.original_due_at
    assert after.void
    assert after.light is None


def test_an_unannounced_year_is_provisional_until_it_is_known():
    facts = (started("2026-12-24 10:00", "10wd"),)
    view = show(*facts, now="2026-12-24 10:00")
    assert view.provisional
    days = [*DAYS, *(Day(dt.date(2027, 1, d), False, "元旦") for d in (1, 2, 3)), Day(dt.date(2027, 1, 4), False, "x")]
    known = show(*facts, now="2026-12-24 10:00", calendar=WorkCalendar(days=days, known_years=range(2018, 2028)))
    assert not known.provisional
    assert known.due_at == known.original_due_at > view.due_at
    assert not show(started("2026-12-24 10:00", "900h")).provisional
    assert not show(started("2026-12-24 10:00", "2027-03-01T10:00:00+08:00")).provisional


def test_facts_of_the_same_instant_count_in_their_order():
    facts = [
        started(BEFORE, "5wd"),
        fact("paused", "2026-09-22 10:00", seq=1),
        fact("resumed", "2026-09-22 10:00", seq=2),
        fact("retargeted", "2026-09-22 10:00", "3wd", seq=3),
        fact("retargeted", "2026-09-22 10:00", "7wd", seq=4),
    ]
    expected = show(*facts)
    assert show(*reversed(facts)) == expected
    assert expected.due_at == at("2026-10-08 17:30")
    assert expected.paused_at is None


def test_what_is_no_clock_is_refused():
    for facts in ([], [fact("paused", BEFORE)], [fact("paused", "2026-09-20 10:00"), started(BEFORE, "5wd")]):
        with pytest.raises(ValueError, match="begins with a started"):
            show(*facts)
    with pytest.raises(ValueError, match="started once"):
        show(started(BEFORE, "5wd"), fact("started", "2026-09-25 10:00", "5wd"))


@pytest.mark.parametrize(
    ("lights", "says"),
    [
        ([("a", 0.6), ("b", 0.5)], "after light"),
        ([("a", 0.6), ("b", 0.6)], "after light"),
        ([("a", 0.6), ("a", 0.8)], "of its own"),
        ([("", 0.6)], "of its own"),
        ([("a", -0.1)], "between 0"),
        ([("a", "often")], "no number"),
        ([("a", float("nan"))], "between 0"),
        ([(f"l{n}", n) for n in range(21)], "at most"),
    ],
)
def test_impossible_lights_say_why(lights, says):
    with pytest.raises(ValueError, match=says):
        rules.check_lights(lights)


def test_lights_keep_their_exact_share():
    assert rules.check_lights([("yellow", 0.6)])[0].at == Decimal("0.6")


def test_facts_survive_writing():
    facts = (
        started(BEFORE, "5wd"),
        fact("paused", "2026-09-22 10:00", hold="waiting"),
        fact("extended", "2026-09-23 10:00", "2026-10-01T10:00:00+00:00", seq=2),
        fact("retargeted", "2026-09-23 10:00", "4wh", lights=THREE, seq=3),
        fact("recalculated", "2026-09-24 10:00", seq=4, was_due_at=at(BEFORE), calendar_version=3),
        fact("stopped", "2026-09-25 10:00", seq=5, void=True),
    )
    assert rules.read_facts([rules.write_fact(one) for one in facts]) == facts
    with pytest.raises(ValueError, match="offset"):
        rules.read_allotment("2026-10-01T10:00:00")


def test_an_extension_is_asked_for_before_the_time_is_up():
    open_clock, due = started(BEFORE, "5wd"), at("2026-09-29 17:30")
    assert rules.why_not_extend(show(open_clock), now=due) is None
    assert rules.why_not_extend(show(open_clock), now=due + dt.timedelta(microseconds=1)) == "overdue"
    assert (
        rules.why_not_extend(show(open_clock, fact("paused", "2026-09-29 16:00")), now=at("2026-11-01 09:00")) is None
    )
    assert rules.why_not_extend(show(open_clock, fact("stopped", "2026-09-29 16:00")), now=due) == "stopped"


def test_other_terms_can_be_rehearsed():
    facts = (started(BEFORE, "5wd"), fact("extended", "2026-09-22 10:00", "2wd"))
    other = rules.with_terms(facts, allotment=Duration.parse("10wd"), lights=rules.check_lights(FIVE))
    view = rules.replay(other, CALENDAR, at("2026-09-24 18:00"))
    assert view.due_at == at("2026-10-14 17:30")
    assert view.light == "yellow"


def test_the_reason_of_a_due_date_is_that_of_the_last_duration_set():
    found = rules.explain((started("2026-09-30 10:00", "5wd"),), CALENDAR)
    assert found is not None
    assert found.due_at == at("2026-10-13 17:30")
    assert rules.explain((started(BEFORE, "2026-10-01T10:00:00+08:00"),), CALENDAR) is None
