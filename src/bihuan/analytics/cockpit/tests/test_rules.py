"""Periods, and the definitions of figures on plain values."""

import datetime as dt

import pytest

from bihuan.analytics.cockpit import rules, wording
from bihuan.casework.cases import selectors as cases

TODAY = dt.date(2026, 11, 16)


def test_the_usual_periods():
    found = {one.id: (one.since.isoformat(), one.until.isoformat()) for one in rules.presets(TODAY)}
    assert found == {
        "month": ("2026-11-01", "2026-11-16"),
        "last_month": ("2026-10-01", "2026-10-31"),
        "year": ("2026-01-01", "2026-11-16"),
        "twelve_months": ("2025-12-01", "2026-11-16"),
    }


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, ("twelve_months", "2025-12-01", "2026-11-16")),
        ("2026-11-01", "2026-11-16", ("month", "2026-11-01", "2026-11-16")),
        ("2026-05-03", "2026-02-01", ("", "2026-02-01", "2026-05-03")),
        ("2026-05-03", None, ("", "2026-05-03", "2026-11-16")),
    ],
)
def test_a_chosen_period(since, until, expected):
    given = [dt.date.fromisoformat(one) if one else None for one in (since, until)]
    found = rules.chosen(since=given[0], until=given[1], today=TODAY)
    assert (found.id, found.since.isoformat(), found.until.isoformat()) == expected


def test_the_months_of_a_period_cover_it_without_overlap():
    period = rules.Period(id="", since=dt.date(2025, 12, 30), until=dt.date(2026, 2, 3))
    days = [rules.month_days(month, within=period) for month in ("2025-12", "2026-01", "2026-02")]
    assert [(one.since.day, one.until.day) for one in days] == [(30, 31), (1, 31), (1, 3)]
    assert rules.day_after("2026-12-31") == "2027-01-01"
    assert (rules.rate(1, 4), rules.rate(0, 0)) == (0.25, None)


def test_every_figure_says_what_it_counts():
    assert set(wording.DEFINITIONS) == set(cases.FIGURES) | set(wording.RATES)
