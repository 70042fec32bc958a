"""The product's own list of official days, read once from `official_days.toml`."""

import functools
import tomllib
from importlib import resources

from . import rules


@functools.cache
def packaged_days() -> tuple[rules.OfficialDay, ...]:
    """Return the days of all packaged notices in order of date, later notices over earlier ones."""
    text = resources.files(__package__).joinpath("official_days.toml").read_text(encoding="utf-8")
    return rules.days_of_notices(tomllib.loads(text)["notice"])
