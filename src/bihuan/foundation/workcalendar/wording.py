"""Durations, days and explanations as words in the reader's language."""

import datetime as dt
import functools

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.foundation.kernel.workdays import Duration, Explanation, RestPeriod, Unit

_HOLIDAYS = {
    "元旦": gettext_lazy("New Year's Day"),
    "春节": gettext_lazy("Spring Festival"),
    "清明节": gettext_lazy("Tomb-Sweeping Day"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋节": gettext_lazy("Mid-Autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
}


def duration(value: Duration) -> str:
    """Return a duration in words: `5 working days`."""
    count = value.amount
    if value.unit is Unit.WORKING_DAY:
        text = ngettext("%(count)d working day", "%(count)d working days", count)
    elif value.unit is Unit.WORKING_HOUR:
        text = ngettext("%(count)d working hour", "%(count)d working hours", count)
    elif value.unit is Unit.DAY:
        text = ngettext("%(count)d day", "%(count)d days", count)
    elif value.unit is Unit.HOUR:
        text = ngettext("%(count)d hour", "%(count)d hours", count)
    else:
        text = ngettext("%(count)d minute", "%(count)d minutes", count)
    return text % {"count": count}


def holiday(name: str) -> str:
    """Return the name of an official holiday, also of two that fall together; an unknown name stays as written."""
    parts = [str(_HOLIDAYS.get(part, part)) for part in name.split("、") if part] or [_("holiday")]
    both = _("%(one)s and %(other)s")
    return functools.reduce(lambda one, other: both % {"one": one, "other": other}, parts)


def day(date: dt.date, *, beside: dt.date) -> str:
    """Return a date, with its year only where it differs from that of `beside`."""
    return date_format(date, "MONTH_DAY_FORMAT" if date.year == beside.year else "DATE_FORMAT")


def moment(instant: dt.datetime, *, zone: dt.tzinfo, beside: dt.date) -> str:
    """Return date and time of day of `instant` on the wall clock of `zone`."""
    local = instant.astimezone(zone)
    return f"{day(local.date(), beside=beside)} {local:%H:%M}"


def period(rest: RestPeriod, *, beside: dt.date) -> str:
    """Return the days of a holiday: `1 to 7 October`, in the reader's manner."""
    if rest.first == rest.last:
        return day(rest.first, beside=beside)
    values = {"first": day(rest.first, beside=beside), "last": day(rest.last, beside=beside)}
    return _("%(first)s to %(last)s") % values


def steps(found: Explanation) -> list[str]:
    """Return the steps from receipt to deadline, each a short phrase, the deadline itself last."""
    beside, zone = found.due_on, found.office_hours.zone
    start = moment(found.start, zone=zone, beside=beside)
    if not found.receipt_day_counted:
        start = day(found.received_on, beside=beside)
    told = [_("%(duration)s from %(start)s") % {"duration": duration(found.duration), "start": start}]
    if not found.receipt_day_counted:
        told.append(_("the day of receipt is not counted"))
    if found.counted_from != found.received_on:
        told.append(
            _("received after office hours, so it counts for %(day)s") % {"day": day(found.counted_from, beside=beside)}
        )
    if found.before_rolling is not None:
        told.append(
            _("%(day)s is a rest day, so it moves on to the next working day")
            % {"day": day(found.before_rolling, beside=beside)}
        )
    off, make_up = _("%(days)s off for %(name)s"), _("%(day)s is a make-up working day")
    told += [off % {"days": period(rest, beside=beside), "name": holiday(rest.name)} for rest in found.holidays]
    told += [make_up % {"day": day(date, beside=beside)} for date in found.make_up_days]
    unsure = _("the official days of %(year)d are not announced yet, so this may still change")
    told += [unsure % {"year": year} for year in found.unannounced]
    told.append(_("due %(due)s") % {"due": moment(found.due_at, zone=zone, beside=beside)})
    return told


def sentence(found: Explanation) -> str:
    """Return the explanation of a deadline as one line."""
    return line(steps(found))


def line(phrases: list[str]) -> str:
    """Return the phrases of an explanation as one line, joined in the manner of the language."""
    joined = _("%(before)s, %(then)s")
    return functools.reduce(lambda before, then: joined % {"before": before, "then": then}, phrases)
