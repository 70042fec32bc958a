"""Days and helpers the tests share: the official days around 2026 that the vectors need, typed in."""

import datetime as dt
from zoneinfo import ZoneInfo

from bihuan.foundation.kernel.workdays import Day, OfficeHours, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = OfficeHours.parse("08:30-12:00, 13:30-17:30")


def span(first: str, last: str, name: str) -> list[Day]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return [Day(start + dt.timedelta(days=n), False, name) for n in range((end - start).days + 1)]


def make_up(*dates: str) -> list[Day]:
    return [Day(dt.date.fromisoformat(date), True, "") for date in dates]


DAYS = (
    *span("2025-10-01", "2025-10-08", "国庆节、中秋节"),
    *make_up("2025-09-28", "2025-10-11"),
    *span("2026-01-01", "2026-01-03", "元旦"),
    *span("2026-02-15", "2026-02-23", "春节"),
    *span("2026-04-04", "2026-04-06", "清明节"),
    *span("2026-05-01", "2026-05-05", "劳动节"),
    *span("2026-06-19", "2026-06-21", "端午节"),
    *span("2026-09-25", "2026-09-27", "中秋节"),
    *span("2026-10-01", "2026-10-07", "国庆节"),
    *make_up("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)
CALENDAR = WorkCalendar(days=DAYS, known_years=(2025, 2026), hours=HOURS, version=1)


def at(text: str) -> dt.datetime:
    """Read `2026-09-30` or `2026-09-30 10:15` as Shanghai time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
