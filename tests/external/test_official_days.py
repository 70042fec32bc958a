"""The packaged official days against another register of the same notices (../shared/data/holiday_cn)."""

import datetime as dt
import json
from pathlib import Path

import pytest

from bihuan.foundation.workcalendar.official import packaged_days

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "holiday_cn"
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"{FOLDER} is not there: this check needs the data beside the project"
    ),
]


def _worked(date: dt.date, overruled: dict[dt.date, bool]) -> bool:
    return overruled.get(date, date.weekday() < 5)


def test_every_day_from_2018_to_2026_is_worked_or_not_as_there():
    theirs = {}
    for year in range(2018, 2028):
        for day in json.loads((FOLDER / f"{year}.json").read_text(encoding="utf-8"))["days"]:
            theirs[dt.date.fromisoformat(day["date"])] = not day["isOffDay"]
    ours = {day.date: day.works for day in packaged_days()}
    first = dt.date(2017, 12, 25)
    dates = [first + dt.timedelta(days=n) for n in range((dt.date(2026, 12, 31) - first).days + 1)]
    assert [date for date in dates if _worked(date, ours) != _worked(date, theirs)] == []
