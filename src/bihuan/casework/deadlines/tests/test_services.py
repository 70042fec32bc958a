import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from bihuan.casework.deadlines import selectors, services
from bihuan.casework.deadlines.models import Clock, Timer
from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.workdays import Duration

from .samples import THREE, at

pytestmark = pytest.mark.django_db
BEGIN = at("2026-09-21 10:00")
SUBJECT = uuid.UUID(int=1)
FIVE_DAYS = Duration.parse("5wd")


def start(**values):
    given = {
        "subject": SUBJECT,
        "region": "330114",
        "kind": "handling",
        "allotment": FIVE_DAYS,
        "lights": THREE,
        "now": BEGIN,
    }
    return services.start(**(given | values))


def unfired():
    rows = Timer.objects.filter(fired_at=None).order_by("fire_at", "position")
    return [(timer.threshold, timer.fire_at) for timer in rows]


def test_a_clock_starts_with_its_timers(django_assert_num_queries):
    selectors.calendars.calendar_for("330114")
    clock = start(holder_role="liaison", rulebook_version="7")
    clock.refresh_from_db()
    assert clock.state == "running"
    assert clock.due_at == clock.original_due_at == at("2026-09-29 17:30")
    assert clock.allotment == "5wd"
    assert clock.light_ids == ["yellow", "orange", "red"]
    assert unfired() == list(zip(clock.light_ids, clock.light_at, strict=True))
    assert [selectors.light_of(clock, at(f"2026-09-{day} 18:00")) for day in (23, 24, 28, 29)] == [
        None,
        "yellow",
        "orange",
        "red",
    ]
    assert selectors.view_of(clock, BEGIN).due_at == clock.due_at


def test_starting_many_costs_two_statements(django_assert_max_num_queries):
    new = [
        services.NewClock(
            subject=uuid.uuid4(), region="330114", kind="sign", allotment=Duration.parse("4wh"), lights=THREE
        )
        for _ in range(50)
    ]
    # Two statements, a savepoint around the batch, the scope twice, and in tests the calendar's version for each.
    with django_assert_max_num_queries(50 + 10):
        services.start_many(clocks=new, now=BEGIN)
    assert Timer.objects.count() == 150


def test_the_same_clock_does_not_run_twice():
    start()
    for values in ({}, {"cycle": 2}):
        with pytest.raises(errors.Conflict) as caught, transaction.atomic():
            start(**values)
        assert caught.value.code == "clock_running"
    start(part="other")
    services.stop(subject=SUBJECT, now=BEGIN, part="")
    start(cycle=2)
    assert [clock.cycle for clock in selectors.clocks_of(SUBJECT) if not clock.part] == [1, 2]


@pytest.mark.parametrize(
    "values",
    [
        {"lights": [("red", 1), ("yellow", 0.6)]},
        {"allotment": Duration.parse("3000wd"), "now": at("2055-01-01 10:00")},
    ],
)
def test_impossible_terms_are_refused(values):
    with pytest.raises(errors.Invalid) as caught:
        start(**values)
    assert caught.value.code == "clock_terms_invalid"


def test_a_pause_takes_the_timers_away_and_a_resume_brings_them_back_later():
    start()
    start(kind="contact", allotment=Duration.parse("1wd"), part="a")
    paused = services.pause(subject=SUBJECT, now=at("2026-09-22 10:30"), hold="suspended")
    assert [clock.state for clock in paused] == ["paused", "paused"]
    assert unfired() == []
    assert services.pause(subject=SUBJECT, now=at("2026-09-22 11:30"), hold="suspended") == []
    assert len(services.pause(subject=SUBJECT, now=at("2026-09-22 11:30"), hold="waiting", kinds=["handling"])) == 1
    resumed = services.resume(subject=SUBJECT, now=at("2026-09-23 10:30"), hold="suspended")
    assert {clock.kind: clock.state for clock in resumed} == {"handling": "paused", "contact": "running"}
    last = services.resume(subject=SUBJECT, now=at("2026-09-23 11:00"), hold="waiting")
    assert [(clock.kind, clock.due_at) for clock in last] == [("handling", at("2026-10-08 09:00"))]
    assert last[0].original_due_at == at("2026-09-29 17:30")
    assert len(unfired()) == 6


def test_an_extension_keeps_the_original_date_and_comes_in_time():
    start()
    clock = services.extend(subject=SUBJECT, kind="handling", by=FIVE_DAYS, now=at("2026-09-29 17:30"))
    assert clock.due_at == at("2026-10-12 17:30")
    assert clock.original_due_at == at("2026-09-29 17:30")
    with pytest.raises(errors.Conflict) as caught:
        services.extend(subject=SUBJECT, kind="handling", by=FIVE_DAYS, now=at("2026-10-12 17:31"))
    assert caught.value.code == "clock_overdue"
    late = services.extend(subject=SUBJECT, kind="handling", by=FIVE_DAYS, now=at("2026-10-12 17:31"), late=True)
    assert late.due_at == at("2026-10-19 17:30")


