"""Working time: durations, office hours, official days, and the arithmetic on them. Pure: no Django, no clock.

The law behind it: the day of receipt does not count (民法典 201); a period that ends on a statutory rest day ends
on the next day after it (203), at the close of business where there are business hours (203); working days leave out
statutory rest days and count make-up days (行政许可法 82, State Council notices).
"""

from .calendar import Deadline, Deadlines, WorkCalendar
from .durations import Duration, Unit
from .explanations import Explanation, RestPeriod
from .hours import AfterHours, OfficeHours
from .table import Day, OutOfCalendar

__all__ = [
    "AfterHours",
    "Day",
    "Deadline",
    "Deadlines",
    "Duration",
    "Explanation",
    "OfficeHours",
    "OutOfCalendar",
    "RestPeriod",
    "Unit",
    "WorkCalendar",
]
