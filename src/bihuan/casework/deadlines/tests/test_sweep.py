import datetime as dt
import threading
import uuid
from collections import Counter

import pytest
from django.db import connection, connections, transaction

from bihuan.casework.deadlines import selectors, services
from bihuan.casework.deadlines.events import ThresholdCrossed
from bihuan.casework.deadlines.models import Clock, Timer
from bihuan.casework.deadlines.services import subjects
from bihuan.foundation.accounts.factories import make_holder
from bihuan.foundation.kernel import events
from bihuan.foundation.kernel.database import writing
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.notifications.models import Notice

from .samples import THREE, at

BEGIN = at("2026-09-21 10:00")
SUBJECT = uuid.UUID(int=1)
LATER = at("2026-10-20 10:00")


def start(subject=SUBJECT, **values):
    given = {"region": "330114", "kind": "handling", "allotment": Duration.parse("5wd"), "lights": THREE, "now": BEGIN}
    return services.start(subject=subject, **(given | values))


@pytest.mark.django_db
class TestOneSweeper:
    def test_each_light_fires_once_when_its_time_comes(self, crossed):
        clock = start(holder_role="liaison", rulebook_version="7")
        assert services.sweep(now=at("2026-09-24 17:29")).fired == 0
        assert services.sweep(now=at("2026-09-24 17:30")).fired == 1
        assert services.sweep(now=at("2026-09-24 17:31")).fired == 0
        event = crossed[0]
        assert (event.clock_id, event.subject, event.region, event.kind) == (clock.id, SUBJECT, "330114", "handling")
        assert (event.threshold, event.light, event.position, event.lights) == ("yellow", "yellow", 0, 3)
        assert (event.fire_at, event.due_at) == (at("2026-09-24 17:30"), at("2026-09-29 17:30"))
        assert (event.holder_role, event.rulebook_version, event.superseded) == ("liaison", "7", False)

    def test_catching_up_fires_each_crossed_light_once_in_order(self, crossed):
        start()
        start(uuid.UUID(int=2), started_at=at("2026-09-18 10:00"))
        swept = services.sweep(now=LATER)
        assert swept.fired == 6
        assert swept.by_light == Counter(yellow=2, orange=2, red=2)
        for subject in (SUBJECT, uuid.UUID(int=2)):
            own = [event for event in crossed if event.subject == subject]
            assert [event.threshold for event in own] == ["yellow", "orange", "red"]
            assert [event.superseded for event in own] == [True, True, False]
            assert {event.light for event in own} == {"red"}

    def test_oldest_first_and_no_further_than_the_limit(self, crossed):
        for number in range(1, 8):
            start(uuid.UUID(int=number), started_at=at(f"2026-09-{22 - number} 10:00"), lights=[("red", 1)])
        assert services.sweep(now=LATER, limit=3, batch=2).fired == 3
        assert [event.fire_at for event in crossed] == sorted(event.fire_at for event in crossed)
        assert services.sweep(now=LATER, batch=2).fired == 4

    def test_stopped_paused_and_imported_clocks_never_fire(self, crossed):
        start()
        start(uuid.UUID(int=2))
        start(uuid.UUID(int=3), alarms=False)
        services.stop(subject=SUBJECT, now=at("2026-09-24 17:31"))
        services.pause(subject=uuid.UUID(int=2), now=at("2026-09-24 17:31"))
        assert services.sweep(now=LATER).fired == 0
        services.resume(subject=uuid.UUID(int=2), now=at("2026-10-19 17:30"))
        assert services.sweep(now=LATER).by_light == {"yellow": 1}

    def test_a_light_comes_on_again_after_an_extension_but_not_after_a_pause(self, crossed):
        start()
        services.sweep(now=at("2026-09-28 18:00"))
        services.pause(subject=SUBJECT, now=at("2026-09-28 18:00"))
        services.resume(subject=SUBJECT, now=at("2026-09-29 18:00"))
        assert services.sweep(now=at("2026-09-29 18:00")).fired == 0
        services.extend(subject=SUBJECT, kind="handling", by=Duration.parse("5wd"), now=at("2026-09-29 18:00"))
        assert services.sweep(now=at("2026-09-29 18:00")).fired == 0
        services.sweep(now=at("2026-11-20 10:00"))
        assert [event.threshold for event in crossed] == ["yellow", "orange", "yellow", "orange", "red"]

    def test_a_timer_the_clock_no_longer_agrees_with_never_fires(self, crossed):
        clock = start()
        Timer.objects.create(clock=clock, threshold="yellow", position=0, fire_at=at("2026-09-22 10:00"))
        swept = services.sweep(now=at("2026-09-23 10:00"))
        assert (swept.fired, swept.stale, crossed) == (0, 1, [])
        assert Timer.objects.count() == 3

    def test_a_consequence_may_stop_the_clock(self, crossed, monkeypatch):
        start()
        start(kind="contact")

        def stop(event):
            crossed.append(event)
            services.stop(subject=event.subject, now=event.now)

        monkeypatch.setitem(events._handlers, ThresholdCrossed, [stop])
        assert services.sweep(now=LATER).fired == 1

    def test_a_consequence_that_raises_does_not_hold_up_the_others(self, crossed, monkeypatch, caplog):
        for number in range(1, 5):
            start(uuid.UUID(int=number), lights=[("red", 1)])

        def fail(event):
            if event.subject == uuid.UUID(int=2):
                raise RuntimeError("no")
            crossed.append(event)

        monkeypatch.setitem(events._handlers, ThresholdCrossed, [fail])
        swept = services.sweep(now=LATER)
        assert (swept.fired, swept.failed) == (3, 1)
        assert {event.subject.int for event in crossed} == {1, 3, 4}
        assert "tried again later" in caplog.text
        assert services.sweep(now=LATER).failed == 0, "set aside for a minute"
        assert selectors.oldest_unfired_age(LATER) == LATER - at("2026-09-29 17:30")
        monkeypatch.setitem(events._handlers, ThresholdCrossed, [crossed.append])
        assert services.sweep(now=LATER + dt.timedelta(minutes=1)).fired == 1
        assert selectors.oldest_unfired_age(LATER) == dt.timedelta(0)

    def test_an_interrupted_sweep_leaves_nothing_half_done(self, crossed, monkeypatch):
        start()

        def die(event):
            crossed.append(event)
            raise KeyboardInterrupt

        monkeypatch.setitem(events._handlers, ThresholdCrossed, [die])
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            services.sweep(now=LATER)
        assert Timer.objects.filter(fired_at=None).count() == 3
        crossed.clear()
        monkeypatch.setitem(events._handlers, ThresholdCrossed, [crossed.append])
        assert services.sweep(now=LATER).fired == 3

    def test_an_empty_sweep_and_a_full_one_use_the_index_of_unfired_timers(self):
        new = [
            services.NewClock(
                subject=uuid.uuid4(), region="330114", kind="k", allotment=Duration.parse("5wd"), lights=THREE
            )
            for _ in range(2000)
        ]
        services.start_many(clocks=new, now=BEGIN)
        Timer.objects.filter(threshold="yellow").update(fired_at=BEGIN)
        from bihuan.casework.deadlines.services import sweeping

        with connection.cursor() as cursor:
            cursor.execute("analyze deadlines_timer, deadlines_clock")
            plan_of = "explain " + sweeping._CLAIM
            for now in (BEGIN, LATER):
                cursor.execute(plan_of, {"now": now, "limit": 50, "only": None})
                plan = "\n".join(row[0] for row in cursor.fetchall())
                assert "deadlines_timer_unfired" in plan, plan
                assert "Seq Scan on deadlines_timer" not in plan, plan

    def test_the_age_of_the_oldest_unfired_timer(self):
        assert selectors.oldest_unfired_age(LATER) == dt.timedelta(0)
        start()
        assert selectors.oldest_unfired_age(BEGIN) == dt.timedelta(0)
        assert selectors.oldest_unfired_age(at("2026-09-24 18:30")) == dt.timedelta(hours=1)


