"""Counts over ratings, bad marks and callbacks, in which nobody who rated can be recognised."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from bihuan.casework.cases.models import Case
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.directory import selectors as directory
from bihuan.foundation.kernel import answers, database
from bihuan.foundation.rulebooks import selectors as rulebooks
from bihuan.foundation.workcalendar import selectors as workcalendar

from .. import permissions
from ..models import Callback, Invitation, Mark
from ..rulebook import Evaluation
from ..rules import marks as rules


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How often what happened in one region and period; for everybody, after small counts are hidden."""

    invited: int
    rated: int
    bad: int
    in_time: int
    appealed: int
    set_aside: int
    called: int
    solved: int
    false_closings: int
    overturned: int


@dataclass(frozen=True, kw_only=True)
class Mean:
    """Ratings of one department and month of closing; None where too few enterprises rated."""

    department: str
    name: str
    month: str
    rated: int | None
    process: float | None
    result: float | None


def counted(*, region: str, since: dt.datetime, until: dt.datetime) -> Counted:
    """Return the counts of a region; the caller reads for everybody and hides what is too small."""
    with database.reading(database.SERVICE):
        asked = Invitation.objects.filter(region=region, sent_at__gte=since, sent_at__lt=until)
        ratings = asked.aggregate(invited=Count("id"), rated=Count("id", filter=Q(used_at__lt=until)))
        opened = Mark.objects.filter(region=region, opened_at__gte=since, opened_at__lt=until)
        corrected = Q(corrected_at__isnull=False, late_since=None)
        bad = opened.aggregate(
            bad=Count("id"),
            in_time=Count("id", filter=corrected),
            appealed=Count("id", filter=~Q(appeal="")),
            set_aside=Count("id", filter=Q(state="set_aside")),
        )
        ended = Callback.objects.filter(region=region, state="done", ended_at__gte=since, ended_at__lt=until)
        calls = ended.aggregate(
            called=Count("id"),
            solved=Count("id", filter=Q(solved=True)),
            false_closings=Count("id", filter=Q(false_closing=True)),
            overturned=Count("id", filter=Q(overturned=True)),
        )
    return Counted(**ratings, **bad, **calls)


def means(*, actor: Actor, now: dt.datetime) -> list[Mean]:
    """Return the mean levels of departments by month of closing, for those who hear and for the rated unit itself.

    Nobody gets a mean of fewer than `least` enterprises. The unit gets a month only when the one after it is over, so
    that no single rating moves a figure while it watches.
    """
    reader = actor.reader
    if reader is None:
        return []
    hears = reader.regions_for(permissions.HEARERS)
    own = {one: grant.region for grant in reader.grants if grant.role in permissions.UNITS for one in grant.departments}
    today = answers.local_date(now)
    rated = Case.objects.filter(rating_result__isnull=False, closed_at__gt=now - dt.timedelta(days=366))
    rated = rated.filter(Q(region__in=hears) | Q(lead_department_id__in=[uuid.UUID(one) for one in own]))
    columns = ("region", "lead_department_id", "closed_at", "enterprise_id", "id", "rating_process", "rating_result")
    groups: dict[tuple[str, uuid.UUID, str], list[Any]] = defaultdict(list)
    with database.reading(database.SERVICE):
        for row in rated.exclude(lead_department=None).values_list(*columns):
            closed = answers.local_date(row[2])
            unit = str(row[1])
            settled = (today.year * 12 + today.month) - (closed.year * 12 + closed.month) >= 2
            if settled if unit in own else row[0] in hears:
                groups[row[0], row[1], f"{closed:%Y-%m}"].append(row)
        names = directory.names_of_departments({key[1] for key in groups})
    return [
        _mean(rows, names, key, rulebooks.in_force(key[0], now).section(Evaluation).least)
        for key, rows in sorted(groups.items(), key=lambda pair: (pair[0][2], str(pair[0][1])), reverse=True)
    ]


def _mean(rows: list[Any], names: dict[str, str], key: tuple[str, uuid.UUID, str], least: int) -> Mean:
    firms = {row[3] or row[4] for row in rows}
    enough = len(firms) >= least
    return Mean(
        department=str(key[1]),
        name=names.get(str(key[1]), ""),
        month=key[2],
        rated=len(rows) if enough else None,
        process=rules.mean([row[5] for row in rows], least=1) if enough else None,
        result=rules.mean([row[6] for row in rows], least=1) if enough else None,
    )


def silence_rows(*, actor: Actor, now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Yield the ratings of the last year for the export: the levels given, and beside them what the place's own rule
    makes of silence, marked as such. Only for those who hear; times are coarsened as the rulebook says.
    """
    reader = actor.reader
    regions = reader.regions_for(permissions.HEARERS) if reader else ()
    own = [uuid.UUID(one) for grant in (reader.grants if reader else ()) for one in grant.departments]
    asked = Invitation.objects.filter(region__in=regions, sent_at__gt=now - dt.timedelta(days=366))
    asked = asked.exclude(case__lead_department_id__in=own) if own else asked
    columns = ("region", "sent_at", "used_at", "case__lead_department__name", "case__rating_result")
    with database.reading(actor.scope()):
        rows = list(asked.order_by("-id").values_list(*columns))
    for region, sent_at, used_at, lead, result in rows:
        rule = rulebooks.in_force(region, now).section(Evaluation)
        level = result if used_at else None
        local = rule.silence.counts_as
        over = workcalendar.calendar_for(region).add(sent_at, rule.silence.after).at
        silent = level is None and now > over
        yield {
            "department": lead or "",
            "asked": rules.coarse(answers.local_date(sent_at), to=rule.shown_by),
            "level": level,
            "said": "rated" if level is not None else "no_response",
            "level_by_local_rule": local if silent and local else level,
            "by_local_rule": bool(silent and local),
        }
