import pytest

from bihuan.foundation.workcalendar import selectors


@pytest.fixture(autouse=True)
def fresh_calendar():
    """What an earlier test changed and rolled back is not remembered."""
    selectors.forget()
    yield
    selectors.forget()
