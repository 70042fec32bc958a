"""How often each detector asks about honest departments; made by `python -m tools.false_alarms --write`."""

UNITS = 40
WINDOWS = 250
FALSE_ALARMS: dict[str, float] = {
    "burst": 0.0004,
    "template": 0.0138,
    "last_minute": 0.0023,
    "reopened_after_praise": 0.0004,
    "disagreement": 0.0002,
}
"""Kind → share of honest departments asked about in a quarter, with the thresholds of the default rulebook."""
