"""A calendar, lights and short ways to write facts, shared by the tests."""

import datetime as dt
from zoneinfo import ZoneInfo

from bihuan.casework.deadlines.rules import Fact, FactKind, check_lights, read_allotment
from bihuan.foundation.kernel.workdays import Day, OfficeHours, WorkCalendar
from bihuan.foundation.workcalendar.official import packaged_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = [Day(day.date, day.works, day.name) for day in packaged_days()]
CALENDAR = WorkCalendar(days=DAYS, known_years=range(2018, 2027), hours=OfficeHours(), version=1)
THREE = (("yellow", 0.6), ("orange", 0.8), ("red", 1))
FIVE = (("yellow", 0.2), ("blue", 0.4), ("green", 0.6), ("orange", 0.8), ("red", 1))


def at(text: str) -> dt.datetime:
    """Read `2026-09-30 10:15` as Shanghai time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def started(when: str, allotment: str, lights=THREE) -> Fact:
    return Fact(kind=FactKind.STARTED, at=at(when), allotment=read_allotment(allotment), lights=check_lights(lights))


def fact(kind: str, when: str, allotment: str | None = None, lights=None, **values) -> Fact:
    return Fact(
        kind=FactKind(kind),
        at=at(when),
        seq=values.pop("seq", 1),
        allotment=read_allotment(allotment) if allotment else None,
        lights=check_lights(lights) if lights else None,
        **values,
    )
