"""Clocks given in other zones than the office's, and in zones with summer time."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bihuan.casework.deadlines import rules
from bihuan.casework.deadlines.rules import Fact, FactKind
from bihuan.foundation.kernel.workdays import OfficeHours, WorkCalendar

from .samples import CALENDAR, SHANGHAI, THREE, at, started

BEFORE = "2026-09-21 10:00"


def test_in_the_hour_that_comes_twice_the_later_instant_is_the_later_one():
    """New York, 6 November 2011: due at 01:30 summer time, stopped at 01:10 winter time, which is 40 minutes later."""
    zone = ZoneInfo("America/New_York")
    office = WorkCalendar(known_years=range(2000, 2060), hours=OfficeHours(timezone="America/New_York"))
    start, due, stop = (
        dt.datetime(2011, 11, day, hour, minute, tzinfo=zone, fold=fold)
        for day, hour, minute, fold in ((4, 9, 0, 0), (6, 1, 30, 0), (6, 1, 10, 1))
    )
    facts = [
        Fact(kind=FactKind.STARTED, at=start, allotment=due, lights=rules.check_lights(THREE)),
        Fact(kind=FactKind.STOPPED, at=stop, seq=1),
    ]
    view = rules.replay(facts, office, stop)
    assert view.overdue
    assert view.light == "red"
    assert not rules.replay(facts[:1], office, due).overdue
    assert rules.replay(facts[:1], office, stop).overdue
    assert rules.replay(facts, office, stop.astimezone(SHANGHAI)) == view


def test_an_instant_without_offset_is_refused():
    for values in ({"at": dt.datetime(2026, 9, 21)}, {"at": at(BEFORE), "allotment": dt.datetime(2026, 9, 21)}):
        with pytest.raises(ValueError, match="offset"):
            Fact(kind=FactKind.RETARGETED, **values)
    with pytest.raises(ValueError, match="offset"):
        rules.replay([started(BEFORE, "5wd")], CALENDAR, dt.datetime(2026, 9, 21))