def in_threads(count, work):
    barrier, failures = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait()
            work(number)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
class TestManySweepers:
    def test_two_sweepers_fire_everything_exactly_once_and_in_order(self, crossed):
        new = [
            services.NewClock(
                subject=uuid.UUID(int=n), region="330114", kind="k", allotment=Duration.parse("5wd"), lights=THREE
            )
            for n in range(1, 61)
        ]
        services.start_many(clocks=new, now=BEGIN)
        fired = []
        in_threads(3, lambda _number: fired.append(services.sweep(now=LATER, batch=7).fired))
        assert services.sweep(now=LATER).fired == 180 - sum(fired)
        assert len(crossed) == 180
        assert Timer.objects.filter(fired_at=None).count() == 0
        for number in range(1, 61):
            own = [event.threshold for event in crossed if event.subject.int == number]
            assert own == ["yellow", "orange", "red"]

    def test_a_subject_in_use_is_left_for_the_next_sweep_without_waiting(self, crossed, monkeypatch):
        start()
        start(uuid.UUID(int=2))
        with connection.cursor() as cursor:
            cursor.execute("create table deadlines_tests_subject (id uuid primary key)")
            cursor.execute("grant all on deadlines_tests_subject to bihuan_app")
            cursor.execute("insert into deadlines_tests_subject values (%s), (%s)", [SUBJECT, uuid.UUID(int=2)])
        monkeypatch.setattr(subjects, "_tables", [("deadlines_tests_subject", "id")])
        held, done, result = threading.Event(), threading.Event(), []

        def work(number):
            if number == 0:
                with writing(), connection.cursor() as cursor:
                    cursor.execute("select from deadlines_tests_subject where id = %s for update", [SUBJECT])
                    held.set()
                    assert done.wait(20)
                    services.pause(subject=SUBJECT, now=at("2026-09-24 10:00"))
            else:
                assert held.wait(20)
                result.append(services.sweep(now=LATER))
                done.set()

        try:
            in_threads(2, work)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("drop table deadlines_tests_subject")
        assert result[0].fired == 3
        assert {event.subject.int for event in crossed} == {2}
        monkeypatch.setattr(subjects, "_tables", [])
        assert services.sweep(now=LATER).fired == 0, "it was paused in the meantime"

    def test_requests_and_sweeps_at_once_keep_clock_and_timers_in_line(self, crossed):
        for number in range(1, 13):
            start(uuid.UUID(int=number))

        def work(number):
            if number < 2:
                for day in (24, 28, 29):
                    services.sweep(now=at(f"2026-09-{day} 18:00"), batch=3)
                return
            for subject in range(1, 13):
                services.pause(subject=uuid.UUID(int=subject), now=at("2026-09-23 10:00"), hold=f"h{number}")
                services.resume(subject=uuid.UUID(int=subject), now=at("2026-09-23 11:00"), hold=f"h{number}")

        in_threads(4, work)
        services.sweep(now=LATER)
        for clock in Clock.objects.all():
            timers = Timer.objects.filter(clock=clock).order_by("fire_at")
            assert all(timer.fired_at for timer in timers)
            own = [event.fire_at for event in crossed if event.clock_id == clock.id]
            assert len(own) == len(set(own)) == len(timers)
            assert clock.light_at[-1] in own


def alarms(person) -> list[int]:
    """The minutes told to a person by the alarm, oldest first."""
    with writing():
        mine = Notice.objects.filter(person_id=person.pk, key="deadlines.late_timers")
        return [one.data["minutes"] for one in mine.order_by("created_at")]


@pytest.mark.django_db
class TestWatch:
    """The alarm of the sweep itself."""

    def test_whoever_runs_it_is_told_once_an_hour(self):
        admin = make_holder("system_admin")
        start()
        assert services.watch(now=at("2026-09-24 17:35")) < dt.timedelta(minutes=10)
        assert alarms(admin) == []
        for minute in ("19:00", "19:05", "19:59", "20:10"):
            assert services.watch(now=at(f"2026-09-24 {minute}")) > dt.timedelta(hours=1)
        assert alarms(admin) == [90, 160]

    def test_what_was_caught_up_alarms_no_more(self, crossed):
        admin = make_holder("system_admin")
        start()
        services.sweep(now=LATER)
        assert services.watch(now=LATER) == dt.timedelta(0)
        assert alarms(admin) == []
