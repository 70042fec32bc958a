"""What the detectors look at: ratings, replies, times and callbacks of one region, as plain values."""

import datetime as dt
from typing import Any

import numpy as np

from bihuan.casework.cases.models import Case
from bihuan.foundation.workcalendar import selectors as calendars

from ..models import Callback, Device, Invitation
from ..rulebook import Formalism
from ..rules import detecting
from ..rules.detecting import Finding, Rating


def signs(*, region: str, rule: Formalism, now: dt.datetime) -> list[Finding]:
    """Return everything the detectors notice in the period of the rulebook. Call inside a service's transaction."""
    since = now - dt.timedelta(days=rule.days)
    rated = _ratings(region, since)
    burst = rule.burst
    together, minutes = dt.timedelta(minutes=burst.minutes), dt.timedelta(minutes=burst.minutes_one_device)
    found = detecting.own_device(rated)
    found += detecting.bursts(rated, least=burst.firms, within=together, same_device=False)
    found += detecting.bursts(rated, least=burst.firms_one_device, within=minutes, same_device=True)
    words = rule.template
    found += detecting.templates(
        _replies(region, since), least=words.replies, likeness=words.likeness, shortest=words.shortest
    )
    odds: dict[str, Any] = {"least": rule.least, "chance": rule.chance}
    found += detecting.last_minute(_shares(region, since), from_=rule.last_from, **odds)
    found += detecting.reopened_after_praise(_praised(region, since), **odds)
    found += detecting.disagreement(_words(region, since, rated), gap=rule.gap, **odds)
    # A burst may be one in both ways; it is asked about once.
    return list({(one.kind, one.key): one for one in found}.values())


def _ratings(region: str, since: dt.datetime) -> list[Rating]:
    rows = (
        Invitation.objects.filter(region=region, used_at__gte=since, case__lead_department__isnull=False)
        .exclude(case__rating_result=None)
        .values_list("case_id", "case__lead_department_id", "used_at", "case__rating_result", "case__enterprise_id")
    )
    seen = Device.objects.filter(region=region, seen_at__gte=since)
    devices = {case: (digest, beside) for case, digest, beside in seen.values_list("case_id", "digest", "beside_staff")}
    ratings = {}
    for case, unit, at, result, firm in rows:
        assert at is not None
        assert result is not None
        digest, beside = devices.get(case, ("", False))
        ratings[case] = Rating(
            case=str(case),
            unit=str(unit),
            at=at,
            result=result,
            firm=str(firm or case),
            device=digest,
            beside_staff=beside,
        )
    return list(ratings.values())


def _replied(region: str, since: dt.datetime) -> Any:
    return Case.objects.filter(region=region, replied_at__gte=since, lead_department__isnull=False)


def _replies(region: str, since: dt.datetime) -> list[tuple[str, str, str]]:
    rows = _replied(region, since).order_by("replied_at").values_list("number", "lead_department_id", "reply_text")
    return [(number, str(unit), text) for number, unit, text in rows]


def _shares(region: str, since: dt.datetime) -> list[tuple[str, float]]:
    """Return how much of the working time each first answer used; matters with a limit in natural time are left out."""
    rows = list(
        _replied(region, since)
        .filter(reworks=0, reopenings=0, counts_from__isnull=False)
        .exclude(allotment="natural")
        .values_list("lead_department_id", "counts_from", "replied_at", "due_at")
    )
    if not rows:
        return []
    columns = [np.array([_utc(row[place]) for row in rows], dtype="datetime64[us]") for place in (1, 2, 3)]
    calendar = calendars.calendar_for(region)
    used = calendar.elapsed_many(columns[0], columns[1]).astype("float64")
    whole = calendar.elapsed_many(columns[0], columns[2]).astype("float64")
    return [(str(row[0]), float(part / all_)) for row, part, all_ in zip(rows, used, whole, strict=True) if all_ > 0]


def _utc(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(dt.UTC).replace(tzinfo=None)


def _praised(region: str, since: dt.datetime) -> list[tuple[str, bool]]:
    rows = Case.objects.filter(region=region, replied_at__gte=since, rating_result__gte=detecting.GOOD)
    told = rows.exclude(lead_department=None).values_list("lead_department_id", "reopenings", "false_closure")
    return [(str(unit), bool(again or false)) for unit, again, false in told]


def _words(region: str, since: dt.datetime, rated: list[Rating]) -> list[tuple[str, bool, bool]]:
    """Return who was content (not a bad mark; really done), by rating and by telephone."""
    calls = Callback.objects.filter(region=region, state="done", ended_at__gte=since).exclude(department=None)
    said = calls.values_list("department_id", "solved", "level")
    by_telephone = [(str(unit), True, level > 2 if level is not None else bool(solved)) for unit, solved, level in said]
    return [(one.unit, False, one.result > 2) for one in rated] + by_telephone