def test_a_new_target_and_new_lights():
    start()
    clock = services.retarget(
        subject=SUBJECT,
        kind="handling",
        allotment=Duration.parse("10wd"),
        lights=[("red", 1)],
        rulebook_version="8",
        now=at("2026-09-22 10:00"),
    )
    clock.refresh_from_db()
    assert clock.rulebook_version == "8"
    assert clock.light_ids == ["red"]
    assert unfired() == [("red", at("2026-10-12 17:30"))]
    until = services.retarget(
        subject=SUBJECT, kind="handling", allotment=at("2026-11-28 12:00"), now=at("2026-09-22 11:00")
    )
    assert until.due_at == at("2026-11-28 12:00")


def test_a_stopped_clock_is_over():
    start()
    clock = services.stop(subject=SUBJECT, now=at("2026-09-30 10:30"), void=True)[0]
    clock.refresh_from_db()
    assert (clock.state, clock.void, clock.stopped_at) == ("stopped", True, at("2026-09-30 10:30"))
    assert unfired() == []
    assert services.stop(subject=SUBJECT, now=at("2026-10-30 10:30")) == []
    for call in (services.extend, services.retarget):
        with pytest.raises(errors.NotFound) as caught:
            call(
                subject=SUBJECT,
                kind="handling",
                now=at("2026-10-30 10:30"),
                **({"by": FIVE_DAYS} if call is services.extend else {}),
            )
        assert caught.value.code == "clock_not_running"


def test_a_clock_set_back_writes_no_past():
    start()
    services.pause(subject=SUBJECT, now=at("2026-09-23 10:00"))
    clock = services.resume(subject=SUBJECT, now=at("2026-09-22 10:00"))[0]
    assert clock.state == "running"
    assert clock.due_at == at("2026-09-29 17:30")


def test_what_was_imported_fires_nothing():
    start(alarms=False, started_at=at("2026-08-03 10:00"))
    assert unfired() == []
    services.pause(subject=SUBJECT, now=BEGIN)
    services.resume(subject=SUBJECT, now=BEGIN)
    assert unfired() == []


def test_a_receipt_in_the_past_counts_from_then():
    clock = start(started_at=at("2026-09-14 10:00"))
    assert clock.due_at == at("2026-09-21 17:30") - dt.timedelta(days=1)


def test_somebody_else_takes_over():
    start()
    department = uuid.uuid4()
    services.hand_over(subject=SUBJECT, kind="handling", holder_department=department, holder_role="liaison")
    clock = Clock.objects.get()
    assert (clock.holder_department, clock.holder_role) == (department, "liaison")
    with pytest.raises(errors.NotFound):
        services.hand_over(subject=SUBJECT, kind="nothing")


def test_ordinary_edits_cannot_touch_a_clock():
    clock = start()
    before = Clock.objects.values().get()
    Clock.objects.filter(pk=clock.pk).update(holder_role="somebody")
    services.pause(subject=uuid.uuid4(), now=at("2026-09-22 10:00"))
    services.stop(subject=SUBJECT, now=at("2026-09-22 10:00"), kinds=["other"])
    assert Clock.objects.values().get() == before | {"holder_role": "somebody"}


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "sleeping"},
        {"state": "stopped"},
        {"state": "paused"},
        {"region": ""},
        {"region": "33"},
        {"cycle": 0},
        {"light_at": []},
        {"light_ids": []},
    ],
)
def test_the_database_refuses_a_row_that_cannot_be(broken):
    clock = start()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(**broken)


def test_the_light_of_a_list_equals_the_replay():
    from django.db import connection

    clock = start()
    for moment in ("2026-09-21 10:00", "2026-09-24 17:30", "2026-09-28 17:29", "2026-10-08 10:00"):
        with connection.cursor() as cursor:
            sql = f"select {selectors.light_sql('c', '%(now)s')} from deadlines_clock c"
            cursor.execute(sql, {"now": at(moment)})
            assert cursor.fetchone()[0] == selectors.view_of(clock, at(moment)).light


def test_clocks_of_many_subjects_come_in_one_query(django_assert_num_queries):
    other = uuid.UUID(int=2)
    start()
    start(subject=other)
    with django_assert_num_queries(1):
        found = selectors.clocks_of_many([SUBJECT, other, uuid.UUID(int=3)])
    assert {subject: len(clocks) for subject, clocks in found.items()} == {SUBJECT: 1, other: 1}
