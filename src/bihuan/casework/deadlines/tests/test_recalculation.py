import datetime as dt
import uuid

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.casework.deadlines import selectors, services, tasks
from bihuan.casework.deadlines.models import Clock, Timer
from bihuan.foundation.kernel import clock as wall
from bihuan.foundation.kernel.workdays import Duration
from bihuan.foundation.workcalendar import rules as calendar_rules
from bihuan.foundation.workcalendar import services as calendar_services

from .samples import THREE, at

pytestmark = pytest.mark.django_db
BEGIN = at("2026-12-21 10:00")
NOTICE = """date,kind,name
2027-01-01,rest,元旦
2027-01-02,work,元旦
2027-05-01,rest,劳动节
2027-10-01,rest,国庆节
"""


def start(number=1, duration="12wd", **values):
    given = {"region": "330114", "kind": "handling", "lights": THREE, "now": BEGIN}
    return services.start(subject=uuid.UUID(int=number), allotment=Duration.parse(duration), **(given | values))


def confirm_2027(content=NOTICE):
    notice = calendar_services.Notice(content=content.encode(), filename="a.csv", year=2027, document="x")
    calendar_services.import_days(notice=notice, actor_id=uuid.UUID(int=7), now=BEGIN)


def test_confirming_the_year_settles_provisional_clocks(recalculated):
    far = start(1, "12wd")
    near = start(2, "2wd")
    assert (far.provisional, near.provisional) == (True, False)
    assert far.due_at == at("2027-01-06 17:30")
    confirm_2027()
    result = services.recalculate(now=BEGIN, first_day=dt.date(2026, 12, 25))
    assert (result.seen, result.later, result.settled, result.last) == (1, 0, 1, None)
    far.refresh_from_db()
    assert not far.provisional
    assert far.due_at == far.original_due_at == at("2027-01-06 17:30")
    assert [event.clock_id for event in recalculated] == [far.id]


def test_a_moved_due_date_keeps_its_former_one_in_the_facts(recalculated):
    clock = start(1, "12wd")
    confirm_2027(NOTICE.replace("2027-01-02,work", "2027-01-05,rest"))
    result = services.recalculate(now=BEGIN, first_day=dt.date(2026, 12, 25))
    assert (result.later, result.earlier) == (1, 0)
    clock.refresh_from_db()
    assert clock.due_at == clock.original_due_at == at("2027-01-08 17:30")
    assert clock.facts[-1]["kind"] == "recalculated"
    assert clock.facts[-1]["was_due_at"] == at("2027-01-06 17:30").astimezone(dt.UTC).isoformat()
    assert sorted(Timer.objects.values_list("fire_at", flat=True)) == clock.light_at
    assert (recalculated[0].was_due_at, recalculated[0].due_at) == (at("2027-01-06 17:30"), clock.due_at)
    assert services.recalculate(now=BEGIN, first_day=dt.date(2026, 12, 25)).later == 0


def test_a_dry_run_counts_and_changes_nothing(recalculated):
    start(1, "12wd")
    before = Clock.objects.values().get()
    days = [calendar_rules.OfficialDay(dt.date(2027, 1, d), 2027, False, "x", "y") for d in (1, 4, 5)]

    def calendar_of(region):
        return selectors.calendars.calendar_if(region, days=days, year=2027)

    result = services.recalculate(now=BEGIN, dry_run=True, calendar_of=calendar_of)
    assert (result.seen, result.later, result.settled) == (1, 1, 1)
    assert Clock.objects.values().get() == before
    assert recalculated == []


def test_only_what_a_change_touches_is_replayed():
    start(1, "2wd")
    start(2, "4wd", region="370214")
    start(3, "4wd", region="330114001")
    done = start(4, "4wd")
    services.stop(subject=done.subject, now=BEGIN)
    assert services.recalculate(now=BEGIN).seen == 2, "the provisional ones alone"
    assert services.recalculate(now=BEGIN, first_day=dt.date(2026, 12, 25)).seen == 2
    assert services.recalculate(now=BEGIN, first_day=dt.date(2026, 12, 23)).seen == 3
    for region, seen in (("000000", 3), ("330000", 2), ("330100", 2), ("330114", 2), ("330114001", 1), ("370000", 1)):
        assert services.recalculate(now=BEGIN, first_day=dt.date(2026, 12, 1), regions=[region]).seen == seen


def test_batches_follow_each_other():
    for number in range(1, 6):
        start(number)
    first = services.recalculate(now=BEGIN, limit=2)
    second = services.recalculate(now=BEGIN, limit=2, after=first.last)
    third = services.recalculate(now=BEGIN, limit=2, after=second.last)
    assert [first.seen, second.seen, third.seen, third.last] == [2, 2, 1, None]


def test_a_change_of_the_calendar_sends_a_worker():
    clock = start(1, "12wd")
    confirm_2027()
    job = ProcrastinateJob.objects.filter(task_name="deadlines.recalculate").latest("id")
    assert job.args == {"first_day": "2026-12-25", "regions": []}
    with wall.at(BEGIN):
        tasks.recalculate(**job.args)
    clock.refresh_from_db()
    assert not clock.provisional


def test_the_task_of_every_minute_sweeps(crossed):
    start(1, "2wd")
    with wall.at(at("2026-12-24 10:00")):
        tasks.sweep(timestamp=0)
    assert [event.threshold for event in crossed] == ["yellow", "orange", "red"]


def test_longer_office_hours_move_open_clocks(recalculated):
    clock = start(1, "5wd")
    calendar_services.set_office_hours(
        region="330100", hours="09:00-18:00", valid_from=dt.date(2026, 12, 23), actor_id=None, now=BEGIN
    )
    services.recalculate(now=BEGIN, first_day=dt.date(2026, 12, 23), regions=["330100"])
    clock.refresh_from_db()
    assert clock.due_at == at("2026-12-28 18:00")


def test_a_region_moved_to_another_calendar_takes_its_open_clocks_along_and_no_other(recalculated):
    moves, stays = start(1, "5wd"), start(2, "5wd", region="370214")
    services.pause(subject=moves.subject, now=at("2026-12-22 10:00"), hold="question")
    services.resume(subject=moves.subject, now=at("2026-12-22 15:00"), hold="question")
    moves.refresh_from_db()
    was = moves.due_at
    calendar_services.set_office_hours(
        region="330114", hours="08:00-11:30, 14:00-16:30", valid_from=dt.date(2026, 12, 21), actor_id=None, now=BEGIN
    )
    job = ProcrastinateJob.objects.filter(task_name="deadlines.recalculate").latest("id")
    with wall.at(BEGIN):
        tasks.recalculate(**job.args)
        tasks.recalculate(**job.args)
    moves.refresh_from_db()
    former = moves.facts[-1]
    assert [event.subject for event in recalculated] == [moves.subject]
    assert (former["kind"], dt.datetime.fromisoformat(former["was_due_at"])) == ("recalculated", was)
    assert moves.due_at.astimezone(BEGIN.tzinfo).time() <= dt.time(16, 30)
    assert moves.due_at != was
    assert Clock.objects.get(pk=stays.pk).due_at == stays.due_at
