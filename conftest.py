"""What every test stands on."""

import os

import hypothesis
import pytest
from django.conf import settings
from django.utils import translation

from bihuan.foundation.directory import recent

# A busy machine is no reason to fail; and what CI finds, everybody finds again.
hypothesis.settings.register_profile("bihuan", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("bihuan")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Each test reads afresh: what another one remembered was rolled back with its rows."""
    recent.forget_all()


@pytest.fixture(autouse=True)
def nothing_spoken():
    """Each test begins in the language of the settings, whatever language the last request of another one was in."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
