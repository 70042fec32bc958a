"""What every test stands on."""

import pytest

from bihuan.foundation.directory import recent


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Each test reads afresh: what another one remembered was rolled back with its rows."""
    recent.forget_all()
