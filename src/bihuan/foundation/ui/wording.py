"""Dates, spans and numbers in the reader's words (design guide §9). Pure: `now` and the length of a day are arguments.

Within seven days a date is a word (today, yesterday, Thursday), farther away it is a date. Spans are working time:
a "day" is one working day, whose length the calendar knows.
"""

import datetime as dt
import math
from dataclasses import dataclass

from django.utils import dateformat
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

NEAR = 7
"""Days before and after today that are named by a word."""

_WEEKDAYS = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)
FULL_DAY = dt.timedelta(hours=24)


def weekday(value: dt.date) -> str:
    """Return the short name of the weekday of `value`."""
    return str(_WEEKDAYS[value.weekday()])


def date(value: dt.date, *, today: dt.date, long: bool = False) -> str:
    """Return `value` as a date: 11-19 / 19 Nov, with the year when it is another year.

    `long` is for running text (11 月 19 日 / 19 November), the short form for tables and lists.
    """
    same_year = value.year == today.year
    # Translators: the next four are Django date formats: j day, n month number, M/F month name, m-d digits, Y year.
    if long:
        return dateformat.format(value, _("j F") if same_year else _("j F Y"))
    return dateformat.format(value, _("j M") if same_year else _("j M Y"))


def day(value: dt.date, *, today: dt.date, long: bool = False) -> str:
    """Return `value` as people say it: today, yesterday, tomorrow, Thu (under seven days away), else the date."""
    away = (value - today).days
    if abs(away) < 2:
        return _("today") if away == 0 else _("tomorrow") if away > 0 else _("yesterday")
    return weekday(value) if abs(away) < NEAR else date(value, today=today, long=long)


def moment_parts(value: dt.datetime, *, now: dt.datetime, long: bool = False) -> tuple[str, str]:
    """Return day and clock time of an aware instant in the current time zone, for two lines of a narrow column."""
    local = localtime(value)
    return day(local.date(), today=localtime(now).date(), long=long), f"{local:%H:%M}"


def moment(value: dt.datetime, *, now: dt.datetime, long: bool = False) -> str:
    """Return an aware instant as day and clock time: 今天 09:55, 周四 17:00, 11-05 09:12."""
    words, time = moment_parts(value, now=now, long=long)
    return _("%(day)s %(time)s") % {"day": words, "time": time}


def exact(value: dt.datetime) -> str:
    """Return an instant in full, for titles and print: 2026-11-19 10:20."""
    return f"{localtime(value):%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Parts:
    """A span split for display: whole `days`, then `hours` and `minutes` (zero where the display leaves them out)."""

    days: int
    hours: int
    minutes: int


def split(length: dt.timedelta, *, day_length: dt.timedelta = FULL_DAY) -> Parts:
    """Split a span, rounded down to minutes, into what is shown: 3 days or more no hours, 1 day or more no minutes."""
    days, rest = divmod(abs(length), day_length)
    minutes = int(rest.total_seconds()) // 60
    if days >= 3:
        return Parts(days, 0, 0)
    if days >= 1:
        return Parts(days, minutes // 60, 0)
    return Parts(0, minutes // 60, minutes % 60)


def span(length: dt.timedelta, *, day_length: dt.timedelta = FULL_DAY) -> str:
    """Return the length of a span in at most two units: 6 小时 40 分, 1 天 2 小时, 7 天; under a minute: 不到 1 分."""
    parts = split(length, day_length=day_length)
    values = {"days": parts.days, "hours": parts.hours, "minutes": parts.minutes}
    if parts.days:
        return (_("%(days)dd %(hours)dh") if parts.hours else _("%(days)dd")) % values
    if parts.hours:
        return (_("%(hours)dh %(minutes)dm") if parts.minutes else _("%(hours)dh")) % values
    return _("%(minutes)dm") % values if parts.minutes else _("less than 1m")


def left(length: dt.timedelta, *, day_length: dt.timedelta = FULL_DAY) -> str:
    """Return what is left of a time limit (剩 6 小时 40 分), or by how much it is over (超 2 小时) when negative."""
    words = {"span": span(length, day_length=day_length)}
    return (_("%(span)s over") if length < dt.timedelta(0) else _("%(span)s left")) % words


def worked(length: dt.timedelta, *, day_length: dt.timedelta) -> str:
    """Return working time: from one office day on as working days (4.6 个工作日), before that as hours and minutes."""
    return workdays(math.floor(length / day_length * 10) / 10) if length >= day_length else span(length)


def workdays(count: float) -> str:
    """Return a number of working days: 3 个工作日, 4.6 个工作日."""
    shown = int(count) if float(count).is_integer() else round(count, 1)
    return ngettext("%(count)s working day", "%(count)s working days", 1 if shown == 1 else 2) % {"count": shown}


def percent(share: float, *, digits: int = 0) -> str:
    """Return a share (1.0 is all) as a percentage, rounded down so that 99.9 % never reads as done."""
    scale: int = 10**digits
    shown = int(share * 100 * scale + 1e-9) / scale
    return f"{shown:.{digits}f}%"


def number(value: float) -> str:
    """Return a number with the grouping of the reader's language."""
    return str(localize(value, use_l10n=True))


def size(count: int) -> str:
    """Return a number of bytes as people read it: 412 KB, 1.8 MB."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count // 1024} KB"
    return f"{count / 1024 / 1024:.1f} MB"
