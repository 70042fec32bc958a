import pytest

from bihuan.casework.deadlines.events import ClockRecalculated, ThresholdCrossed
from bihuan.casework.deadlines.services import subjects
from bihuan.foundation.kernel import events
from bihuan.foundation.workcalendar import selectors as calendars


@pytest.fixture(autouse=True)
def fresh_calendar():
    calendars.forget()
    yield
    calendars.forget()


@pytest.fixture(autouse=True)
def no_other_subjects(monkeypatch):
    """The subjects of these clocks are ids alone; nothing of the cases is locked or told."""
    monkeypatch.setattr(subjects, "_tables", [])


@pytest.fixture
def crossed(monkeypatch):
    """Every ThresholdCrossed published in the test, in order."""
    found: list[ThresholdCrossed] = []
    monkeypatch.setitem(events._handlers, ThresholdCrossed, [found.append])
    return found


@pytest.fixture
def recalculated(monkeypatch):
    """Every ClockRecalculated published in the test, in order."""
    found: list[ClockRecalculated] = []
    monkeypatch.setitem(events._handlers, ClockRecalculated, [found.append])
    return found
